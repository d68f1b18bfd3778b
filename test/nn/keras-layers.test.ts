/** Every layer against Keras: forward, gradients, moving statistics, penalties, and laws of chance. */
import { describe, expect, test } from 'vitest';
import golden from '../../fixtures/keras/layers.json' with { type: 'json' };
import { prepare } from '../../src/engine/choose.ts';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, type Tensor } from '../../src/graph/graph.ts';
import { assign, mul, sumAll } from '../../src/graph/ops.ts';
import { makePlan } from '../../src/graph/plan.ts';
import type { LayerWeights } from '../../src/ndarray.ts';
import { forward, parametersOf } from '../../src/nn/forward.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import { buildNetwork, type Network } from '../../src/nn/network.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { adapt } from '../../src/training/adapt.ts';
import { inputOf } from '../../src/training/compile.ts';
import { loadWeights, saveWeights } from '../../src/training/weights.ts';
import { skipped } from '../keras-differences.ts';
import {
  arrayOf,
  expectNear,
  flat,
  type KerasNumbers,
  shapeOf,
  type Tolerance,
} from './keras-numbers.ts';

const TOLERANCE: Tolerance = { atol: 2e-6, rtol: 1e-5 };

interface Case {
  readonly layer: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly tag: string;
  readonly training: boolean;
  readonly x: KerasNumbers;
  readonly weights: readonly KerasNumbers[];
  readonly y: KerasNumbers;
  readonly upstream: KerasNumbers;
  readonly dx: KerasNumbers;
  readonly dw: readonly KerasNumbers[];
  readonly trainable: readonly string[];
  readonly batches_before?: readonly KerasNumbers[];
  readonly weights_before_x?: readonly KerasNumbers[];
  readonly adapt?: KerasNumbers;
  readonly weights_after?: readonly KerasNumbers[];
  readonly penalties?: readonly number[];
}

interface StatisticalCase extends Pick<Case, 'layer' | 'config' | 'training'> {
  readonly x_constant: number;
  readonly x_shape: readonly number[];
  readonly mean: number;
  readonly std: number;
  readonly accept_mean: number;
  readonly accept_std: number;
  readonly kept?: number;
  readonly dropped?: number;
}

function networkOf({ layer, config }: Pick<Case, 'layer' | 'config'>, shape: readonly number[]) {
  const document = { input_shape: shape, layers: [{ class_name: layer, config }] };
  const { spec } = readSpec(JSON.stringify(document), 'case');
  return buildNetwork(spec, shape);
}

/** Weights in the order of `get_weights`. */
function weightsOf(network: Network, values: readonly KerasNumbers[]): LayerWeights[] {
  const [layer] = network.layers;
  expect(layer.weights.map(({ shape }) => shape)).toEqual(values.map(shapeOf));
  const tensors = layer.weights.map(({ name }, i) => ({ name, ...arrayOf(values[i]) }));
  return [{ layer: layer.name, tensors }];
}

/** The layer alone, as a program that leaves output, gradients and moved weights behind. */
function sessionFor(network: Network, training: boolean, maxBatch: number) {
  const graph = new Graph();
  const parameters = parametersOf(graph, network);
  const x = inputOf(graph, 'x', network.inputShape);
  const upstream = inputOf(graph, 'upstream', network.outputShape);
  const { output, penalties, updates } = forward(network, parameters, x, training);
  const own = parameters.weights.filter(({ spec }) => spec.trainable);
  const loss = sumAll(mul(output, upstream));
  const [dx, ...dw] = gradients(loss, [x, ...own.map(({ tensor }) => tensor)]);
  const named: Record<string, Tensor> = { output, dx };
  own.forEach(({ spec }, i) => {
    named[`d${spec.name}`] = dw[i];
  });
  penalties.forEach((penalty, i) => {
    named[`penalty ${i}`] = penalty;
  });
  const moved = updates.map(({ target, value }) => assign(target, value));
  const roots = [...Object.values(named), ...moved];
  const plan = makePlan(graph, { run: roots }, named, maxBatch);
  return { session: prepare(plan, 1).session, parameters };
}

const exact = golden.cases.filter(({ tag }) => tag !== 'statistical');

describe.each(exact as unknown as readonly Case[])('$layer $config $tag', (one) => {
  const reason = skipped('layers', one);
  if (reason !== undefined) {
    test.skip(reason);
    return;
  }
  test(`computes Keras's numbers in ${one.training ? 'training' : 'inference'}`, () => {
    const x = arrayOf(one.x);
    const network = networkOf(one, x.shape.slice(1));
    const batches = [...(one.batches_before ?? []), one.x];
    const maxBatch = Math.max(...batches.map((batch) => arrayOf(batch).shape[0]));
    const { session, parameters } = sessionFor(network, one.training, maxBatch);
    const weights = one.adapt
      ? adapt(network, initialWeights(network, 1), arrayOf(one.adapt))
      : weightsOf(network, one.weights);
    loadWeights(session, parameters, weights);
    const saved = () => saveWeights(session, parameters, network)[0].tensors;
    const run = (batch: KerasNumbers) => {
      const { shape, values } = arrayOf(batch);
      session.write('x', values);
      session.run('run', shape[0], 1);
    };
    const holds = (name: string, wanted: KerasNumbers) => {
      const into = new Float64Array(flat(wanted).length);
      session.read(name, into);
      expectNear(into, wanted, TOLERANCE);
    };

    session.write('upstream', flat(one.upstream));
    for (const batch of one.batches_before ?? []) run(batch);
    one.weights_before_x?.forEach((wanted, i) => {
      expectNear(saved()[i].values, wanted, TOLERANCE);
    });
    run(one.x);
    expect([x.shape[0], ...network.outputShape]).toEqual(shapeOf(one.y));
    holds('output', one.y);
    holds('dx', one.dx);
    const trainable = network.weights.filter((weight) => weight.trainable);
    expect(trainable.map(({ name }) => name)).toEqual(one.trainable);
    one.trainable.forEach((name, i) => {
      holds(`d${name}`, one.dw[i]);
    });
    one.weights_after?.forEach((wanted, i) => {
      expectNear(saved()[i].values, wanted, TOLERANCE);
    });
    one.penalties?.forEach((penalty, i) => {
      holds(`penalty ${i}`, penalty);
    });
  });
});

/**
 * `accept_mean` and `accept_std` are five standard errors and more: a right layer fails one of them
 * with a probability below 1e-6 for each new seed, and never for this one.
 */
describe.each(
  golden.cases.filter(({ tag }) => tag === 'statistical') as unknown as readonly StatisticalCase[],
)('$layer $config in training', (one) => {
  const { x_constant, x_shape, mean, std, accept_mean, accept_std } = one;
  const [rows, ...shape] = x_shape;
  const count = rows * shape.reduce((product, length) => product * length, 1);

  function draw(step: number): Float64Array {
    const { session } = sessionFor(networkOf(one, shape), true, rows);
    session.write('x', new Float32Array(count).fill(x_constant));
    session.run('run', rows, step);
    const y = new Float64Array(count);
    session.read('output', y);
    return y;
  }

  test("follows Keras's law", () => {
    const y = draw(1);
    const found = y.reduce((sum, value) => sum + value, 0) / count;
    const variance = y.reduce((sum, value) => sum + (value - found) ** 2, 0) / count;
    expect(Math.abs(found - mean)).toBeLessThan(accept_mean);
    expect(Math.abs(Math.sqrt(variance) - std)).toBeLessThan(accept_std);
    if (one.kept === undefined || one.dropped === undefined) return;
    expect([...new Set(y)].sort()).toEqual(
      [Math.fround(one.kept), Math.fround(one.dropped)]
        .map((value) => expect.closeTo(value, 6))
        .reverse(),
    );
  });

  test('draws anew in each step, and the same again in the same step', () => {
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});
