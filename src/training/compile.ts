/**
 * A network with loss, metrics and optimizer, as one plan of several programs: `train` (forward with
 * chance, backward, update), `evaluate` (forward as in inference, loss and metrics), and where the
 * optimizer needs them `accumulate` (gradient only) and `settle` (what layers move by themselves).
 */
import { ExitCode, UserError } from '../errors.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { assign, input } from '../graph/ops.ts';
import { makePlan, type Plan } from '../graph/plan.ts';
import {
  type Forward,
  forward,
  matrixShape,
  type Parameters,
  parametersOf,
  sumOf,
} from '../nn/forward.ts';
import { batchLossOf } from '../nn/losses.ts';
import { type Metric, metricOf } from '../nn/metrics.ts';
import type { Network } from '../nn/network.ts';
import { gradientOf, STEP_INPUTS, trainingStep } from '../nn/step.ts';
import type { LossSpec } from '../spec/losses.ts';
import type { OptimizerSpec } from '../spec/optimizers.ts';
import { type Measured, measuredMetrics } from './measured.ts';

/** What is measured: a loss and metrics. */
export interface MeasureSettings extends Measured {
  readonly loss: LossSpec;
}

/** What `model.compile` is given, all of it decided. */
export interface CompileSettings extends MeasureSettings {
  readonly optimizer: OptimizerSpec;
}

/** What is measured in one program. */
export interface Measures {
  /** The place of the loss of the last batch, penalties included. */
  readonly loss: string;
  readonly metrics: readonly MetricPlace[];
}

/** A metric of one program. */
interface MetricPlace extends Pick<Metric, 'name' | 'result'> {
  /** The place of the last batch's sums, and how many there are. */
  readonly place: string;
  readonly length: number;
}

/** Names among the plan's places that a training loop writes. */
export const INPUTS = { x: 'x', y: 'y', weights: 'sample_weight', ...STEP_INPUTS } as const;

/** With lbfgs, the place of the gradient by all trainable weights, in the order of their block. */
export const GRADIENT = 'gradient';

/** A network ready to be trained. */
export interface CompiledModel {
  readonly plan: Plan;
  readonly parameters: Parameters;
  readonly train: Measures;
  readonly evaluate: Measures;
}

/**
 * Compiles a network for training.
 *
 * @param targetShape  of one sample: `[k, 1]`-like class numbers, or the output's shape
 * @param weightsPerSample  1, or one for each row of an output; 0 without sample weights
 * @param maxBatch     the largest batch that either program will be run on
 * @throws {UserError} exit 2 where lbfgs is to train layers that work by chance
 */
export function compileModel(
  network: Network,
  settings: CompileSettings,
  targetShape: readonly number[],
  weightsPerSample: number,
  maxBatch: number,
): CompiledModel {
  const graph = new Graph();
  const parameters = parametersOf(graph, network);
  const x = inputOf(graph, INPUTS.x, network.inputShape);
  const y = inputOf(graph, INPUTS.y, targetShape);
  const isWeighted = weightsPerSample > 0;
  const weights = isWeighted ? input(graph, INPUTS.weights, 1, weightsPerSample) : null;
  const named: Record<string, Tensor> = {};

  const context = { network, parameters, x, y, weights, settings, named };
  const train = measure('train', { ...context, training: true });
  const programs = trainingPrograms(parameters, train, settings.optimizer, named);
  const evaluate = measure('evaluate', { ...context, training: false });
  const roots = { ...programs, evaluate: evaluate.roots };
  return {
    plan: makePlan(graph, roots, named, maxBatch),
    parameters,
    train: train.measures,
    evaluate: evaluate.measures,
  };
}

/**
 * The programs that train: an optimizer's steps (`train`, and with gradient accumulation
 * `accumulate`); or for lbfgs the gradient alone, and what layers move by themselves (`settle`).
 */
function trainingPrograms(
  parameters: Parameters,
  { total, roots, updates }: ReturnType<typeof measure>,
  optimizer: OptimizerSpec,
  named: Record<string, Tensor>,
): Record<string, readonly Tensor[]> {
  const moved = () => updates.map(({ target, value }) => assign(target, value));
  if (optimizer.type === 'lbfgs') {
    if (total.graph.tensors.some(({ op }) => op === 'uniform')) throw noChance();
    named[GRADIENT] = gradientOf(parameters, total);
    return { train: [...roots, named[GRADIENT]], settle: moved() };
  }
  const gradient = gradientOf(parameters, total, optimizer);
  const { train, accumulate } = trainingStep(parameters, gradient, optimizer);
  const common = [...roots, ...moved()];
  if (!accumulate) return { train: [...common, ...train] };
  return { train: [...common, ...train], accumulate: [...common, ...accumulate] };
}

function noChance(): UserError {
  return new UserError(
    ExitCode.usage,
    'lbfgs: expected layers without chance; found one that drops or adds noise',
    'use another optimizer, or leave Dropout and its kin out',
  );
}

/** An input for samples of a shape: the leading axes are rows, the last is columns. */
export function inputOf(graph: Graph, name: string, shape: readonly number[]): Tensor {
  const { rows, cols } = matrixShape(shape);
  return input(graph, name, rows, cols);
}

/** What outputs are measured against, and how. */
interface MeasuredAgainst {
  readonly y: Tensor;
  readonly weights: Tensor | null;
  readonly settings: MeasureSettings;
  /** Gets the tensors to read after a run. */
  readonly named: Record<string, Tensor>;
}

interface MeasureContext extends MeasuredAgainst {
  readonly network: Network;
  readonly parameters: Parameters;
  readonly x: Tensor;
  readonly training: boolean;
}

/** Forward pass, loss and metrics of one program. */
function measure(program: string, context: MeasureContext) {
  const { network, parameters, x, training } = context;
  const { updates, ...outcome } = forward(network, parameters, x, training);
  return { ...measureOutput(program, outcome, context), updates };
}

/**
 * Loss and metrics of outputs.
 *
 * @param program  opens the names of the places
 * @param more     measured after the metrics of the settings
 * @returns `total` is the loss with the penalties; `roots` is all that has to be computed
 */
export function measureOutput(
  program: string,
  { output, penalties }: Pick<Forward, 'output' | 'penalties'>,
  { y, weights, settings, named }: MeasuredAgainst,
  more: readonly Metric[] = [],
): { total: Tensor; roots: readonly Tensor[]; measures: Measures } {
  const total = sumOf(batchLossOf(y, output, settings.loss, weights), penalties);
  const loss = `${program}/loss`;
  named[loss] = total;
  const own = measuredMetrics(settings).map(({ name, spec, isWeighted }): Metric => {
    return { ...metricOf(y, output, spec, isWeighted ? weights : null), name };
  });
  const metrics = [...own, ...more].map(({ name, sums, result }, index): MetricPlace => {
    const place = `${program}/metric ${index}`;
    named[place] = sums;
    return { name, result, place, length: sums.shape.cols };
  });
  const roots = [total, ...metrics.map(({ place }) => named[place])];
  return { total, roots, measures: { loss, metrics } };
}
