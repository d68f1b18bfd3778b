/** Every loss against Keras: values, gradients, sample weights and reductions. */
import { describe, expect, test } from 'vitest';
import golden from '../../fixtures/keras/losses.json' with { type: 'json' };
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, type Tensor } from '../../src/graph/graph.ts';
import { broadcast, input, sigmoid, softmax } from '../../src/graph/ops.ts';
import { sizeOf } from '../../src/ndarray.ts';
import { batchLossOf, lossOf } from '../../src/nn/losses.ts';
import { losses } from '../../src/spec/losses.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { runGraph } from '../engine/run-graph.ts';
import { skipped } from '../keras-differences.ts';
import { expectNear, flat, type KerasNumbers, shapeOf, type Tolerance } from './keras-numbers.ts';

const TOLERANCE: Tolerance = { atol: 1e-6, rtol: 1e-5 };

interface Case {
  readonly loss: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly path: 'given' | 'softmax' | 'sigmoid';
  readonly tag: string;
  readonly y_true: KerasNumbers;
  readonly y_pred?: KerasNumbers;
  readonly logits?: KerasNumbers;
  readonly per_sample: KerasNumbers;
  readonly value: number;
  readonly grad: KerasNumbers;
  readonly sample_weight?: KerasNumbers;
  readonly weighted?: number;
  readonly weighted_grad?: KerasNumbers;
  readonly weighted_sum?: number;
  readonly weighted_mean_with_sample_weight?: number;
}

const cases = golden.cases as unknown as readonly Case[];

function specOf(loss: string, config: Readonly<Record<string, unknown>>) {
  const document = { layers: [{ units: 1 }], compile: { loss: { class_name: loss, config } } };
  const { spec } = readSpec(JSON.stringify(document), 'case');
  if (!spec.compile.loss) throw new Error(`no loss ${loss}`);
  return spec.compile.loss;
}

const paths = { given: (x: Tensor) => x, softmax, sigmoid };

/** Per-sample values, the batch's value and its gradient, with weights where a case has them. */
function compute(one: Case, reduction?: string, isWeighted = false) {
  const given = one.y_pred ?? one.logits ?? [];
  const shape = shapeOf(given);
  const [batch] = shape;
  const cols = shape[shape.length - 1];
  const rows = sizeOf(shape) / batch / cols;
  const graph = new Graph();
  const x = input(graph, 'x', rows, cols);
  const y = input(graph, 'y', rows, flat(one.y_true).length / batch / rows);
  const weight = flat(one.sample_weight ?? []);
  const weights = input(graph, 'weights', 1, weight.length / batch);
  const prediction = paths[one.path](x);
  const spec = specOf(one.loss, reduction ? { ...one.config, reduction } : one.config);
  const value = batchLossOf(y, prediction, spec, isWeighted ? weights : null);
  const [gradient] = gradients(value, [x]);
  const outputs = { perSample: lossOf(y, prediction, spec), value, gradient };
  const numbers = { x: flat(given), y: flat(one.y_true) };
  const inputs = isWeighted ? { ...numbers, weights: weight } : numbers;
  return runGraph(graph, outputs, { ...inputs }, { batch });
}

const title = ({ loss, config, path, tag }: Case) =>
  `${loss} ${JSON.stringify(config)} ${path} ${tag}`;

describe('as in Keras', () => {
  for (const one of cases) {
    const reason = skipped('losses', one);
    test.skipIf(reason)(`${title(one)}: values and gradient`, () => {
      const { perSample, value, gradient } = compute(one);
      expectNear(perSample, one.per_sample, TOLERANCE);
      expectNear(value, one.value, TOLERANCE);
      expectNear(gradient, one.grad, TOLERANCE);
    });
    const { weighted, weighted_grad, weighted_sum, weighted_mean_with_sample_weight } = one;
    if (weighted === undefined || weighted_grad === undefined) continue;
    test.skipIf(reason)(`${title(one)}: with weights, by each reduction`, () => {
      for (const reduction of ['sum_over_batch_size', 'mean']) {
        const { value, gradient } = compute(one, reduction, true);
        expectNear(value, weighted, TOLERANCE);
        expectNear(gradient, weighted_grad, TOLERANCE);
      }
      expectNear(compute(one, 'sum', true).value, weighted_sum ?? Number.NaN, TOLERANCE);
      const mean = compute(one, 'mean_with_sample_weight', true).value;
      expectNear(mean, weighted_mean_with_sample_weight ?? Number.NaN, TOLERANCE);
    });
  }

  test('every loss but the one that stands for others has a case', () => {
    const seen = new Set<string>(cases.map(({ loss, config }) => specOf(loss, config).type));
    expect(Object.keys(losses).filter((name) => !seen.has(name))).toEqual(['crossentropy']);
  });
});

describe('crossentropy', () => {
  test.each([
    [1, 1, 'binary_crossentropy'],
    [3, 1, 'sparse_categorical_crossentropy'],
    [3, 3, 'categorical_crossentropy'],
  ])('for %d outputs and %d target columns is %s', (outputs, targets, name) => {
    const graph = new Graph();
    const p = input(graph, 'p', 1, outputs);
    const y = input(graph, 'y', 1, targets);
    expect(lossOf(y, p, specOf('crossentropy', {}))).toBe(lossOf(y, p, specOf(name, {})));
  });
});

describe('rows that are left out', () => {
  test('count for nothing when all are', () => {
    const one: Case = {
      loss: 'SparseCategoricalCrossentropy',
      config: { ignore_class: -1 },
      path: 'softmax',
      tag: '',
      y_true: [-1, -1],
      logits: [
        [1, 2],
        [3, 4],
      ],
      per_sample: [0, 0],
      value: 0,
      grad: [
        [0, 0],
        [0, 0],
      ],
    };
    const { perSample, value, gradient } = compute(one);
    expect({ perSample, value, gradient }).toEqual({
      perSample: [0, 0],
      value: [0],
      gradient: [0, 0, 0, 0],
    });
  });
});

test('a loss of the whole batch is weighted by the mean of the weights, as in Keras', () => {
  const graph = new Graph();
  const p = input(graph, 'p', 1, 2);
  const y = input(graph, 'y', 1, 2);
  const weights = input(graph, 'weights', 1, 1);
  const spec = specOf('Dice', {});
  const outputs = {
    plain: broadcast(lossOf(y, p, spec), { rows: 1, cols: 1, batched: false }),
    weighted: batchLossOf(y, p, spec, weights),
  };
  const numbers = { p: [0.2, 0.9, 0.4, 0.3], y: [0, 1, 1, 0], weights: [1, 3] };
  const { plain, weighted } = runGraph(graph, outputs, numbers, { batch: 2 });
  expectNear(weighted, [2 * plain[0]], TOLERANCE);
});
