/**
 * How a model does on rows that it is not to learn from: loss and metrics as Keras's `evaluate` has them,
 * scores that do not depend on what the model was compiled with, and the baseline beside all of them.
 */
import { prepare } from '../engine/choose.ts';
import type { Session } from '../engine/engine.ts';
import type { Computing } from '../engine/names.ts';
import { table } from '../graph/column-ops.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { add, input, mul } from '../graph/ops.ts';
import { makePlan } from '../graph/plan.ts';
import { type LayerWeights, type NdArray, sizeOf } from '../ndarray.ts';
import { forward, parametersOf } from '../nn/forward.ts';
import type { Network } from '../nn/network.ts';
import type { Evaluation, EvaluationMeasures, FitReport, Logs } from '../records.ts';
import { INPUTS, inputOf, type MeasureSettings, measureOutput } from './compile.ts';
import { EpochMeans, readMeasures } from './epoch-means.ts';
import { checkBatchMemory } from './memory.ts';
import type { Samples } from './run.ts';
import {
  type Baseline,
  baselineOf,
  repeated,
  type Scoring,
  scoresOf,
  scoringOf,
} from './scores.ts';
import { loadWeights } from './weights.ts';

export interface EvaluateSettings extends MeasureSettings, Computing {
  readonly batchSize: number;
  /** Whether the targets are known to be classes, whatever the loss. */
  readonly areClasses: boolean;
  /** What outputs are multiplied by and then moved by, to be in the units of the targets, where they are not. */
  readonly units?: OutputUnits | null;
}

/** For each column of the output. */
export interface OutputUnits {
  readonly scales: readonly number[];
  readonly shifts: readonly number[];
}

type BatchEnd = FitReport & { readonly kind: 'batch-end' };

/** The one program of the plan. */
const PROGRAM = 'evaluate';

/**
 * Measures rows in order, in batches, as in inference; yields a report after each batch, whose logs are
 * the model's loss and metrics.
 *
 * @param samples  at least one; as `checkInputs`, `checkTargets` and `checkSampleWeight` leave them
 * @throws {UserError} exit 2 where the numbers of a batch do not fit in memory
 */
export function* evaluate(
  network: Network,
  weights: readonly LayerWeights[],
  samples: Samples,
  settings: EvaluateSettings,
): Generator<BatchEnd, Evaluation> {
  const rows = samples.x.shape[0];
  const batchSize = Math.min(settings.batchSize, rows);
  const scoring = scoringOf(network, settings.loss, samples.y, settings.areClasses);
  const baseline = baselineOf(network, samples.y, scoring);
  const compile = (maxBatch: number) =>
    compileEvaluation(network, samples, settings, { scoring, baseline }, maxBatch);
  const compiled = compile(batchSize);
  checkBatchMemory(compiled.plan, () => compile(1).plan, 'use a smaller --batch-size');
  const { session } = prepare(compiled.plan, 0, settings);
  loadWeights(session, compiled.parameters, weights);

  const means = {
    model: new EpochMeans(compiled.model),
    baseline: new EpochMeans(compiled.baseline),
  };
  const measured = () => split(means.model.logs(), compiled.scores);
  const steps = Math.ceil(rows / batchSize);
  for (let first = 0; first < rows; first += batchSize) {
    const count = Math.min(batchSize, rows - first);
    writeBatch(session, samples, first, count);
    session.run(PROGRAM, count, 0);
    means.model.add(readMeasures(session, compiled.model), count, count);
    means.baseline.add(readMeasures(session, compiled.baseline), count, count);
    const logs = (): Logs => [['loss', measured().loss], ...measured().metrics];
    yield { kind: 'batch-end', step: Math.ceil((first + count) / batchSize), steps, logs };
  }
  return {
    rows,
    targets: scoring.targets,
    commonest: baseline.commonest,
    model: measured(),
    baseline: split(means.baseline.logs(), compiled.scores),
  };
}

/** Loss, then the model's metrics, then the scores. */
function split([[, loss], ...rest]: Logs, scores: number): EvaluationMeasures {
  if (typeof loss !== 'number') throw new Error('internal: a loss is one number');
  const metrics = rest.length - scores;
  return { loss, scores: rest.slice(metrics), metrics: rest.slice(0, metrics) };
}

/** The network and the baseline in one plan, both held against the same targets. */
function compileEvaluation(
  network: Network,
  { y: targets, sampleWeight }: Samples,
  settings: EvaluateSettings,
  { scoring, baseline }: { readonly scoring: Scoring; readonly baseline: Baseline },
  maxBatch: number,
) {
  const graph = new Graph();
  const parameters = parametersOf(graph, network);
  const x = inputOf(graph, INPUTS.x, network.inputShape);
  const y = inputOf(graph, INPUTS.y, targets.shape.slice(1));
  const weights = sampleWeight ? input(graph, INPUTS.weights, 1, sampleWeight.shape[1]) : null;
  const against = { y, weights, settings, named: {} };
  const learnt = forward(network, parameters, x, false);
  const found = { ...learnt, output: inUnits(graph, learnt.output, settings.units) };
  const guess = { output: repeated(graph, network, baseline), penalties: [] };
  const scores = scoresOf(y, found.output, scoring, baseline, 'model');
  const model = measureOutput('model', found, against, scores);
  const constant = measureOutput(
    'baseline',
    guess,
    against,
    scoresOf(y, guess.output, scoring, baseline, 'baseline'),
  );
  const roots = { [PROGRAM]: [...model.roots, ...constant.roots] };
  return {
    plan: makePlan(graph, roots, against.named, maxBatch),
    parameters,
    model: model.measures,
    baseline: constant.measures,
    scores: scores.length,
  };
}

/** An output in the units of its targets. */
function inUnits(graph: Graph, output: Tensor, units: OutputUnits | null = null): Tensor {
  if (units === null) return output;
  const row = (values: readonly number[]) => table(graph, 1, values.length, values);
  return add(mul(output, row(units.scales)), row(units.shifts));
}

function writeBatch(
  session: Session,
  { x, y, sampleWeight }: Samples,
  first: number,
  count: number,
): void {
  const write = (name: string, { shape, values }: NdArray) => {
    const width = sizeOf(shape.slice(1));
    session.write(name, values.subarray(first * width, (first + count) * width));
  };
  write(INPUTS.x, x);
  write(INPUTS.y, y);
  if (sampleWeight) write(INPUTS.weights, sampleWeight);
}
