/** Every activation against Keras: by name, with arguments, as a layer, as a formula. */
import { describe, expect, test } from 'vitest';
import golden from '../../fixtures/keras/activations.json' with { type: 'json' };
import { gradients } from '../../src/graph/gradients.ts';
import { Graph } from '../../src/graph/graph.ts';
import { mul, sumAll } from '../../src/graph/ops.ts';
import { activations } from '../../src/nn/activations.ts';
import { forward, parametersOf } from '../../src/nn/forward.ts';
import { buildNetwork } from '../../src/nn/network.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { inputOf } from '../../src/training/compile.ts';
import { runGraph } from '../engine/run-graph.ts';
import { skipped } from '../keras-differences.ts';
import { arrayOf, expectNear, flat, type KerasNumbers, type Tolerance } from './keras-numbers.ts';

const TOLERANCE: Tolerance = { atol: 2e-6, rtol: 1e-5 };

interface Case {
  readonly form: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly part: string;
  readonly x: KerasNumbers;
  readonly y: KerasNumbers;
  readonly upstream: KerasNumbers;
  readonly dx: KerasNumbers;
}

const cases: readonly Case[] = golden.cases;

/** The case as a layer of ours. Keras's tests write powers as `^`. */
function layerOf({ form, name, config }: Case): object {
  if (form === 'layer') return { type: name, ...config };
  if (form === 'expression') return { type: 'Activation', activation: name.replaceAll('^', '**') };
  const isPlain = Object.keys(config).length === 0;
  return { type: 'Activation', activation: isPlain ? name : { name, ...config } };
}

/** The README of the fixtures: where TensorFlow's own numbers are the less exact ones. */
function allowanceFor({ name, part }: Case, x: readonly number[]) {
  return (index: number) => {
    const isFarLeft = (name === 'squareplus' || name === 'gelu') && x[index] <= -7;
    return part === 'finite' && isFarLeft ? 1e-5 : 0;
  };
}

/** exp(x) at the end of float32: whether 1 / exp(x) is flushed to 0 decides about the derivative. */
function isOverflow({ name }: Case, x: number): boolean {
  return name.includes('log(1+exp(x))') && x >= 88;
}

describe.each(cases)('$form $name $config on $part', (one) => {
  const reason = skipped('activations', one);
  if (reason !== undefined) {
    test.skip(reason);
    return;
  }

  test("gives Keras's numbers", () => {
    const x = arrayOf(one.x);
    // What is no table is a run of samples of one number.
    const shape = x.shape.length === 1 ? [1] : x.shape.slice(1);
    const document = { input_shape: shape, layers: [layerOf(one)] };
    const { spec } = readSpec(JSON.stringify(document), 'case');
    const network = buildNetwork(spec, shape);
    const graph = new Graph();
    const input = inputOf(graph, 'x', shape);
    const upstream = inputOf(graph, 'upstream', network.outputShape);
    const { output: y } = forward(network, parametersOf(graph, network), input, true);
    const [dx] = gradients(sumAll(mul(y, upstream)), [input]);
    const inputs = { x: x.values, upstream: flat(one.upstream) };
    const found = runGraph(graph, { y, dx }, inputs, { batch: x.shape[0] });

    const allowance = allowanceFor(one, flat(one.x));
    expectNear(found.y, one.y, TOLERANCE, allowance);
    // At infinity and NaN the gradients are what TensorFlow's kernels happen to give.
    if (!/edges|special/.test(one.part)) {
      expectNear(found.dx, one.dx, TOLERANCE, (index) =>
        isOverflow(one, flat(one.x)[index]) ? Infinity : allowance(index),
      );
    }
  });
});

test('every activation of the table is among the cases', () => {
  const held = new Set(cases.map(({ name }) => name));
  expect(Object.keys(activations).filter((name) => !held.has(name))).toEqual([]);
});
