import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv } from '../../src/data/csv.ts';
import type { CsvOptions } from '../../src/data/csv-splitter.ts';
import { MAX_ROW_LENGTH, textsOf } from '../../src/data/row.ts';
import { lineBreaks } from '../../src/data/utf8.ts';
import { collect, failure, rowsOf, sourceOf } from './text-source.ts';

/** Every row as `line: [cells]`. */
async function read(content: string | Uint8Array, chunk = 2 ** 16, options: CsvOptions = {}) {
  const rows = await rowsOf(readCsv(sourceOf(content, { chunk }), options));
  return rows.map(({ line, cells }) => `${line}: ${JSON.stringify(cells)}`);
}

const nasty =
  '\uFEFFname,"quoted ""name""",é€😀\r\n' +
  '"a\nb","c\r\nd","e\rf"\n' +
  '\r\n' +
  ',"",\r' +
  '"😀,"," x ",y""z\n' +
  '\n   \n' +
  'last,row,"no newline"';

const nastyRows = [
  '1: ["name","quoted \\"name\\"","é€😀"]',
  '2: ["a\\nb","c\\r\\nd","e\\rf"]',
  '7: ["","",""]',
  '8: ["😀,"," x ","y\\"\\"z"]',
  '11: ["last","row","no newline"]',
];

test('quotes, line breaks of all kinds, blank lines and a byte-order mark are read as meant', async () => {
  expect(await read(nasty)).toEqual(nastyRows);
});

test('chunks of any size give the same rows', async () => {
  for (let size = 1; size <= Buffer.byteLength(nasty); size++) {
    expect(await read(nasty, size)).toEqual(nastyRows);
  }
});

test('a cut at any byte gives the same rows', async () => {
  const bytes = Buffer.from(nasty);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const chunks = (async function* () {
      yield bytes.subarray(0, cut);
      yield bytes.subarray(cut);
    })();
    const rows = await rowsOf(readCsv({ name: 'x', chunks }));
    expect(rows.map(({ line, cells }) => `${line}: ${JSON.stringify(cells)}`)).toEqual(nastyRows);
  }
});

const cell = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc
    .array(fc.constantFrom('"', ',', ';', '\t', '\n', '\r', '\r\n', ' ', 'a', 'é', '😀', '1'), {
      maxLength: 6,
    })
    .map((parts) => parts.join('')),
);

const table = fc
  .record({
    columns: fc.integer({ min: 1, max: 5 }),
    delimiter: fc.constantFrom(',', ';', '\t', '|', '😀', 'é', ' '),
    newline: fc.constantFrom('\n', '\r\n', '\r'),
    finalNewline: fc.boolean(),
    quoteAll: fc.boolean(),
    mark: fc.boolean(),
    chunk: fc.integer({ min: 1, max: 70 }),
  })
  .chain((shape) =>
    fc
      .array(fc.array(cell, { minLength: shape.columns, maxLength: shape.columns }), {
        minLength: 1,
        maxLength: 8,
      })
      // A row of one blank cell cannot be told from a blank line.
      .map((rows) => (shape.columns > 1 ? rows : rows.map(([only]) => [`x${only}`])))
      .map((rows) => ({ ...shape, rows })),
  );

test('random tables read back exactly, whatever their delimiter, line ends and chunks', async () => {
  await fc.assert(
    fc.asyncProperty(table, async (t) => {
      const needsQuotes = (text: string) =>
        t.quoteAll || /["\r\n\uFEFF]/.test(text) || text.includes(t.delimiter);
      const write = (text: string) =>
        needsQuotes(text) ? `"${text.replaceAll('"', '""')}"` : text;
      const lines = t.rows.map((row) => row.map(write).join(t.delimiter));
      const text =
        (t.mark ? '\uFEFF' : '') + lines.join(t.newline) + (t.finalNewline ? t.newline : '');
      // What looks like JSON is refused as such.
      fc.pre(!/^\uFEFF?\s*[[{]/.test(text));
      const source = sourceOf(text, { chunk: t.chunk });
      const rows = await rowsOf(readCsv(source, { delimiter: t.delimiter }));
      expect(rows.map(({ cells }) => cells)).toEqual(t.rows);
      let line = 1;
      for (const [i, row] of t.rows.entries()) {
        expect(rows[i].line).toBe(line);
        line += 1 + (row.join('x').match(/\r\n|\r|\n/g)?.length ?? 0);
      }
    }),
    { numRuns: 1500 },
  );
});

test('random bytes give rows or a message, never anything else', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'x', 'é'), maxLength: 60 }),
  );
  await fc.assert(
    fc.asyncProperty(bytes, fc.integer({ min: 1, max: 10 }), async (content, chunk) => {
      const whole = await failure(() => read(content));
      const inChunks = await failure(() => read(content, chunk));
      expect(inChunks).toBe(whole);
    }),
    { numRuns: 1500 },
  );
});

describe('the delimiter', () => {
  const tables: Record<string, string> = {
    comma: 'a,b;c,d\n1,2,3\n',
    semicolon: 'a;b,x;c\n1;2,5;3\n',
    tab: 'a\tb c\td\n1\t2\t3\n',
    bar: 'a|b|c\n1|2|3\n',
    'semicolon, with commas only inside quotes': '"a,b,c,d";b;c\n1;2;3\n',
    'comma, after blank lines': '\n \n\t\na,b,c\n1,2,3\n',
  };
  for (const [name, text] of Object.entries(tables)) {
    test(`is found in the first line: ${name}`, async () => {
      const rows = await rowsOf(readCsv(sourceOf(text)));
      expect(rows.map(({ cells }) => cells.length)).toEqual([3, 3]);
    });
  }

  test('is a tab in a file named .tsv', async () => {
    const rows = await rowsOf(readCsv(sourceOf('a,b,c\n1,2,3\n', { name: 'x.tsv' })));
    expect(rows.map(({ cells }) => cells)).toEqual([['a,b,c'], ['1,2,3']]);
  });

  test('is a comma where there is one column', async () => {
    expect(await read('a\n1\n2\n')).toEqual(['1: ["a"]', '2: ["1"]', '3: ["2"]']);
  });
});

describe('a mistake is named with file and line', () => {
  const remedyForQuotes =
    '  a quote that belongs to the text of a quoted cell is written twice ("")\n';
  const remedyForCells =
    '  every row needs a cell for each column; a cell that holds "," must stand in double quotes\n';
  const mistakes: Record<string, [text: string, message: string]> = {
    'too few cells': [
      'a,b\n\n1,2\n3\n',
      `data.csv:4: expected 2 cells as in line 1; found 1\n${remedyForCells}`,
    ],
    'too many cells': [
      'a\n1,2\n',
      `data.csv:2: expected 1 cell as in line 1; found 2\n${remedyForCells}`,
    ],
    'a cell too many after a quoted line break': [
      'a,b\n"x\ny",2\n3,4,5\n',
      `data.csv:4: expected 2 cells as in line 1; found 3\n${remedyForCells}`,
    ],
    'a quote that never closes': [
      'a,b\n1,"2\n3,4\n5,6\n',
      `data.csv:2 column "b": expected a closing quote; found the end of the file\n${remedyForQuotes}`,
    ],
    'a quote that never closes, without a header': [
      '1,2\n"3\n,4\n',
      `data.csv:2 column 1: expected a closing quote; found the end of the file\n${remedyForQuotes}`,
    ],
    'text after a closing quote': [
      'a,b\n"1"x,2\n3,4\n',
      `data.csv:2 column "a": expected "," or the end of the line after the closing quote; found "x"\n${remedyForQuotes}`,
    ],
    'a quote that closes at the next one': [
      'a,b\n"1,2\n3,"4"\n',
      `data.csv:2 column "a": expected "," or the end of the line after the closing quote; found "4" in line 3\n${remedyForQuotes}`,
    ],
    'an empty file': ['', 'data.csv: expected rows of cells; found an empty file\n'],
    'only a byte-order mark': ['\uFEFF', 'data.csv: expected rows of cells; found an empty file\n'],
    'only blank lines': ['\n \r\n\n', 'data.csv: expected rows of cells; found only blank lines\n'],
  };
  for (const [name, [text, message]] of Object.entries(mistakes)) {
    test(name, async () => {
      expect(await failure(() => read(text))).toBe(`3\nmlp: ${message}`);
      expect(await failure(() => read(text, 1))).toBe(`3\nmlp: ${message}`);
    });
  }

  const remedy = '  if it is in another encoding, name it: --encoding windows-1252\n';
  const encodings: Record<string, [bytes: Buffer, message: string]> = {
    'Latin-1': [
      Buffer.from('a,b\n1,2\n"x\ny",\xe9\n', 'latin1'),
      `data.csv:4: expected UTF-8 text; found the byte E9\n${remedy}`,
    ],
    'a character cut off by the end': [
      Buffer.from('a,b\n1,é').subarray(0, -1),
      `data.csv:2: expected UTF-8 text; found the byte C3\n${remedy}`,
    ],
    'UTF-16 without a mark': [
      Buffer.from('a,b\n1,2\n', 'utf16le'),
      'data.csv: expected a CSV table; found UTF-16 without a byte-order mark\n  say what it is: --encoding utf-16le\n',
    ],
    'UTF-16 cut in the middle of a character': [
      Buffer.from('\uFEFFa,b\n1,2', 'utf16le').subarray(0, -1),
      'data.csv:2: expected UTF-16le text; found bytes that are no UTF-16le\n  if it is in another encoding, name it: --encoding windows-1252\n',
    ],
    'UTF-32': [
      Buffer.from('\uFEFF\0a\0,\0b\0\n\0', 'utf16le'),
      'data.csv: expected a CSV table; found UTF-32\n  convert it first: iconv -f UTF-32 -t UTF-8 FILE > NEW_FILE\n',
    ],
  };
  for (const [name, [bytes, message]] of Object.entries(encodings)) {
    test(`text that is not UTF-8: ${name}`, async () => {
      expect(await failure(() => read(bytes))).toBe(`3\nmlp: ${message}`);
      expect(await failure(() => read(bytes, 1))).toBe(`3\nmlp: ${message}`);
    });
  }
});

test('the rows before a mistake come first', async () => {
  const seen: string[] = [];
  const message = await failure(async () => {
    for await (const batch of readCsv(sourceOf('a,b\n1,2\n3\n4,5\n'))) {
      seen.push(...textsOf(batch).map(({ cells }) => cells.join(' ')));
    }
  });
  expect(seen).toEqual(['a b', '1 2']);
  expect(message.split('\n')[1]).toBe('mlp: data.csv:3: expected 2 cells as in line 1; found 1');
});

test('rows come as soon as their lines end, before the source does', async () => {
  let given = 0;
  const chunks = (async function* () {
    for (const text of ['a,b\n1', ',2\n3,4\n5', ',6\n']) {
      given++;
      yield Buffer.from(text);
    }
  })();
  const seen: string[] = [];
  for await (const batch of readCsv({ name: 'x', chunks })) {
    seen.push(
      `${given}: ${textsOf(batch)
        .map(({ cells }) => cells.join(' '))
        .join('; ')}`,
    );
  }
  expect(seen).toEqual(['1: a b', '2: 1 2; 3 4', '3: 5 6']);
});

test('a reader that stops early closes the source', async () => {
  let closed = false;
  const chunks = (async function* () {
    try {
      for (;;) yield Buffer.from('1,2\n');
    } finally {
      closed = true;
    }
  })();
  for await (const _ of readCsv({ name: 'x', chunks })) break;
  expect(closed).toBe(true);
});

describe('a row without an end is cut off', () => {
  const chunk = Buffer.from(`${'x'.repeat(99)}\n`.repeat(2500));
  const endless = async function* (start: string, part: Uint8Array) {
    yield Buffer.from(start);
    for (let given = 0; given < 4 * MAX_ROW_LENGTH; given += part.length) yield part;
  };

  test('after a quote that is never closed', async () => {
    const source = { name: 'data.csv', chunks: endless('a,b\n1,2\n3,"4', chunk) };
    const start = performance.now();
    expect(await failure(() => collect(readCsv(source)))).toBe(
      '3\nmlp: data.csv:3 column "b": expected a closing quote within 16777216 characters; found none\n' +
        '  close the quote, or take it out\n',
    );
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test('in a file without line ends', async () => {
    const source = { name: 'data.csv', chunks: endless('a,b\n1', Buffer.alloc(250_000, 'x')) };
    expect(await failure(() => collect(readCsv(source)))).toBe(
      '3\nmlp: data.csv:2: expected the end of the row within 16777216 characters; found none\n' +
        '  check that this is a CSV file\n',
    );
  });
});

describe('comments', () => {
  const read = async (text: string, comment: string | undefined, chunk = 2 ** 16) => {
    const batches = readCsv(sourceOf(text, { chunk }), { comment });
    return (await rowsOf(batches)).map(({ cells, line }) => [line, ...cells]);
  };
  const text =
    '# made, by "x\r\n\n#;;;\na,b\n# "\n1,"2\n# no comment"\r\n#\r\n 3,#4\r#5\r"#6",7\n# the end';

  test('are left out, wherever the chunks are cut, and other lines keep their numbers', async () => {
    const rows = [
      [4, 'a', 'b'],
      [6, '1', '2\n# no comment'],
      [9, ' 3', '#4'],
      [11, '#6', '7'],
    ];
    for (const chunk of [1, 2, 3, 5, 7, 2 ** 16]) {
      expect(await read(text, '#', chunk)).toEqual(rows);
    }
  });

  test('may begin with any text', async () => {
    expect(await read('-- x\na,b\n--\n-1,2\n', '--')).toEqual([
      [2, 'a', 'b'],
      [4, '-1', '2'],
    ]);
  });

  test('alone are no table', async () => {
    expect(await failure(() => read('# a\n\n# b', '#'))).toBe(
      '3\nmlp: data.csv: expected rows of cells; found only comments and blank lines\n',
    );
  });

  test('that nobody spoke of are the remedy of the first mistake, however slowly they come', async () => {
    const message =
      '3\nmlp: data.csv:3: expected 1 cell as in line 1; found 2\n  lines that begin with # are left out with --comment "#"\n';
    for (const chunk of [1, 2 ** 16]) {
      const rows: unknown[] = [];
      const reading = async () => {
        const source = sourceOf('# a\n# b\nx,y\n1,2\n', { chunk });
        for await (const batch of readCsv(source)) rows.push(...textsOf(batch));
      };
      expect(await failure(reading)).toBe(message);
      expect(rows).toEqual([]);
    }
    expect(await read('#id,x\n1,2\n', undefined, 1)).toEqual([
      [1, '#id', 'x'],
      [2, '1', '2'],
    ]);
  });
});

describe("Excel's line about the delimiter", () => {
  test.each(['sep=;\r\n', 'SEP=;\n', '"sep=;"\r', 'sep=;\r\r\n'])('%j is no row', async (line) => {
    for (const chunk of [1, 2, 2 ** 16]) {
      const notes: string[] = [];
      const note = (text: string) => notes.push(text);
      const source = sourceOf(`${line}a,b;c\n1,5;2\n`, { chunk });
      const rows = await rowsOf(readCsv(source, { note }));
      const first = 1 + lineBreaks(line);
      expect(rows).toEqual([
        { cells: ['a,b', 'c'], line: first },
        { cells: ['1,5', '2'], line: first + 1 },
      ]);
      expect(notes).toEqual([
        `note: data.csv:1: ${JSON.stringify(line.trim()).replaceAll('\\r', '')} is taken for the line in which Excel names the delimiter`,
      ]);
    }
  });

  test('gives way to the option', async () => {
    const source = sourceOf('sep=;\na|b\n1|2\n');
    const rows = await rowsOf(readCsv(source, { delimiter: '|' }));
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });
});

test.each([
  ['x y\n1 2\n3 4\n', '2: expected one of , ; | or a tab between the cells; found blanks'],
  ['a\tb\tc d\n1.0   2   3\tx\n', '2: expected 3 cells as in line 1; found 2'],
])('cells with blanks between them are told what to say: %j', async (text, problem) => {
  for (const chunk of [1, 2 ** 16]) {
    expect(await failure(() => collect(readCsv(sourceOf(text, { chunk }))))).toBe(
      `3\nmlp: data.csv:${problem}\n  cells with blanks between them are read with --delimiter space\n`,
    );
  }
});

test('one column of words, or of words and a number, is a table', async () => {
  for (const text of ['a title\nOf Mice\nMen 1\n', 'n o\n1\n2\n']) {
    expect(await rowsOf(readCsv(sourceOf(text, { chunk: 1 })))).toHaveLength(3);
  }
});

test.each([
  ['5,1;3,5;a\n', ['5,1', '3,5', 'a']],
  ['5,1\t-3,5\n', ['5,1', '-3,5']],
  ['"5,1";2\n', ['5,1', '2']],
  ['1,2;3,4,5\n', ['1', '2;3', '4', '5']],
  ['1,a;b\n', ['1', 'a;b']],
  ['1,2|3\n', ['1', '2|3']],
  ['5,1\n', ['5', '1']],
])('commas within numbers are no delimiter where another is there: %j', async (text, cells) => {
  for (const chunk of [1, 2 ** 16]) {
    const [row] = await rowsOf(readCsv(sourceOf(text, { chunk })));
    expect(row.cells).toEqual(cells);
  }
});
