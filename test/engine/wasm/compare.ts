/** Runs one graph on both engines, and compares bits. */
import { expect } from 'vitest';
import type { Engine } from '../../../src/engine/engine.ts';
import { referenceEngine } from '../../../src/engine/reference.ts';
import { wasmEngine } from '../../../src/engine/wasm/engine.ts';
import { Graph, type Tensor } from '../../../src/graph/graph.ts';
import { makePlan, type Plan } from '../../../src/graph/plan.ts';
import { randomStream } from '../../../src/random.ts';

/** The engine that is compared. */
export function wasm(): Engine {
  const engine = wasmEngine();
  if (!engine) throw new Error('this Node has no WebAssembly with SIMD');
  return engine;
}

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const special = [0, -0, 1, -1, inf, -inf, nan, 1e-45, -1e-40, 3.4e38, -3.4e38, 0.5, 88.8, -103.9];

/** `count` numbers: most of a usual size, some special. */
export function numbers(count: number, purpose: string, wild = true): Float32Array {
  const random = randomStream(3, purpose);
  return Float32Array.from({ length: count }, () => {
    if (wild && random() < 0.1) return special[Math.floor(random() * special.length)];
    return (random() - 0.5) * 2 ** Math.floor(random() * 8);
  });
}

/** Any NaN is the same; −0 is not 0. */
export function bitsOf(values: Float32Array): Int32Array {
  const canonical = values.map((value) => (Number.isNaN(value) ? nan : value));
  return new Int32Array(canonical.buffer);
}

/** What stands everywhere in an output before a run. */
const GUARD = -12345;

/** The whole rooms of all outputs after a run on `batch` samples. */
function run(
  engine: Engine,
  plan: Plan,
  outputs: Readonly<Record<string, Tensor>>,
  inputs: Readonly<Record<string, Float32Array>>,
  batch: number,
): Record<string, Int32Array> {
  const session = engine.prepare(plan, 77);
  const roomOf = ({ shape: { rows, cols, batched } }: Tensor) =>
    new Float32Array(rows * cols * (batched ? plan.maxBatch : 1)).fill(GUARD);
  const rooms = Object.entries(outputs).map(([name, tensor]) => [name, roomOf(tensor)] as const);
  for (const [name, room] of rooms) if (!plan.programs.get(name)) session.write(name, room);
  for (const [name, values] of Object.entries(inputs)) session.write(name, values);
  session.run('run', batch, 5);
  return Object.fromEntries(
    rooms.map(([name, room]) => {
      session.read(name, room);
      return [name, bitsOf(room)];
    }),
  );
}

/**
 * Expects the same bits of both engines in all outputs, and in what lies behind them.
 *
 * @param build  makes the outputs; all named inputs get `inputs`
 */
export function expectSameBits(
  build: (graph: Graph) => Readonly<Record<string, Tensor>>,
  inputs: Readonly<Record<string, Float32Array>>,
  batch: number,
  maxBatch = batch,
): void {
  const graph = new Graph();
  const outputs = build(graph);
  const plan = makePlan(graph, { run: Object.values(outputs) }, outputs, maxBatch);
  const found = run(wasm(), plan, outputs, inputs, batch);
  const wanted = run(referenceEngine('float32'), plan, outputs, inputs, batch);
  for (const name of Object.keys(outputs)) {
    const at = found[name].findIndex((bits, i) => bits !== wanted[name][i]);
    if (at < 0) continue;
    const show = (bits: Int32Array) => new Float32Array(bits.buffer)[at];
    expect(`${name}[${at}]: ${show(found[name])}`).toBe(`${name}[${at}]: ${show(wanted[name])}`);
  }
}
