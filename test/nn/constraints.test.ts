/** Constrained weights against Keras on TensorFlow. */
import { describe, expect, test } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { variable } from '../../src/graph/ops.ts';
import { constrain } from '../../src/nn/constraints.ts';
import { matrixShape } from '../../src/nn/forward.ts';
import { expectClose, flat, type Nested, shapeOf, type Tolerance } from '../close.ts';
import { runGraph } from '../engine/run-graph.ts';
import { build, readCases } from '../keras-goldens.ts';

interface Golden {
  readonly constraint: string;
  readonly config: object;
  readonly w: Nested;
  readonly value: Nested;
}

const TOLERANCE: Tolerance = { atol: 1e-6, rtol: 2e-6 };

/** A layer whose kernel (or scale, of three axes) has the constraint. */
function documentOf({ constraint, config, w }: Golden): object {
  const spec = { class_name: constraint, config };
  const shape = shapeOf(w);
  return shape.length > 2
    ? { input_shape: shape, layers: [{ type: 'PReLU', alpha_constraint: spec }] }
    : { input_shape: [3], layers: [{ units: 2, kernel_constraint: spec }] };
}

describe('equal to Keras', () => {
  for (const golden of readCases<Golden>('constraints.json')) {
    const { constraint, config, w } = golden;
    test(`${constraint} ${JSON.stringify(config)} of shape [${shapeOf(w)}]`, () => {
      const { constraint: spec } = build(documentOf(golden)).network.weights[0];
      if (!spec) throw new Error('no constraint');
      const graph = new Graph();
      const { rows, cols } = matrixShape(shapeOf(w));
      const value = constrain(variable(graph, 'w', rows, cols), spec, shapeOf(w));
      const found = runGraph(graph, { value }, { w: flat(w) });
      expectClose(found.value, golden.value, TOLERANCE);
    });
  }
});

test('an axis that the weight does not have is refused in its place', () => {
  const layer = { units: 2, bias_constraint: { name: 'max_norm', axis: 1 } };
  expect(() => build({ input_shape: [3], layers: [layer] })).toThrow(
    'layers[0].bias_constraint.axis: expected an axis of the weight: -1 to 0; found 1',
  );
});
