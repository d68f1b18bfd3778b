import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJsonLines } from '../../src/data/json-lines.ts';
import type { NewKeys } from '../../src/data/json-rows.ts';
import { MAX_ROW_LENGTH, type TableRow } from '../../src/data/row.ts';
import { collect, failure, rowsOf, sourceOf } from './text-source.ts';

const show = ({ line, cells, isHeader }: TableRow) =>
  `${line}:${isHeader ? ' names' : ''} ${JSON.stringify(cells)}`;

/** Every row as `line: [cells]`. */
async function read(
  content: string | Uint8Array,
  newKeys: NewKeys = 'refuse',
  chunk = 2 ** 16,
): Promise<string[]> {
  const source = sourceOf(content, { chunk, name: 'x.jsonl' });
  return (await rowsOf(readJsonLines(source, { newKeys }))).map(show);
}

const nasty =
  '\uFEFF{"b": 1, "10": "é😀\\n", "2": null, "__proto__": {"a": [1, "}"]}, "a\\"\\\\": -0}\r\n' +
  '\n  \t\r\n' +
  ' {"10": "", "a\\"\\\\": true, "b": 1e-7, "__proto__": 1e21}\n' +
  '{"b": 0.1, "2": "NA", "10": 123456789012345680000}';

const nastyRows = [
  '1: names ["b","10","2","__proto__","a\\"\\\\"]',
  '1: ["1","é😀\\n","","{\\"a\\":[1,\\"}\\"]}","-0"]',
  '4: ["1e-7","","","1e+21","true"]',
  '5: ["0.1","123456789012345680000","NA","",""]',
];

test('the keys of the first object are the columns, and values are what CSV would hold', async () => {
  expect(await read(nasty)).toEqual(nastyRows);
});

test('a cut at any byte gives the same rows', async () => {
  const bytes = Buffer.from(nasty);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const chunks = (async function* () {
      yield bytes.subarray(0, cut);
      yield bytes.subarray(cut);
    })();
    const rows = await collect(readJsonLines({ name: 'x', chunks }, { newKeys: 'refuse' }));
    expect(rows.flat().map(show)).toEqual(nastyRows);
  }
  expect(await read(nasty, 'refuse', 1)).toEqual(nastyRows);
});

test('arrays are rows without names', async () => {
  expect(await read('[1.50, "a", null]\n[2, true, ""]\n')).toEqual([
    '1: ["1.5","a",""]',
    '2: ["2","true",""]',
  ]);
});

test('new keys are left alone where columns are found by name', async () => {
  const text = '{"a": 1}\n{"b": 3, "a": 2}\n';
  expect(await read(text, 'ignore')).toEqual(['1: names ["a"]', '1: ["1"]', '2: ["2"]']);
});

test('random objects read back, whatever their keys, values and chunks', async () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  );
  const table = fc
    .uniqueArray(fc.oneof(fc.string({ unit: 'binary' }), fc.nat().map(String)), {
      minLength: 1,
      maxLength: 6,
    })
    .chain((names) =>
      fc.record({
        names: fc.constant(names),
        rows: fc.array(fc.array(value, { minLength: names.length, maxLength: names.length }), {
          minLength: 1,
          maxLength: 6,
        }),
        chunk: fc.integer({ min: 1, max: 50 }),
        end: fc.constantFrom('\n', '\r\n', '\n\n'),
      }),
    );
  await fc.assert(
    fc.asyncProperty(table, async ({ names, rows, chunk, end }) => {
      const entry = (row: (typeof rows)[number]) => (name: string, i: number) => {
        const json = Object.is(row[i], -0) ? '-0' : JSON.stringify(row[i]);
        return `${JSON.stringify(name)}:${json}`;
      };
      const text = rows.map((row) => `{${names.map(entry(row)).join()}}`).join(end);
      const source = sourceOf(text, { chunk });
      const [first, ...read] = await rowsOf(readJsonLines(source, { newKeys: 'refuse' }));
      expect(first).toEqual({ line: 1, cells: names, isHeader: true });
      expect(read.length).toBe(rows.length);
      for (const [i, { cells }] of read.entries()) {
        const back = cells.map((cell, j) => {
          const was = rows[i][j];
          if (was === null) return cell === '' ? null : cell;
          return typeof was === 'number'
            ? Number(cell)
            : typeof was === 'boolean'
              ? cell === 'true'
              : cell;
        });
        expect(back).toEqual(rows[i]);
      }
    }),
    { numRuns: 500 },
  );
});

test('random text gives rows or a message, the same in all chunks', async () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\n', '1', 'a', ' ') }),
    fc.uint8Array({ maxLength: 40 }),
  );
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (content, chunk) => {
      const whole = await failure(() => read(content));
      expect(await failure(() => read(content, 'refuse', chunk))).toBe(whole);
    }),
    { numRuns: 1000 },
  );
});

const WHOLE =
  '  each line holds a whole value; JSON over several lines is read with --input-format json\n';

describe('a mistake is named with file and line', () => {
  const cases: Record<string, [text: string, message: string]> = {
    'an empty file': ['', ': expected an object or an array on each line; found an empty file\n'],
    'blank lines alone': [
      ' \n\n',
      ': expected an object or an array on each line; found only blank lines\n',
    ],
    'text that is no JSON': [
      '{"a": 1}\n\n{"a": NaN}\n',
      ':3:7: expected a value; found "NaN"\n  JSON has no NaN and no Infinity\n',
    ],
    'a line that is cut off': [
      '{"a": 1}\n{"a":\n{"a": 3}\n',
      `:2:6: expected a value; found the end of the line\n${WHOLE}`,
    ],
    'JSON over several lines': [
      '[\n  {"a": 1}\n]\n',
      `:1:2: expected a value or "]"; found the end of the line\n${WHOLE}`,
    ],
    'a key given twice': [
      '{"a": 1, "a": 2}\n',
      ':1:10: a: expected each key once; found it twice\n',
    ],
    'a key that is new': [
      '{"width": 1}\n{"width": 2, "z": 3}\n',
      ':2: expected the keys of line 1; found the key "z", which is not among them\n  the first object has all columns; null stands for a value that is missing\n',
    ],
    'a key that is mistyped': [
      '{"width": 1}\n{"wdith": 2}\n',
      ':2: expected the keys of line 1; found the key "wdith", which is not among them\n  did you mean "width"?\n',
    ],
    'a number alone': ['\n5\n', ':2: expected an object or an array; found 5\n'],
    'an array after objects': [
      '{"a": 1}\n[1]\n',
      ':2: expected an object as in line 1; found an array\n',
    ],
    'an object after arrays': [
      '[1]\n{"a": 1}\n',
      ':2: expected an array as in line 1; found an object\n',
    ],
    'an array of another length': [
      '[1, 2]\n[1]\n',
      ':2: expected 2 elements as in line 1; found 1\n',
    ],
    'an array within an array': [
      '[1, [2, 3]]\n',
      ':1: expected a number or text in [1]; found [2,3]\n  an array for each row, or objects whose keys are the columns\n',
    ],
    'an empty object': ['{}\n', ':1: expected at least one key; found an empty object\n'],
    'an empty array': ['[]\n', ':1: expected at least one element; found an empty array\n'],
  };
  for (const [name, [text, message]] of Object.entries(cases)) {
    test(name, async () => {
      expect(await failure(() => read(text))).toBe(`3\nmlp: x.jsonl${message}`);
    });
  }

  test('bytes that are not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"a": 1}\n{"a": "'), Buffer.from([0xe9, 0x22])]);
    expect(await failure(() => read(bytes))).toBe(
      '3\nmlp: x.jsonl:2: expected UTF-8 text; found the byte E9\n  if it is in another encoding, name it: --encoding windows-1252\n',
    );
  });

  test('a line without an end', async () => {
    let given = 0;
    const chunks = (async function* () {
      yield Buffer.from('{"a": 1}\n{"a": "');
      for (;;) {
        given += 2 ** 20;
        yield Buffer.alloc(2 ** 20, 'x');
      }
    })();
    const message = await failure(() =>
      collect(readJsonLines({ name: 'x.jsonl', chunks }, { newKeys: 'refuse' })),
    );
    expect(message).toBe(
      `3\nmlp: x.jsonl:2: expected the end of the line within ${MAX_ROW_LENGTH} characters; found none\n  check that these are JSON lines: one object or array on each line\n`,
    );
    expect(given).toBeLessThan(MAX_ROW_LENGTH + 2 ** 21);
  });
});

test('rows come before the mistake behind them, and as soon as their line ends', async () => {
  const lines = ['{"a": 1}\n{"a"', ': 2}\n', '{"a": 3}\n{"a" 4}\n'];
  let asked = 0;
  const chunks = (async function* () {
    for (const line of lines) {
      asked++;
      yield Buffer.from(line);
    }
  })();
  const rows: string[] = [];
  const message = await failure(async () => {
    for await (const batch of readJsonLines({ name: 'x', chunks }, { newKeys: 'refuse' })) {
      rows.push(...batch.map(show));
      expect(asked).toBe(rows.length - 1);
    }
  });
  expect(rows).toEqual(['1: names ["a"]', '1: ["1"]', '2: ["2"]', '3: ["3"]']);
  expect(message).toBe(
    '3\nmlp: x:4:6: expected ":" after the key; found "4"\n  JSON writes numbers like 0.5, -1 and 1e-7\n',
  );
});
