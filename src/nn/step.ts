/** One training step in ops: gradient, optimizer, constraints, and what is kept for the next. */
import { gradients } from '../graph/gradients.ts';
import type { Tensor } from '../graph/graph.ts';
import { assign, pack, part, scalar, variable } from '../graph/ops.ts';
import type { OptimizerSpec } from '../spec/optimizers.ts';
import { constrain } from './constraints.ts';
import type { Parameters, WeightTensor } from './forward.ts';
import { updateOf } from './optimizers.ts';

/** The names of the numbers that the host writes before each step. */
export const STEP_INPUTS = { learningRate: 'learning_rate', step: 'step' } as const;

/**
 * The assignments of one step: every trainable parameter and every slot gets its next value.
 *
 * @param loss  `[1, 1]`, penalties included
 */
export function trainingStep(
  { trainable, weights }: Parameters,
  loss: Tensor,
  optimizer: OptimizerSpec,
): Tensor[] {
  const { graph } = loss;
  const learningRate = scalar(graph, STEP_INPUTS.learningRate);
  const step = scalar(graph, STEP_INPUTS.step);
  if (!trainable) return [];
  const own = weights.filter(({ spec }) => spec.trainable);
  const tensors = own.map(({ tensor }) => tensor);
  const gradient = pack(graph, gradients(loss, tensors));
  const assignments: Tensor[] = [];
  const moved = updateOf(trainable, gradient, optimizer, {
    learningRate,
    step,
    slot: (name) => variable(graph, `slot/${name}`, 1, trainable.shape.cols),
    keep: (slot, value) => assignments.push(assign(slot, value)),
  });
  return [...assignments, assign(trainable, constrained(moved, own))];
}

/** The moved parameters with every weight's constraint applied. */
function constrained(moved: Tensor, weights: readonly WeightTensor[]): Tensor {
  if (weights.every(({ spec }) => spec.constraint === null)) return moved;
  const pieces = weights.map(({ spec, tensor: { shape }, offset }) => {
    const weight = part(moved, offset, shape.rows, shape.cols);
    return spec.constraint ? constrain(weight, spec.constraint, spec.shape.length) : weight;
  });
  return pack(moved.graph, pieces);
}
