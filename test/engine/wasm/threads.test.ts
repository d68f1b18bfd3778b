/** Several threads: the numbers of one, whatever is divided; series that end early; threads that are killed. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { float32Functions } from '../../../src/engine/elementary.ts';
import type { Session } from '../../../src/engine/engine.ts';
import { bindings } from '../../../src/engine/reference/bindings.ts';
import { referenceEngine } from '../../../src/engine/reference.ts';
import { JOB, READY } from '../../../src/engine/wasm/assembly/words.ts';
import type { Outside } from '../../../src/engine/wasm/outside.ts';
import { WasmSession } from '../../../src/engine/wasm/session.ts';
import { BLOCKS } from '../../../src/nn/forward.ts';
import { initialWeights } from '../../../src/nn/initialize.ts';
import { type CompiledModel, compileModel } from '../../../src/training/compile.ts';
import { measuredPlaces } from '../../../src/training/epoch-means.ts';
import { OptimizerClock } from '../../../src/training/optimizer-clock.ts';
import { loadWeights } from '../../../src/training/weights.ts';
import { modelOf } from '../../training/train-model.ts';
import { bitsOf, numbers } from './compare.ts';

const workers = vi.hoisted(() => ({
  /** What each runs before its own work. */
  prelude: '',
  /** How many more the system gives. */
  left: Number.POSITIVE_INFINITY,
}));

vi.mock('node:worker_threads', async (original) => {
  const threads = await original<typeof import('node:worker_threads')>();
  class Given extends threads.Worker {
    constructor(source: string, options: WorkerOptions) {
      if (workers.left-- <= 0) throw new Error('EAGAIN');
      super(workers.prelude + source, options);
    }
  }
  return { ...threads, Worker: Given };
});

const BATCH = 300;
const STEPS = 5;
const WIDTH = 70;
/** The last batch is short. */
const ROWS = BATCH * STEPS - 30;

/** Large enough that its products, its sums, its softmax and its update are divided. */
const { network, settings } = modelOf({
  input_shape: [WIDTH],
  layers: [
    { units: 131, activation: 'relu' },
    { units: 90, activation: 'tanh' },
    { units: 64, activation: 'softmax' },
  ],
  compile: { optimizer: 'adam', loss: 'sparse_categorical_crossentropy', metrics: ['accuracy'] },
});
const model: CompiledModel = compileModel(network, settings, [1], 0, BATCH);
const tables = [
  { name: 'x', values: numbers(ROWS * WIDTH, 'x', false) },
  { name: 'y', values: Float32Array.from({ length: ROWS }, (_, i) => (i * 7) % 64) },
];

/** The measures of a series from the initial weights, how many steps were run, and the weights then. */
function train(session: Session, rate: number) {
  const { optimizer } = settings;
  if (optimizer.type === 'lbfgs') throw new Error('the document says adam');
  loadWeights(session, model.parameters, initialWeights(network, 1));
  for (const name of ['momentum', 'velocity']) {
    session.write(`slot/${name}`, new Float32Array(model.parameters.trainable?.shape.cols ?? 0));
  }
  const clock = new OptimizerClock(session, optimizer);
  clock.learningRate = rate;
  const order = Int32Array.from({ length: ROWS }, (_, i) => (i * 11) % ROWS);
  const rows = { order, first: 0, end: ROWS, batch: BATCH };
  const measures = measuredPlaces(model.train);
  const { steps, values } = session.runSeries({ ...clock.next(STEPS), ...rows, tables, measures });
  const weights = new Float32Array(model.parameters.trainable?.shape.cols ?? 0);
  session.read(BLOCKS.trainable, weights);
  return { steps, values: [...values], weights: bitsOf(weights) };
}

const open: Session[] = [];
afterEach(() => {
  for (const session of open.splice(0)) session.close();
  Object.assign(workers, { prelude: '', left: Number.POSITIVE_INFINITY });
});

/** A session whose threads have all started. */
async function sessionOf(
  threads: number,
  ...unusual: [outside?: Outside, patience?: number]
): Promise<WasmSession> {
  const session = new WasmSession(model.plan, 1, threads, ...unusual);
  open.push(session);
  for (let i = 0; i < 1000 && session.threads < threads; i++) await sleep(10);
  expect(session.threads).toBe(threads);
  return session;
}

const reference = referenceEngine('float32').prepare(model.plan, 1);
const wanted = train(reference, 0.01);

test.each([1, 2, 3, 5])('%i threads give the bits of the reference engine', async (threads) => {
  const session = await sessionOf(threads);
  expect(train(session, 0.01)).toEqual(wanted);
  // Once more, in memory that is used already.
  expect(train(session, 0.01)).toEqual(wanted);
});

test('a series that ends before its time lets the next one begin', async () => {
  const session = await sessionOf(3);
  const failed = train(session, 1e30);
  const known = train(reference, 1e30);
  expect(failed.steps).toBeLessThan(STEPS);
  expect(failed.steps).toBe(known.steps);
  expect(train(session, 0.01)).toEqual(wanted);
});

test('before its workers have started a session runs alone, to the same end', () => {
  const session = new WasmSession(model.plan, 1, 4);
  open.push(session);
  expect(session.threads).toBe(1);
  expect(train(session, 0.01)).toEqual(wanted);
});

describe('workers', () => {
  /** A session of three threads, and its two workers. */
  async function sessionAndWorkers(...unusual: [outside?: Outside, patience?: number]) {
    const unref = vi.spyOn(Worker.prototype, 'unref');
    const session = await sessionOf(3, ...unusual);
    const workers = unref.mock.instances.filter((one) => one instanceof Worker);
    unref.mockRestore();
    expect(workers).toHaveLength(2);
    return { session, workers };
  }

  test('end when the session is closed, be it before, between or after series', async () => {
    const { session, workers } = await sessionAndWorkers();
    expect(train(session, 0.01)).toEqual(wanted);
    const ended = Promise.all(workers.map((worker) => once(worker, 'exit')));
    session.close();
    expect(await ended).toEqual([[0], [0]]);
  });

  test('that are killed between two series leave the work to the main thread', async () => {
    const { session, workers } = await sessionAndWorkers();
    expect(train(session, 0.01)).toEqual(wanted);
    await workers[1].terminate();
    expect(session.threads).toBe(1);
    expect(train(session, 0.01)).toEqual(wanted);
  });

  test('that are killed as a series begins do so, too', async () => {
    const { session, workers } = await sessionAndWorkers();
    const killed = workers[0].terminate();
    // Nothing was told to this thread yet.
    expect(session.threads).toBe(3);
    expect(train(session, 0.01)).toEqual(wanted);
    expect(train(session, 0.01)).toEqual(wanted);
    await killed;
  });

  test('that the system refuses leave the work to the main thread, those before them included', async () => {
    workers.left = 1;
    const session = new WasmSession(model.plan, 1, 4);
    open.push(session);
    // The first of them has come long since.
    await sleep(200);
    expect(workers.left).toBeLessThan(0);
    expect(session.threads).toBe(1);
    expect(train(session, 0.01)).toEqual(wanted);
  });

  test('that come to a series late, one after the other, are waited for', async () => {
    // Each says that it is there, and when the first series begins, comes after those before it.
    workers.prelude = `
      const { Instance, Table } = WebAssembly;
      const set = Table.prototype.set;
      Table.prototype.set = function (...given) { try { set.apply(this, given); } catch {} };
      WebAssembly.Instance = function (module, imports) {
        const { exports } = new Instance(module, imports);
        const words = new Int32Array(imports.env.memory.buffer);
        const work = (control, worker) => {
          const [JOB, READY] = [(control + ${JOB}) / 4, (control + ${READY}) / 4];
          Atomics.add(words, READY, 1);
          Atomics.wait(words, JOB, 0);
          Atomics.wait(words, JOB, 1, 50 * worker);
          Atomics.sub(words, READY, 1);
          exports.work(control, worker);
        };
        return { exports: exports.work ? { ...exports, work } : exports };
      };`;
    const session = await sessionOf(4);
    expect(train(session, 0.01)).toEqual(wanted);
    // Of any that had been given up it would be known by now.
    await sleep(100);
    expect(session.threads).toBe(4);
    expect(train(session, 0.01)).toEqual(wanted);
  });

  /** The sums of losses and of hits, in which the main thread is alone; before each, it does something else. */
  function sumsWith(before: () => void): Outside {
    const bind = bindings(float32Functions);
    return {
      takes: ({ op, out }) => op === 'sumRows' && out.cols === 1,
      bind(instruction, memory) {
        const context = { memory, functions: float32Functions, seed: 1, run: { step: 0 } };
        const sum = bind[instruction.op](instruction, context);
        return (batch) => {
          before();
          sum(batch);
        };
      },
    };
  }

  test('that are killed in the middle of a step end it, and nothing of it can be read', async () => {
    let sums = 0;
    let killed: Promise<number> | undefined;
    const outside = sumsWith(() => {
      // There are two in each step.
      if (++sums === 2 * STEPS + 3) killed = workers[1].terminate();
    });
    const { session, workers } = await sessionAndWorkers(outside, 1);
    expect(train(session, 0.01)).toEqual(wanted);
    expect(sums).toBe(2 * STEPS);
    const others = once(workers[0], 'exit');
    expect(() => train(session, 0.01)).toThrow(/^internal: a thread ended in the middle of a step/);
    expect(sums).toBeLessThan(4 * STEPS);
    // The other one does not wait on.
    expect([await killed, await others]).toEqual([1, [0]]);
    expect(session.threads).toBe(1);
    const broken = 'internal: a step of this session was left in the middle';
    expect(() => session.readNumber(BLOCKS.trainable)).toThrow(broken);
    expect(() => session.run('evaluate', 1, 0)).toThrow(broken);
    expect(() => train(session, 0.01)).toThrow(broken);
  });

  test('sleep between series', async () => {
    const { session } = await sessionAndWorkers();
    train(session, 0.01);
    // They look for some 200 µs.
    await sleep(50);
    const before = process.cpuUsage();
    await sleep(400);
    const { user, system } = process.cpuUsage(before);
    // Microseconds; two that are busy would take 800,000.
    expect(user + system).toBeLessThan(200_000);
  });
});
