/**
 * How a unit is divided among threads: by samples where it has some, else by rows or columns of the output,
 * or by its numbers. Outputs are divided and never sums. What is too small the main thread does alone.
 */
import type { Call } from './call.ts';
import { isStored, overlapsAny, type Range } from './dataflow.ts';
import type { Owners } from './owners.ts';
import { from, goesBySamples, rangeOfSamples, type Samples } from './samples.ts';
import type { Unit } from './units.ts';
import { workOf } from './work.ts';

/** Below so much work of a unit without samples, dividing takes longer than it saves. */
const WORTH_PRODUCTS = 2 ** 14;
const WORTH_NUMBERS = 2 ** 12;

/** What one thread does of a unit: its calls, and the numbers of the arena that they touch. */
export interface Part {
  readonly calls: readonly Call[];
  readonly reads: readonly Range[];
  readonly writes: readonly Range[];
}

/** Makes calls. */
export interface Calls {
  /** A unit, on samples from 0 up to `batch`; in the whole batch they stand from `first` on. */
  readonly of: (unit: Unit, batch: number, first: number, thread: number) => Call;
  /** A chain, over so many of its numbers. */
  readonly ofChain: (chain: Unit, numbers: Range) => Call;
}

export interface Division {
  readonly threads: number;
  readonly batch: number;
  readonly calls: Calls;
  /** Who has written what so far. */
  readonly owners: Owners;
}

/** What each thread does of a unit. */
export function partsOf(unit: Unit, division: Division): readonly Part[] {
  const parts = divided(unit, division);
  return parts && areApart(parts) ? parts : alone(unit, division);
}

/**
 * Whether no thread writes what another one still has to read: a unit may end by writing over what it begins by
 * reading.
 */
function areApart(parts: readonly Part[]): boolean {
  return parts.every(({ writes }, thread) =>
    parts.every(
      (other, i) => i === thread || !overlapsAny(writes, [...other.reads, ...other.writes]),
    ),
  );
}

function divided(unit: Unit, division: Division): Part[] | null {
  if (goesBySamples(unit)) return bySamples(unit, division);
  if (unit.kind === 'chain') return byNumbers(unit, division);
  const [{ instruction }] = unit.nodes;
  if (instruction.op === 'matmulTransposeA' && unit.nodes.length === 1)
    return byRows(unit, division);
  return instruction.op === 'sumRows' ? byColumns(unit, division) : null;
}

const NOTHING: Part = { calls: [], reads: [], writes: [] };

/** The first thread does all. */
function alone(unit: Unit, { threads, batch, calls }: Division): Part[] {
  const all = { first: 0, end: batch };
  const part = { calls: [calls.of(unit, batch, 0, 0)], ...touched(unit, all) };
  return Array.from({ length: threads }, (_, thread) => (thread === 0 ? part : NOTHING));
}

/** What a unit reads from memory and leaves there. */
function touched(unit: Unit, samples: Samples): Pick<Part, 'reads' | 'writes'> {
  const { nodes } = unit;
  const isOwn = (index: number | undefined) => nodes.some((node) => node.index === index);
  const reads = nodes.flatMap(({ instruction: { inputs }, sources }) =>
    inputs.filter((_, i) => !isOwn(sources[i])),
  );
  const writes = nodes.filter((node) => isStored(node, nodes));
  return {
    reads: reads.map((place) => rangeOfSamples(place, samples)),
    writes: writes.map(({ instruction: { out } }) => rangeOfSamples(out, samples)),
  };
}

function bySamples(unit: Unit, { threads, batch, calls }: Division): Part[] {
  const { rows, cols } = unit.nodes[0].instruction.out;
  const size = rows * cols;
  return Array.from({ length: threads }, (_, thread) => {
    const samples = {
      first: share(batch, thread, threads),
      end: share(batch, thread + 1, threads),
    };
    const count = samples.end - samples.first;
    if (count === 0) return NOTHING;
    const call =
      unit.kind === 'chain'
        ? calls.ofChain(unit, { start: samples.first * size, end: samples.end * size })
        : calls.of(from(samples.first, unit), count, samples.first, thread);
    return { calls: [call], ...touched(unit, samples) };
  });
}

/** Rows of a product that sums over samples: they are columns of its first operand. */
function byRows(unit: Unit, { threads, batch, calls }: Division): Part[] | null {
  const [node] = unit.nodes;
  const { out, inputs, attributes, op } = node.instruction;
  const [a, b] = inputs;
  const all = { first: 0, end: batch };
  if (out.cols === 1 || workOf([unit], batch) < WORTH_PRODUCTS) return null;
  const reads = inputs.map((input) => rangeOfSamples(input, all));
  return Array.from({ length: threads }, (_, thread) => {
    const [first, end] = [share(out.rows, thread, threads), share(out.rows, thread + 1, threads)];
    if (end === first) return NOTHING;
    const own = { ...out, offset: out.offset + first * out.cols, rows: end - first };
    const moved = { ...a, offset: a.offset + first };
    const instruction = { op, attributes, out: own, inputs: [moved, b] };
    const part = { kind: unit.kind, nodes: [{ ...node, instruction }] };
    const write = { start: own.offset, end: own.offset + own.rows * own.cols };
    return { calls: [calls.of(part, batch, 0, thread)], reads, writes: [write] };
  });
}

/** Columns of a sum over rows. */
function byColumns(unit: Unit, { threads, batch, calls }: Division): Part[] | null {
  const [{ instruction }] = unit.nodes;
  const [x] = instruction.inputs;
  const { offset, cols } = instruction.out;
  const { kernel, words } = calls.of(unit, batch, 0, 0);
  const [out, source, rows, , next] = words;
  if (rows * cols < WORTH_NUMBERS) return null;
  const reads = [rangeOfSamples(x, { first: 0, end: batch })];
  return Array.from({ length: threads }, (_, thread) => {
    const [first, end] = [share(cols, thread, threads), share(cols, thread + 1, threads)];
    if (end === first) return NOTHING;
    const call = { kernel, words: [out + 4 * first, source + 4 * first, rows, end - first, next] };
    const writes = [{ start: offset + first, end: offset + end }];
    return { calls: [call], reads, writes };
  });
}

/** Numbers of a chain: each thread goes on with what it has made itself, where that is divided evenly. */
function byNumbers(chain: Unit, { threads, calls, owners }: Division): Part[] | null {
  const { nodes } = chain;
  const [{ instruction }] = nodes;
  const count = instruction.out.rows * instruction.out.cols;
  if (count * nodes.length < WORTH_NUMBERS) return null;
  const { reads, writes } = touched(chain, { first: 0, end: 0 });
  const along = (ranges: readonly Range[]) =>
    ranges.filter(({ start, end }) => end - start === count);
  const many = along(reads);
  const ones = reads.filter((range) => !many.includes(range));
  // One number that all others need is read anew for each range.
  if (overlapsAny(writes, ones)) return null;
  const isEven = (shares: readonly Range[][]) =>
    Math.max(...shares.map(lengthOf)) * threads <= MOST_UNEVEN * count;
  const made = many
    .map((read) =>
      owners.sharesOf(read, threads)?.map((list) => list.map((range) => minus(range, read.start))),
    )
    .find((shares) => shares && isEven(shares));
  const shares =
    made ??
    Array.from({ length: threads }, (_, thread) => [
      { start: share(count, thread, threads), end: share(count, thread + 1, threads) },
    ]);
  return shares.map((list) => {
    const numbers = list.filter(({ start, end }) => end > start);
    const at = (places: readonly Range[]) =>
      places.flatMap((place) => numbers.map((range) => minus(range, -place.start)));
    const own = numbers.length > 0 ? ones : [];
    return {
      calls: numbers.map((range) => calls.ofChain(chain, range)),
      reads: [...at(many), ...own],
      writes: at(writes),
    };
  });
}

/** The largest share may be so many times as large as the mean one. */
const MOST_UNEVEN = 1.1;

function lengthOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

function minus({ start, end }: Range, offset: number): Range {
  return { start: start - offset, end: end - offset };
}

/** Where a thread's share begins: a multiple of four, so that tiles and lanes stay whole. */
export function share(count: number, thread: number, threads: number): number {
  if (thread === threads) return count;
  return Math.min(count, Math.ceil((count * thread) / threads / 4) * 4);
}
