import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { readCsv } from '../../src/data/csv.ts';
import { parseNumber } from '../../src/data/number.ts';
import type { RowBatch } from '../../src/data/row.ts';
import { failure } from './text-source.ts';

/** A source in chunks that end at these places. */
function sourceCutAt(bytes: Uint8Array, cuts: readonly number[]) {
  const ends = [...cuts, bytes.length].sort((a, b) => a - b);
  const chunks = (async function* () {
    let from = 0;
    for (const end of ends) {
      // A copy, as memory that is used again would be noticed.
      yield Uint8Array.from(bytes.subarray(from, end));
      from = end;
    }
  })();
  return { name: 'data.csv', chunks };
}

interface Read {
  /** Lines, texts and numbers of all rows, and the failure at the end. */
  readonly all: readonly string[];
  /** How many of the rows came as bytes. */
  readonly plain: number;
}

async function readAll(
  content: string | Uint8Array,
  cuts: readonly number[],
  options: { asTexts?: boolean; delimiter?: string },
): Promise<Read> {
  const all: string[] = [];
  let plain = 0;
  const message = await failure(async () => {
    for await (const batch of readCsv(sourceCutAt(Buffer.from(content), cuts), options)) {
      all.push(...show(batch));
      if ('toRows' in batch) plain += batch.rows;
    }
  });
  return { all: [...all, message], plain };
}

function show(batch: RowBatch): string[] {
  const describe = (line: number, cells: readonly string[], numbers: readonly number[]) =>
    `${line}: ${JSON.stringify(cells)} ${numbers.map((value) => (Object.is(value, -0) ? '-0' : value))}`;
  if ('toRows' in batch) {
    return batch.toRows().map(({ cells, line }, row) =>
      describe(
        line,
        cells,
        cells.map((_, column) => batch.number(row, column)),
      ),
    );
  }
  return batch.map(({ cells, line }) =>
    describe(
      line,
      cells,
      cells.map((cell) => parseNumber(cell) ?? Number.NaN),
    ),
  );
}

/** Reads both ways, in these chunks; returns how many rows came as bytes. */
async function expectSame(
  content: string | Uint8Array,
  cuts: readonly number[],
  delimiter?: string,
): Promise<number> {
  const texts = await readAll(content, cuts, { delimiter, asTexts: true });
  const bytes = await readAll(content, cuts, { delimiter });
  expect(bytes.all).toEqual(texts.all);
  return bytes.plain;
}

const START = 'a,b\n1,2\n';

describe('what goes on plainly is read as bytes, with the same cells, numbers, lines and mistakes', () => {
  const cases: Record<string, readonly [text: string, plain: number]> = {
    'short numbers': ['3,-4.5\n.5,7.\n-0,00.10\n', 3],
    'long numbers': ['0.4967141530112327,1e-5\n-1234567890123456789,12345678901234567890\n', 2],
    'other cells': ['x,\n,\n-,.\n1.2.3,--1\n 5 ,+6\n1e99,0x10\nNaN,Infinity\n', 7],
    'blank lines': ['\n3,4\n   \n\n\t\n\u00a0\n5,6\n', 2],
    CRLF: ['3,4\r\n\r\nx,5\r\n6,y\r\n', 3],
    'characters of several bytes': ['ü,€😀\n\uFEFF,é\n\u0000,\u2028\n', 3],
    'no line end at the end': ['3,4\n5,6', 1],
    'a quote': ['3,"4"\n5,6\n', 0],
    'a quote within a cell': ['3,4"\n5,6\n', 0],
    'a CR alone': ['3,4\r5,6\n', 0],
    'too few cells': ['3,4\n5\n6,7\n', 0],
    'too many cells': ['3,4\n5,6,7\n', 0],
    'a quote that is not closed': ['3,"4\n5,6\n', 0],
  };
  for (const [name, [text, plain]] of Object.entries(cases)) {
    test(name, async () => {
      expect(await expectSame(START + text, [START.length])).toBe(plain);
      expect(await expectSame(START.replaceAll('\n', '\r\n') + text, [START.length + 2])).toBe(
        plain,
      );
    });
  }

  test('one column', async () => {
    expect(await expectSame('a\n1\n2\n\n x\n \n\u00a0\n\u00a0y\n-3\n', [4])).toBe(4);
  });

  test('no UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from(`${START}3,4\n5,`), Buffer.from([0xff, 0x0a])]);
    expect(await expectSame(bytes, [START.length])).toBe(0);
    expect(await expectSame(bytes, [START.length, START.length + 4])).toBe(1);
  });

  test('a cell of many bytes', async () => {
    const text = `${START}3,${'4'.repeat(200_000)}\n5,6\n`;
    expect(await expectSame(text, [START.length, 1000, 100_000, text.length - 4])).toBe(1);
  });
});

test('after what is not plain, bytes are read again', async () => {
  const text = `${START}3,4\n5,"6"\n7,8\n9,10\n`;
  const at = (part: string) => text.indexOf(part);
  expect(await expectSame(text, [START.length, at('5'), at('7')])).toBe(3);
});

test('a delimiter that stands in numbers, or is no byte, is left to the general reader', async () => {
  for (const delimiter of ['1', '-', '.', 'e', '😀', 'é']) {
    const text = `a${delimiter}b\nc${delimiter}d\n3${delimiter}4\n`;
    expect(await expectSame(text, [8], delimiter)).toBe(0);
  }
  for (const delimiter of [';', '\t', '|', ' ', ':', 'x']) {
    expect(
      await expectSame(`a${delimiter}b\nc${delimiter}d\n3${delimiter}4\n`, [8], delimiter),
    ).toBe(1);
  }
});

test('a cut at any byte, or two, changes nothing', async () => {
  const text =
    'name,é€😀\r\n1,2\n3.5,-0\r\n\n  \n\u00a0\nü,1e5\n0.4967141530112327,\n5,"a\n""b"\n7,8\n9,"\r\n"\r10,11\n12,13';
  const bytes = Buffer.from(text);
  let plain = 0;
  for (let first = 0; first <= bytes.length; first++) {
    for (let second = first; second <= bytes.length; second += 7) {
      plain += await expectSame(bytes, [first, second]);
    }
  }
  expect(plain).toBeGreaterThan(100);
});

test('a kernel whose memory does not grow leaves the rest to the loop, with what had begun', async () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => `${i},${i / 8}\n`).join('');
  const text = `${START}${rows}`;
  const cuts = [START.length, 5003, 100_001];
  const { grow } = WebAssembly.Memory.prototype;
  const grown: number[] = [];
  const limited = vi.spyOn(WebAssembly.Memory.prototype, 'grow');
  limited.mockImplementation(function (this: WebAssembly.Memory, pages) {
    if (this.buffer.byteLength + 65536 * pages > 2 ** 20) throw new RangeError('no more');
    grown.push(pages);
    return grow.call(this, pages);
  });
  expect(await expectSame(text, cuts)).toBe(30_000);
  limited.mockRestore();
  // It had begun with the kernel.
  expect(grown.length).toBeGreaterThan(0);
});

test('random tables, well-formed or not, in random chunks', async () => {
  const number = fc.oneof(
    fc.double({ noNaN: true }).map(String),
    fc.integer().map(String),
    fc.stringMatching(/^-?\d{0,17}\.?\d{0,4}$/),
  );
  const plainCell = fc.oneof(
    number,
    fc.constantFrom('', 'NA', ' ', 'x', 'é', '😀', ' 1 ', '\uFEFF'),
  );
  const row = (width: number) =>
    fc.array(plainCell, { minLength: width, maxLength: width }).map((cells) => cells.join(','));
  const oddity = fc.constantFrom(
    '"',
    '"",',
    '"1,2",3',
    '\r',
    '1',
    '1,2,3,4,5',
    'a"b,c',
    '',
    '  ',
    '\u00a0',
    '\xff',
  );
  const table = fc.integer({ min: 1, max: 3 }).chain((width) =>
    fc.record({
      lines: fc.array(
        fc.oneof({ weight: 9, arbitrary: row(width) }, { weight: 1, arbitrary: oddity }),
        {
          minLength: 1,
          maxLength: 14,
        },
      ),
      newline: fc.constantFrom('\n', '\n', '\r\n', '\r'),
      end: fc.constantFrom('', '\n', '\r\n', '\r'),
      cuts: fc.array(fc.nat(120), { maxLength: 5 }),
      encoding: fc.constantFrom('utf8' as const, 'utf8' as const, 'latin1' as const),
    }),
  );
  let plain = 0;
  await fc.assert(
    fc.asyncProperty(table, async ({ lines, newline, end, cuts, encoding }) => {
      const bytes = Buffer.from(lines.join(newline) + end, encoding);
      plain += await expectSame(
        bytes,
        cuts.map((cut) => Math.min(cut, bytes.length)),
      );
    }),
    { numRuns: 4000 },
  );
  expect(plain).toBeGreaterThan(1000);
});

test('random bytes', async () => {
  const unit = fc.constantFrom(
    '"',
    ',',
    ',',
    '\n',
    '\n',
    '\r',
    '\r\n',
    ' ',
    'x',
    '1',
    '2',
    '.',
    '-',
    'é',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit, maxLength: 60 }),
      fc.array(fc.nat(60), { maxLength: 6 }),
      async (text, cuts) => {
        const bytes = Buffer.from(`a,b\n1,2\n${text}`);
        await expectSame(bytes, [8, ...cuts.map((cut) => Math.min(8 + cut, bytes.length))]);
      },
    ),
    { numRuns: 4000 },
  );
});
