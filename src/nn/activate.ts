/** An activation of a spec in the graph: a name of the table, or a formula. */
import type { Tensor } from '../graph/graph.ts';
import { lowerFormula } from '../graph/lower.ts';
import type { Activation } from '../spec/activations.ts';
import { activations } from './activations.ts';
import { gluShape, ownAxis } from './row-activations.ts';

/**
 * The shape of a sample behind an activation: its own, save that glu halves an axis. (Keras
 * declares the whole axis there, and whatever comes next fails.)
 *
 * @throws {ShapeError} where a sample has no such axis, or glu cannot halve it
 */
export function activationShape(
  activation: Activation,
  shape: readonly number[],
): readonly number[] {
  if (activation.kind === 'formula') return shape;
  const { axis } = activation.arguments;
  if (axis === undefined) return shape;
  const own = ownAxis(Number(axis), shape);
  return activation.name === 'glu' ? gluShape(own, shape) : shape;
}

/**
 * The tensor that an activation makes of x.
 *
 * @param shape  of one sample of x; `activationShape` says that of the result
 */
export function activate(x: Tensor, activation: Activation, shape: readonly number[]): Tensor {
  return activation.kind === 'formula'
    ? lowerFormula(activation.expression, x, activation.parameters)
    : activations[activation.name].compute(x, activation.arguments, shape);
}
