/** The machine's BLAS behind the engine: every kind of product, large and small, whole and short batches. */
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/engine/engine.ts';
import type { Product } from '../../../src/engine/native/blas.ts';
import { nativeEngine } from '../../../src/engine/native/engine.ts';
import { referenceEngine } from '../../../src/engine/reference.ts';
import { Graph, type Tensor } from '../../../src/graph/graph.ts';
import * as ops from '../../../src/graph/ops.ts';
import { makePlan } from '../../../src/graph/plan.ts';
import { randomStream } from '../../../src/random.ts';
import { hasBlas, machineBlas } from './machine-blas.ts';

/** What lies behind an output stays as it is. */
const GUARD = -12345;

/** Numbers from −1 to 1. */
function numbers(count: number, purpose: string): Float32Array {
  const random = randomStream(3, purpose);
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

type Build = (graph: Graph) => { readonly out: Tensor; readonly [input: string]: Tensor };

/** The whole room of the output after a run on `batch` of `maxBatch` samples. */
function run(engine: Engine, build: Build, batch: number, maxBatch: number): Float32Array {
  const graph = new Graph();
  const named = build(graph);
  const plan = makePlan(graph, { run: [named.out] }, named, maxBatch);
  const session = engine.prepare(plan, 1);
  const sizeOf = ({ shape: { rows, cols, batched } }: Tensor) =>
    rows * cols * (batched ? maxBatch : 1);
  for (const [name, tensor] of Object.entries(named)) {
    if (name !== 'out') session.write(name, numbers(sizeOf(tensor), name));
  }
  const room = new Float32Array(sizeOf(named.out)).fill(GUARD);
  session.write('out', room);
  session.run('run', batch, 0);
  session.read('out', room);
  return room;
}

/** Operands of a size: of samples, and of weights. */
const sized = {
  samples: (graph: Graph, name: string, cols: number) => ops.input(graph, name, 1, cols),
  weights: (graph: Graph, name: string, rows: number, cols: number) =>
    ops.variable(graph, name, rows, cols),
};

const products: Readonly<Record<string, (inputs: number, units: number) => Build>> = {
  'a · b': (inputs, units) => (graph) => {
    const a = sized.samples(graph, 'a', inputs);
    const b = sized.weights(graph, 'b', inputs, units);
    return { a, b, out: ops.matmul(a, b) };
  },
  'aᵀ · b': (inputs, units) => (graph) => {
    const a = sized.samples(graph, 'a', inputs);
    const b = sized.samples(graph, 'b', units);
    return { a, b, out: ops.matmulTransposeA(a, b) };
  },
  'a · bᵀ': (inputs, units) => (graph) => {
    const a = sized.samples(graph, 'a', inputs);
    const b = sized.weights(graph, 'b', units, inputs);
    return { a, b, out: ops.matmulTransposeB(a, b) };
  },
  'relu(a · b + c)': (inputs, units) => (graph) => {
    const a = sized.samples(graph, 'a', inputs);
    const b = sized.weights(graph, 'b', inputs, units);
    const c = sized.weights(graph, 'c', 1, units);
    return { a, b, c, out: ops.relu(ops.add(ops.matmul(a, b), c)) };
  },
  'a · bᵀ where c > 0': (inputs, units) => (graph) => {
    const a = sized.samples(graph, 'a', inputs);
    const b = sized.weights(graph, 'b', units, inputs);
    const c = sized.samples(graph, 'c', units);
    const zero = ops.constant(graph, 0);
    return { a, b, c, out: ops.where(ops.gt(c, zero), ops.matmulTransposeB(a, b), zero) };
  },
};

/** Batch, inputs, units: some products are too small to be worth a call, most are not. */
const sizes = [
  [1, 300, 200],
  [7, 13, 11],
  [33, 65, 31],
  [64, 100, 1],
  [64, 1, 700],
  [129, 257, 130],
];

describe.skipIf(!hasBlas)('products by a BLAS', () => {
  describe.each(Object.keys(products))('%s', (name) => {
    test.each(sizes)('%i rows of %i, %i units', (batch, inputs, units) => {
      for (const maxBatch of [batch, batch + 40]) {
        const build = products[name](inputs, units);
        const found = run(nativeEngine(machineBlas()), build, batch, maxBatch);
        const wanted = run(referenceEngine('float32'), build, batch, maxBatch);
        // Of n numbers up to 1, any order of summing errs by less than n² · 2⁻²⁴, and these are two.
        const longest = name.startsWith('aᵀ') ? batch : inputs;
        const tolerance = 2 * longest ** 2 * 2 ** -24;
        const worst = found.reduce((most, x, i) => Math.max(most, Math.abs(x - wanted[i])), 0);
        expect(worst).toBeLessThanOrEqual(tolerance);
        expect(found.every(Number.isFinite)).toBe(true);
      }
    });
  });

  test('only products that are worth a call are called for', () => {
    const calls: Product[] = [];
    const { multiply, ...rest } = machineBlas();
    const counting = nativeEngine({
      ...rest,
      multiply(product, ...addresses) {
        calls.push(product);
        multiply(product, ...addresses);
      },
    });
    run(counting, products['a · b'](10, 10), 32, 32);
    expect(calls).toEqual([]);
    run(counting, products['relu(a · b + c)'](64, 40), 20, 32);
    run(counting, products['aᵀ · b'](64, 40), 32, 32);
    run(counting, products['a · bᵀ where c > 0'](64, 40), 32, 32);
    expect(calls).toEqual([
      { lie: 'plain', rows: 20, cols: 40, length: 64 },
      { lie: 'transposeA', rows: 64, cols: 40, length: 32 },
      { lie: 'transposeB', rows: 32, cols: 40, length: 64 },
    ]);
  });
});
