/**
 * One training step in ops, in Keras's order: gradient, accumulation, clipping, weight decay, update,
 * running averages of the weights, constraints; and what is kept for the next step.
 */
import { gradients } from '../graph/gradients.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import {
  add,
  assign,
  broadcast,
  constant,
  div,
  mul,
  pack,
  part,
  scalar,
  sub,
  variable,
  where,
} from '../graph/ops.ts';
import type { CommonOptions, StepOptimizerSpec } from '../spec/optimizers.ts';
import { clipped } from './clipping.ts';
import { constrain } from './constraints.ts';
import type { Parameters, WeightTensor } from './forward.ts';
import type { UpdateContext } from './optimizers/optimizer.ts';
import { AVERAGE, GRADIENT_ACCUMULATOR, slotPlace } from './optimizers/slots.ts';
import { optimizerOf } from './optimizers/table.ts';
import { eachWeight, trainableWeights } from './parameter-block.ts';

/** The names of the numbers that the host writes before each step. */
export const STEP_INPUTS = {
  learningRate: 'learning_rate',
  /** The number of the update from 1: with gradient accumulation, of the one that is being gathered. */
  step: 'step',
  /** With `use_ema`: how much of the old averages stays (0 at first), and whether they become the weights. */
  emaMomentum: 'ema_momentum',
  emaOverwrite: 'ema_overwrite',
} as const;

/** The assignments of one step. */
interface TrainingStep {
  /** Every trainable weight and every slot gets its next value. */
  readonly train: readonly Tensor[];
  /** With gradient accumulation, a step that only adds its gradient; null without. */
  readonly accumulate: readonly Tensor[] | null;
}

/** The gradient of the loss by all trainable weights, `[1, n]`. */
export function gradientOf(
  parameters: Parameters,
  loss: Tensor,
  { loss_scale_factor: scale }: CommonOptions = {},
): Tensor {
  const tensors = trainableWeights(parameters).map(({ tensor }) => tensor);
  if (scale === undefined) return pack(loss.graph, gradients(loss, tensors));
  return div(pack(loss.graph, gradients(mul(loss, scale), tensors)), scale);
}

/** @param gradient  `[1, n]`, in the order of the trainable weights; loss scaling taken out again */
export function trainingStep(
  parameters: Parameters,
  gradient: Tensor,
  optimizer: StepOptimizerSpec,
): TrainingStep {
  const { trainable } = parameters;
  const steps = optimizer.gradient_accumulation_steps;
  // The host writes these also where nothing reads them.
  for (const name of Object.values(STEP_INPUTS)) scalar(gradient.graph, name);
  if (!trainable) return { train: [], accumulate: steps === undefined ? null : [] };
  const weights = trainableWeights(parameters);
  const settle = (moved: Tensor) => settled(moved, trainable, weights, optimizer);
  if (steps === undefined) {
    const { moved, kept } = updated(trainable, gradient, weights, optimizer);
    return { train: [...kept, ...settle(moved)], accumulate: null };
  }
  const accumulator = variable(trainable.graph, GRADIENT_ACCUMULATOR, 1, trainable.shape.cols);
  const sum = add(gradient, accumulator);
  const accumulate = [...settle(trainable), assign(accumulator, sum)];
  const { moved, kept } = updated(trainable, div(sum, steps), weights, optimizer);
  // Emptied last: the sum may lie where the accumulator does.
  const zeros = broadcast(constant(trainable.graph, 0), trainable.shape);
  const emptied = assign(accumulator, zeros);
  return { train: [...kept, ...settle(moved), emptied], accumulate };
}

/** The moved weights `[1, n]`, and the assignments to the optimizer's slots. */
function updated(
  trainable: Tensor,
  gradient: Tensor,
  weights: readonly WeightTensor[],
  spec: StepOptimizerSpec,
): { moved: Tensor; kept: readonly Tensor[] } {
  const { graph } = trainable;
  const optimizer = optimizerOf(spec);
  const g = clipped(gradient, weights, spec);
  const w = decayed(trainable, weights, spec);
  const kept: Tensor[] = [];
  const context = (before: Tensor, weight?: WeightTensor): UpdateContext => ({
    ...stepScalars(graph),
    before,
    slot: (name, first = 0, { rows, cols } = before.shape) =>
      variable(graph, slotPlace(name, weight?.spec), rows, cols, first),
    number: (name, first) => variable(graph, slotPlace(name), 1, 1, first),
    storeSlot: (slot, value) => kept.push(assign(slot, value)),
  });
  const moved =
    optimizer.over === 'block'
      ? optimizer.update(w, g, spec, context(trainable))
      : eachWeight(w, weights, (own, weight) => {
          const { rows, cols } = own.shape;
          const ownGradient = part(g, weight.offset, rows, cols);
          return optimizer.update(own, ownGradient, spec, context(weight.tensor, weight), weight);
        });
  return { moved, kept };
}

function stepScalars(graph: Graph) {
  return {
    learningRate: scalar(graph, STEP_INPUTS.learningRate),
    step: scalar(graph, STEP_INPUTS.step),
  };
}

/** Weight decay, decoupled from the gradient: w ← w − w · decay · lr, biases and all. */
function decayed(block: Tensor, weights: readonly WeightTensor[], spec: StepOptimizerSpec): Tensor {
  const { learningRate } = stepScalars(block.graph);
  const shrink = (w: Tensor, decay: number | undefined) =>
    decay === undefined ? w : sub(w, mul(mul(w, decay), learningRate));
  const optimizer = optimizerOf(spec);
  if (optimizer.over === 'block' || !optimizer.decay) return shrink(block, spec.weight_decay);
  const { decay } = optimizer;
  return eachWeight(block, weights, (w, weight) => shrink(w, decay(spec, weight)));
}

/** What becomes of the weights once they are moved: averaged, constrained, stored. */
function settled(
  moved: Tensor,
  trainable: Tensor,
  weights: readonly WeightTensor[],
  { use_ema, ema_overwrite_frequency }: CommonOptions,
): Tensor[] {
  const { graph } = trainable;
  const assignments: Tensor[] = [];
  let result = moved;
  if (use_ema) {
    const average = variable(graph, AVERAGE, 1, trainable.shape.cols);
    const momentum = scalar(graph, STEP_INPUTS.emaMomentum);
    const next = add(mul(average, momentum), mul(moved, sub(1, momentum)));
    if (ema_overwrite_frequency !== undefined) {
      result = where(scalar(graph, STEP_INPUTS.emaOverwrite), next, moved);
    }
    assignments.push(assign(average, next));
  }
  result = constrained(result, weights);
  return result === trainable ? assignments : [...assignments, assign(trainable, result)];
}

/** The weights with their constraints applied. */
function constrained(block: Tensor, weights: readonly WeightTensor[]): Tensor {
  if (weights.every(({ spec }) => spec.constraint === null)) return block;
  return eachWeight(block, weights, (weight, { spec: { constraint, shape } }) =>
    constraint ? constrain(weight, constraint, shape) : weight,
  );
}
