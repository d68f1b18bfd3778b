/**
 * Programs for several threads: whoever comes first between two meetings, the bits are those of the reference
 * engine. The threads are played here, one after the other, in any order.
 */
import { expect, test } from 'vitest';
import { referenceEngine } from '../../../src/engine/reference.ts';
import type { Addresses } from '../../../src/engine/wasm/call.ts';
import { MATMUL_SCRATCH } from '../../../src/engine/wasm/encode-matmul.ts';
import { align, Memory } from '../../../src/engine/wasm/memory.ts';
import { instantiate } from '../../../src/engine/wasm/module.ts';
import { Programs, programBytes } from '../../../src/engine/wasm/programs.ts';
import { Graph, type Tensor } from '../../../src/graph/graph.ts';
import { makePlan, type Plan } from '../../../src/graph/plan.ts';
import { randomStream, Shuffler } from '../../../src/random.ts';
import { compileModel } from '../../../src/training/compile.ts';
import { modelOf } from '../../training/train-model.ts';
import { anyGraph } from './any-graph.ts';
import { bitsOf, numbers } from './compare.ts';

const ARENA = 64;
const SCRATCH = align(MATMUL_SCRATCH);

/** A plan in a memory of its own, run by threads that come in any order. */
class Played {
  readonly #memory: Memory;
  readonly #programs: Programs;
  readonly #kernels: ReturnType<typeof instantiate>;
  readonly #threads: number;
  readonly #arena: Float32Array;

  constructor(plan: Plan, threads: number) {
    const scratch = align(ARENA + 4 * plan.size + 256);
    const start = align(scratch + threads * SCRATCH + 256);
    const end = align(start + programBytes(plan, threads));
    this.#threads = threads;
    this.#memory = new Memory(end);
    this.#kernels = instantiate(this.#memory.memory, () => {
      throw new Error('every op has a kernel');
    });
    const addresses: Addresses = { step: 0, arena: ARENA, scratch, scratchSize: SCRATCH };
    const context = { addresses, seed: 77, hosted: () => -1, leastWork: 0 };
    this.#programs = new Programs(plan, this.#memory, this.#kernels, context, { start, end });
    this.#arena = this.#memory.floats(ARENA, plan.size);
  }

  /** The arena after a run, and how often the threads have met. */
  run(program: string, batch: number, start: Float32Array, shuffler: Shuffler) {
    this.#arena.set(start);
    const crew = { threads: this.#threads, control: 0 };
    const pieces = this.#programs.codesOf(program, batch, crew).map((code) => this.#between(code));
    const [first] = pieces;
    expect(new Set(pieces.map(({ length }) => length))).toEqual(new Set([first.length]));
    const order = Int32Array.from(pieces.keys());
    for (let i = 0; i < first.length; i++) {
      shuffler.shuffle(order);
      for (const thread of order) this.#kernels.run(pieces[thread][i].from, pieces[thread][i].to);
    }
    return { arena: this.#arena.slice(), meetings: first.length - 1 };
  }

  /** What lies between meetings. */
  #between({ from, to }: { readonly from: number; readonly to: number }) {
    const { words } = this.#memory;
    const meeting = this.#kernels.numberOf('meeting');
    const pieces = [{ from, to: from }];
    for (let at = from; at < to; ) {
      const next = at + words[at / 4 + 1];
      if (words[at / 4] === meeting) pieces.push({ from: next, to: next });
      else pieces[pieces.length - 1].to = next;
      at = next;
    }
    return pieces;
  }
}

/** The numbers of the named places after a run on the reference engine from the same arena. */
function expectSame(
  plan: Plan,
  program: string,
  batch: number,
  threads: number,
  shuffler: Shuffler,
) {
  const start = numbers(plan.size, `arena ${plan.size}`, false);
  for (const { place, values } of plan.initial) {
    if (typeof values !== 'number') start.set(values, place.offset);
    else start.fill(values, place.offset, place.offset + place.rows * place.cols);
  }
  const played = new Played(plan, threads).run(program, batch, start, shuffler);
  const session = referenceEngine('float32').prepare(plan, 77);
  for (const [name, { offset, rows, cols, batched }] of plan.places) {
    const length = rows * cols * (batched ? plan.maxBatch : 1);
    session.write(name, start.subarray(offset, offset + length));
  }
  session.run(program, batch, 0);
  for (const [name, { offset, rows, cols, batched }] of plan.places) {
    const wanted = new Float32Array(rows * cols * (batched ? batch : 1));
    session.read(name, wanted);
    const found = played.arena.subarray(offset, offset + wanted.length);
    expect([name, bitsOf(found.slice())]).toEqual([name, bitsOf(wanted)]);
  }
  return played.meetings;
}

test.each(Array.from({ length: 40 }, (_, seed) => seed))('graph %i by chance', (seed) => {
  const random = randomStream(seed, 'threads');
  const build = anyGraph(random, 40);
  const graph = new Graph();
  const outputs: Record<string, Tensor> = build(graph);
  const batch = 120;
  const plan = makePlan(graph, { run: Object.values(outputs) }, outputs, batch);
  expectSame(plan, 'run', batch - (seed % 7), 2 + (seed % 4), Shuffler.of(seed, 'order'));
});

const layers = [
  { units: 70, activation: 'relu' },
  { type: 'Dropout', rate: 0.3 },
  { type: 'BatchNormalization' },
  { units: 64, activation: 'relu' },
  { units: 10, activation: 'softmax' },
];

function planOf(optimizer: object): Plan {
  const loss = 'sparse_categorical_crossentropy';
  const compile = { optimizer, loss, metrics: ['accuracy'] };
  const { network, settings } = modelOf({ input_shape: [50], layers, compile });
  return compileModel(network, settings, [1], 0, 130).plan;
}

test('a number that a chain reads first and writes over last is read by all before', () => {
  // Nadam's last intermediate results lie where a factor of all numbers does.
  const loss = 'sparse_categorical_crossentropy';
  const dense = [{ units: 96, activation: 'relu' }, { units: 64, activation: 'tanh' }, layers[4]];
  const compile = { optimizer: { type: 'nadam' }, loss, metrics: ['accuracy'] };
  const { network, settings } = modelOf({ input_shape: [40], layers: dense, compile });
  const { plan } = compileModel(network, settings, [1], 0, 130);
  for (const threads of [2, 3]) expectSame(plan, 'train', 130, threads, Shuffler.of(1, 'n'));
});

test.each([
  [{ type: 'adam' }, 2],
  [{ type: 'adam', clipnorm: 0.1 }, 3],
  [{ type: 'sgd', momentum: 0.9, global_clipnorm: 0.1 }, 5],
  [{ type: 'adafactor' }, 3],
  [{ type: 'muon' }, 2],
])('training by %o on %i threads', (optimizer, threads) => {
  const shuffler = Shuffler.of(threads, 'threads');
  const plan = planOf(optimizer);
  expectSame(plan, 'train', 130, threads, shuffler);
  expectSame(plan, 'train', 1, threads, shuffler);
  expectSame(plan, 'evaluate', 129, threads, shuffler);
});

test('threads of a usual step meet a few times only', () => {
  const meetings = expectSame(planOf({ type: 'adam' }), 'train', 128, 2, Shuffler.of(1, 'x'));
  expect(meetings).toBeLessThan(30);
});
