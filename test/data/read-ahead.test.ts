/** A thread that finds and encodes rows changes nothing but the time: all that is read is compared. */
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { BadRows } from '../../src/data/bad-rows.ts';
import type { Columns } from '../../src/data/columns.ts';
import { readCsv } from '../../src/data/csv.ts';
import type { InputOptions } from '../../src/data/predict-rows.ts';
import { type AheadOptions, ReadAhead } from '../../src/data/read-ahead.ts';
import { linesOf, type RowBatch } from '../../src/data/row.ts';
import { ExitCode, UserError } from '../../src/errors.ts';
import { failure } from './text-source.ts';

const contract: Columns = {
  header: true,
  features: [
    { name: 'a', position: 1, kind: 'number', shift: 0.5, scale: 3 },
    { name: 'b', position: 2, kind: 'number', missing: 'mean', fill: 7 },
    { name: 'c', position: 3, kind: 'category', categories: ['x', 'é'], unknown: 'other' },
  ],
  targets: [{ name: 'y', position: 4, kind: 'number' }],
};
const HEAD = 'a,b,c,d\n1,2,x,\n';
/** Chunks that pass before a thread is there, and start it. */
const START = '3,4,é,-\n';

interface Case {
  readonly chunks: readonly Uint8Array[];
  readonly options?: Partial<InputOptions>;
  readonly keepsWrong?: boolean;
  /** What the source fails with at its end. */
  readonly error?: Error;
  readonly limits?: AheadOptions;
  readonly patience?: number;
}

/** All that is read, and how many batches the thread has encoded. */
async function read(reading: Case, isAhead: boolean) {
  const { options, keepsWrong, limits } = reading;
  // Loaded anew where a test has put something in the place of the thread.
  const { readInputRows } = await import('../../src/data/predict-rows.ts');
  const { ReadAhead } = await import('../../src/data/read-ahead.ts');
  const processors = isAhead ? 2 : 1;
  const ahead = new ReadAhead({ leastChunk: 1, worthBytes: 0, processors, ...limits });
  const source = { name: 'new.csv', chunks: delivered(reading, isAhead ? ahead : null) };
  const counted = { encoded: 0 };
  const batches = count(readCsv(source, { keepsWrong }, ahead), counted);
  const encode = ahead.encode.bind(ahead);
  const table = { places: linesOf('new.csv'), batches, notes: () => [], encode };
  const bad = keepsWrong ? new BadRows() : undefined;
  const all: unknown[] = [];
  const message = await failure(async () => {
    const rows = await readInputRows(table, { columns: contract, width: 4, bad, ...options });
    for await (const { values, rows: count, wrong, passed, firstLine } of rows.blocks) {
      const cells = Array.from({ length: count }, (_, row) =>
        rows.passed.map((_, column) => [passed?.text(row, column), passed?.json(row, column)]),
      );
      const right = Array.from(values).filter((_, i) => wrong?.[Math.floor(i / 4)] !== 1);
      all.push({ values: right, count, wrong: wrong && [...wrong], cells, firstLine });
      all.push(bad?.take());
    }
    all.push(rows.notes());
  });
  return { all: [...all, message], encoded: counted.encoded };
}

/** The chunks; the fourth comes when the thread is there, or has failed to come for so many milliseconds. */
async function* delivered({ chunks, error, patience = 10_000 }: Case, ahead: ReadAhead | null) {
  for (const [index, chunk] of chunks.entries()) {
    for (let tick = 0; index >= 3 && ahead && !ahead.isReady && tick < patience; tick++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    // A copy, as memory that is used again would be noticed.
    yield Uint8Array.from(chunk);
  }
  if (error) throw error;
}

async function* count(batches: AsyncGenerator<RowBatch, void, undefined>, to: { encoded: number }) {
  try {
    for await (const batch of batches) {
      if ('toRows' in batch && batch.encoded) to.encoded++;
      yield batch;
    }
  } finally {
    await batches.return();
  }
}

/** Reads with a thread and without; returns how many batches it has encoded. */
async function expectSame(reading: Case): Promise<number> {
  const alone = await read(reading, false);
  const ahead = await read(reading, true);
  expect(ahead.all).toEqual(alone.all);
  expect(alone.encoded).toBe(0);
  return ahead.encoded;
}

/** The table in chunks that end at these places. */
function cutAt(table: string | Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const bytes = Buffer.from(table);
  const ends = [...cuts, bytes.length].sort((a, b) => a - b);
  const pieces = ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
  return [HEAD, START, START, START, ...pieces].map((piece) => Buffer.from(piece));
}

const PLAIN = '5,6,x,7\n-8.25,,z,\n1e5,0.1234567890123456,é,é\n\n9,10,x,11\n';

describe('with a thread all is read as without', () => {
  const cases: Record<string, readonly [table: string, encoded: number]> = {
    'plain rows': [PLAIN.repeat(3), 3],
    'no line end at the end': [`${PLAIN}${PLAIN}${PLAIN}1,2,x,3`, 3],
    CRLF: [PLAIN.repeat(3).replaceAll('\n', '\r\n'), 3],
    'a quote in the middle': [`${PLAIN}1,"2\n",x,4\n${PLAIN}`, 1],
    'a quote that is not closed': [`${PLAIN}1,"2,x,4\n${PLAIN}`, 1],
    'a CR alone': [`${PLAIN}1,2,x,4\r${PLAIN}`, 1],
    'a row with too few cells': [`${PLAIN}1,2\n${PLAIN}`, 1],
    'a cell that is no number': [`${PLAIN}1,2,x,4\ntwo,2,x,4\n${PLAIN}`, 1],
    'an empty cell that may not be': [`${PLAIN},2,x,4\n${PLAIN}`, 1],
  };
  for (const [name, [table, encoded]] of Object.entries(cases)) {
    test(name, async () => {
      const third = Math.ceil(table.length / 3);
      const cuts = [third, 2 * third];
      const chunks = cutAt(table, name === 'plain rows' ? cuts : [PLAIN.length, 2 * PLAIN.length]);
      expect(await expectSame({ chunks })).toBeGreaterThanOrEqual(encoded);
      await expectSame({ chunks, keepsWrong: true });
    });
  }

  test('bytes that are no UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from(PLAIN), Buffer.from([0x31, 0xff, 0x0a])]);
    expect(await expectSame({ chunks: cutAt(bytes, [PLAIN.length]) })).toBe(1);
  });

  test('columns that are passed on, and cells of another syntax', async () => {
    const chunks = cutAt('5.5,-,x,a\n6,7,-,b\n8,9,é,"c"\n', [10, 18]);
    const pass = { flag: '--append', words: 'all' } as const;
    const syntax = { na: ['-'] };
    expect(await expectSame({ chunks, options: { pass, syntax } })).toBe(2);
  });

  test('a model without columns', async () => {
    const chunks = ['1,2\n3,4\n', '5,6\n', '7,8\n', '7,8\n', '9,1\n2', ',3\n4,5\n'].map((s) =>
      Buffer.from(s),
    );
    const options = { columns: null, width: 2 };
    expect(await expectSame({ chunks, options })).toBe(2);
  });
});

test('random tables in random chunks', async () => {
  const plain = fc.constantFrom(
    '5,6,x,7',
    '-8.25,,z,',
    '1e5,0.123456789012345678,é,é',
    '',
    '1,2,x,3',
  );
  const odd = fc.constantFrom(
    '"1",2,x,3',
    '1,2',
    'a,2,x,3',
    ',,,',
    '1,2,"x\n,y",3',
    '1,2,x,3\r',
    '\u00a0',
    '"',
  );
  const table = fc.record({
    lines: fc.array(fc.oneof({ weight: 80, arbitrary: plain }, { weight: 1, arbitrary: odd }), {
      minLength: 20,
      maxLength: 200,
    }),
    newline: fc.constantFrom('\n', '\n', '\r\n'),
    cuts: fc.array(fc.nat(1000), { minLength: 4, maxLength: 40 }),
    keepsWrong: fc.boolean(),
    passes: fc.boolean(),
  });
  let encoded = 0;
  await fc.assert(
    fc.asyncProperty(table, async ({ lines, newline, cuts, keepsWrong, passes }) => {
      const bytes = Buffer.from(lines.join(newline));
      const chunks = cutAt(
        bytes,
        cuts.map((cut) => Math.min(cut, bytes.length)),
      );
      const pass = passes ? ({ flag: '--pass', words: ['d', 'a'] } as const) : undefined;
      encoded += await expectSame({ chunks, keepsWrong, options: { pass } });
    }),
    { numRuns: 30 },
  );
  expect(encoded).toBeGreaterThan(40);
});

test('a source that fails: the rows before are there, then its error', async () => {
  const error = new UserError(ExitCode.io, 'no more');
  const chunks = cutAt(PLAIN.repeat(3), [PLAIN.length, 2 * PLAIN.length]);
  expect(await expectSame({ chunks, error })).toBe(3);
});

test('rows that are found wait for no chunk, and nobody who stops waits for one', async () => {
  const ahead = new ReadAhead({ leastChunk: 1, worthBytes: 0, processors: 2 });
  ahead.encode({ columns: contract, indices: [0, 1, 2], syntax: {} });
  const endless = async function* () {
    yield* delivered({ chunks: cutAt(PLAIN.repeat(2), [PLAIN.length]) }, ahead);
    await new Promise(() => {});
  };
  const batches = readCsv({ name: 'pipe', chunks: endless() }, {}, ahead);
  let encoded = 0;
  for await (const batch of batches) {
    if ('toRows' in batch && batch.encoded) encoded++;
    if (encoded === 2) break;
  }
  expect(ahead.isReady).toBe(false);
});

test('small chunks go by without the thread', async () => {
  const chunks = cutAt(PLAIN.repeat(3), [PLAIN.length, PLAIN.length + 8, 2 * PLAIN.length]);
  expect(await expectSame({ chunks, limits: { leastChunk: 9 } })).toBe(3);
});

describe('a thread that fails leaves the rows to the main one', () => {
  afterEach(() => {
    vi.doUnmock('../../src/data/parsing-worker.generated.ts');
    vi.doUnmock('node:worker_threads');
    vi.resetModules();
  });
  const chunks = cutAt(PLAIN.repeat(3), [PLAIN.length, 2 * PLAIN.length]);
  const port = "const { parentPort: port } = require('node:worker_threads');";
  const workers = {
    'at once': 'throw new Error("no");',
    'at the first rows': `${port} port.postMessage('ready'); port.on('message', () => { throw 1; });`,
    'by ending': `${port} port.postMessage('ready'); port.on('message', () => process.exit());`,
  };
  for (const [name, parsingWorker] of Object.entries(workers)) {
    test(name, async () => {
      vi.resetModules();
      vi.doMock('../../src/data/parsing-worker.generated.ts', () => ({ parsingWorker }));
      expect(await expectSame({ chunks, patience: 100 })).toBe(0);
    });
  }

  test('where the system gives none', async () => {
    vi.resetModules();
    const Worker = class {
      constructor() {
        throw new Error('EAGAIN');
      }
    };
    vi.doMock('node:worker_threads', () => ({ Worker }));
    expect(await expectSame({ chunks, patience: 100 })).toBe(0);
  });
});
