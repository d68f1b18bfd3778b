/** Numbers that a spec gives a layer, stretched to the axes they are for, as NumPy stretches. */
import { table } from '../../graph/column-ops.ts';
import type { Graph, Tensor } from '../../graph/graph.ts';
import { constant } from '../../graph/ops.ts';
import { formatShape, sizeOf } from '../../ndarray.ts';
import type { LayerOf } from '../../spec/spec.ts';
import { ShapeError } from '../shape-error.ts';

type GivenNumbers = LayerOf<'Rescaling'>['scale'];

/**
 * The given numbers as one row for an array of `shape`, `[1, size]`; `[1, 1]` for a single number.
 *
 * @throws {ShapeError} where they do not stretch to it
 */
export function givenAlong(
  graph: Graph,
  given: GivenNumbers,
  shape: readonly number[],
  key: string,
): Tensor {
  checkStretch(given, shape, key);
  if (given.values.length === 1) return constant(graph, given.values[0]);
  const missing = shape.length - given.shape.length;
  const lengths = [...Array<number>(missing).fill(1), ...given.shape];
  const values = Array.from({ length: sizeOf(shape) }, (_, index) => {
    let rest = index;
    let source = 0;
    let stride = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (lengths[axis] > 1) source += (rest % shape[axis]) * stride;
      stride *= lengths[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return given.values[source];
  });
  return table(graph, 1, values.length, values);
}

/** @throws {ShapeError} where the numbers do not stretch to the shape */
export function checkStretch(given: GivenNumbers, shape: readonly number[], key: string): void {
  const missing = shape.length - given.shape.length;
  const fits =
    missing >= 0 &&
    given.shape.every((length, axis) => length === 1 || length === shape[missing + axis]);
  if (fits) return;
  const expected = `expected a number, or numbers for ${formatShape(shape)}`;
  throw new ShapeError(`${expected}; found shape ${formatShape(given.shape)}`, key);
}
