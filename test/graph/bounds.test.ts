import { describe, expect, test } from 'vitest';
import { prepare } from '../../src/engine/choose.ts';
import { type Bounds, boundsOf } from '../../src/graph/bounds.ts';
import { Graph } from '../../src/graph/graph.ts';
import { input } from '../../src/graph/ops.ts';
import { makePlan } from '../../src/graph/plan.ts';
import { activations } from '../../src/nn/activations.ts';

const ANY: Bounds = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
/** As far as is known; what is not here may be any number. */
const expected: Readonly<Record<string, Bounds>> = {
  relu: { least: 0, most: Number.POSITIVE_INFINITY },
  sigmoid: { least: 0, most: 1 },
  tanh: { least: -1, most: 1 },
  softmax: { least: 0, most: 1 },
  softplus: { least: 0, most: Number.POSITIVE_INFINITY },
  exponential: { least: 0, most: Number.POSITIVE_INFINITY },
  relu6: { least: 0, most: Number.POSITIVE_INFINITY },
  hard_sigmoid: { least: 0, most: Number.POSITIVE_INFINITY },
  hard_tanh: { least: -1, most: 1 },
  log_softmax: { least: Number.NEGATIVE_INFINITY, most: 0 },
  log_sigmoid: { least: Number.NEGATIVE_INFINITY, most: 0 },
  celu: { least: -1, most: Number.POSITIVE_INFINITY },
  sparsemax: { least: 0, most: Number.POSITIVE_INFINITY },
};
const ARGUMENTS: Readonly<Record<string, object>> = {
  threshold: { threshold: 0, default_value: 0 },
};
const INPUTS = Float32Array.from({ length: 80 }, (_, i) => (i % 7) ** 3 - 40 + i / 4);

describe.each(Object.entries(activations))('%s of any number', (name, activation) => {
  const graph = new Graph();
  const x = input(graph, 'x', 1, 4);
  const given = { ...activation.arguments, ...ARGUMENTS[name] };
  const args = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const out = activation.compute(x, args as never, [4]);

  test('lies where it is said to', () => {
    expect(boundsOf(out)).toEqual(expected[name] ?? ANY);
  });

  test('is nowhere else when it is computed', () => {
    const rows = INPUTS.length / 4;
    const plan = makePlan(graph, { run: [out] }, { out }, rows);
    const { session } = prepare(plan, 1);
    session.write('x', INPUTS);
    session.run('run', rows, 0);
    const { least, most } = boundsOf(out);
    const values = new Float32Array(rows * out.shape.cols);
    session.read('out', values);
    session.close();
    expect(values.filter((value) => !(value >= least && value <= most))).toEqual(
      new Float32Array(0),
    );
  });
});

test('softmax over one number is 1', () => {
  const one = activations.softmax.compute(input(new Graph(), 'x', 1, 1), { axis: -1 }, [1]);
  expect(boundsOf(one)).toEqual({ least: 1, most: 1 });
});
