/** What is found out and said where a run's numbers fail: which batch, which layer, which tensor, and what to do. */
import { ExitCode, UserError } from '../errors.ts';
import type { NetworkLayer } from '../nn/network.ts';
import type { Checkpoint } from '../records.ts';
import { escapeControls, formatMagnitude, quote } from '../words.ts';
import type { RateFailed } from './callbacks/callback.ts';
import { checkpointOf } from './checkpoint.ts';
import { largest, rangeOf } from './extremes.ts';
import { type FailedStep, lastGoodState, progressOf, runAgain } from './failed-step.ts';
import type { NotFinite } from './finite.ts';
import { type First, firstNotFinite } from './first-not-finite.ts';
import type { Place } from './last-good.ts';
import type { Training } from './parts.ts';
import { Probe, type ProbedRows, type Seen } from './probe.ts';
import { type Advice, adviceOn } from './remedies.ts';
import type { Samples } from './run.ts';

/** A run has failed, and this is why. */
export class NumbersFailed extends UserError {
  /** The last good state to go on from; null where that is the one the run began with. */
  readonly checkpoint: Checkpoint | null;
  /** Options to go on with; null where smaller steps do not help. */
  readonly smallerSteps: readonly string[] | null;

  constructor(problem: string, { lines, smallerSteps }: Advice, checkpoint: Checkpoint | null) {
    super(ExitCode.numbers, problem, lines.join('\n'));
    this.checkpoint = checkpoint;
    this.smallerSteps = smallerSteps;
  }
}

/** Weights beyond this are not worth going on from. */
const GROWN = 100;

/**
 * Looks for the first batch whose loss or gradient was not finite, by running it all again from the last
 * state that was kept, and for the layer in which it began.
 *
 * @param training  which has failed; its session is used to find out
 */
export function diagnose(training: Training, { found }: NotFinite): NumbersFailed {
  if (found.what === 'val_loss') return validationFailed(training, found.value);
  const noticed = progressOf(training);
  const step = runAgain(training);
  if (step === null) return unexplained(noticed, found);
  const { network, run, train, settings } = training;
  const seen = look(training, step);
  const place = `epoch ${step.epoch + 1}, batch ${step.batch}`;
  const problem = `${place}: ${problemOf(found, step, seen?.first ?? null)}`;
  const input = largestInput(train, step.rows, settings.inputNames ?? null);
  const advice = adviceOn(factsOf(training, step, seen, input.value));
  const lines = [
    ...(seen ? whereLines(seen, network.layers) : []),
    `inputs of the batch: up to ${formatMagnitude(input.value)}, in ${input.name}; learning rate ${formatMagnitude(step.rate)}`,
    ...advice.lines,
  ];
  const checkpoint = lastGoodState(training, step, seen?.first ?? null);
  const grown = largest(run.snapshot());
  const isGrown = checkpoint !== null && grown > GROWN;
  if (isGrown) lines.push(`the weights have grown to ${formatMagnitude(grown)} before: start anew`);
  const smallerSteps = isGrown ? null : advice.smallerSteps;
  return new NumbersFailed(problem, { lines, smallerSteps }, checkpoint);
}

/** @param input  the largest absolute value of the batch */
function factsOf(
  { network, train, settings }: Training,
  { epoch, batch, rows, rate }: FailedStep,
  seen: Look | null,
  input: number,
): Parameters<typeof adviceOn>[0] {
  const last = network.layers.length - 1;
  return {
    ...{ network, settings, input, rate },
    first: seen?.first ?? null,
    outputs: seen ? rangeOf(seen.seen.output(last)) : null,
    target: largest(rowsOf(train.y.values, train, rows)),
    hasMoved: epoch > settings.initialEpoch || batch > 1,
  };
}

/** Nothing can be looked at. */
function unexplained({ epoch, step }: Place, found: NotFinite['found']): NumbersFailed {
  const problem = `epoch ${epoch + 1}, batch ${step}: ${problemOf(found, null, null)}`;
  const line =
    'it was so in what the run went on from, or the engine has not computed the same again';
  return new NumbersFailed(problem, { lines: [line], smallerSteps: null }, null);
}

/** What a look at the failing batch shows. */
interface Look {
  readonly seen: Seen;
  readonly first: First;
}

/** Null where it does not fit in memory. */
function look(training: Training, { weights, rows, key, left }: FailedStep): Look | null {
  const { network, run, train, settings } = training;
  const { before, after } = weights;
  const shape = train.y.shape.slice(1);
  const probe = Probe.make(network, settings, shape, run.weightsPerSample, rows.count);
  if (probe === null) return null;
  const seen = probe.look(before, rows, key);
  const first = firstNotFinite(network, probe, seen, { weights: before, rows, step: key });
  if (first) return { seen, first };
  if (left && left.what !== 'gradients') {
    const layer = network.layers.findIndex(({ name }) => name === left.layer);
    return { seen, first: { ...left, kind: 'update', layer } };
  }
  // Of lbfgs, whose steps end where another gradient is computed.
  const behind = probe.look(after, rows, key);
  const then = firstNotFinite(network, probe, behind, { weights: after, rows, step: key });
  return then && { seen: behind, first: then };
}

function problemOf(
  found: NotFinite['found'],
  step: FailedStep | null,
  first: First | null,
): string {
  if (step !== null && step.loss === null && first?.kind === 'gradient') {
    return `expected finite gradients; found ${first.value} in that of ${first.tensor}`;
  }
  const ofStep = step?.loss == null ? step?.left : { what: 'loss', value: step.loss };
  const seen = ofStep ?? found;
  if (!('tensor' in seen)) return `expected a finite loss; found ${seen.value}`;
  const tensor = escapeControls(`${seen.layer}/${seen.tensor}`);
  return `expected finite ${seen.what}; found ${seen.value} in ${tensor}`;
}

/** `layers[1] ("dense")` */
function layerName(layers: readonly NetworkLayer[], index: number): string {
  return `layers[${index}] (${quote(layers[index].name)})`;
}

/** Where it began, and how large the numbers are there. */
function whereLines({ seen, first }: Look, layers: readonly NetworkLayer[]): string[] {
  const lines = [`first not finite: ${describeFirst(first, layers)}`];
  const layer = layers[first.layer ?? layers.length - 1];
  const weights = layer.weights.map((spec) => ({ name: spec.name, ...seen.weight(spec) }));
  if (weights.length === 0) return lines;
  const most = (of: (weight: (typeof weights)[number]) => Float32Array | null, what: string) => {
    const sizes = weights.flatMap((weight) => {
      const values = of(weight);
      const isAny = values?.some(Number.isFinite) ?? false;
      return values && isAny ? [{ name: weight.name, size: largest(values) }] : [];
    });
    if (weights.every((weight) => of(weight) === null)) return [];
    if (sizes.length === 0) return [`no finite ${what}`];
    const { name, size } = sizes.reduce((a, b) => (b.size > a.size ? b : a));
    return [`${what} ${formatMagnitude(size)} in ${escapeControls(name)}`];
  };
  const sizes = [
    ...most(({ values }) => values, 'weight'),
    ...most(({ gradient }) => gradient, 'gradient'),
  ];
  return [...lines, `largest there: ${sizes.join(', ')}`];
}

function describeFirst(first: First, layers: readonly NetworkLayer[]): string {
  const layer = first.layer === null ? '' : layerName(layers, first.layer);
  switch (first.kind) {
    case 'output':
      return `${first.value} in the output of ${layer}${by(first.by)}`;
    case 'loss':
      return `${first.value} in the loss, of outputs that are finite${by(first.by)}`;
    case 'gradient':
      return `${first.value} in the gradient of ${first.tensor}${layer && `, from ${layer}`}`;
    case 'update':
      return first.what === 'optimizer state'
        ? `${first.value} in what the optimizer remembers of ${first.tensor} of ${layer}, of gradients that are finite`
        : `${first.value} in ${first.tensor} of ${layer} after the step, of gradients that are finite`;
  }
}

/** `, from log of -3 to -1` */
function by(seen: Extract<First, { kind: 'output' }>['by']): string {
  if (seen === null) return '';
  const ranges = seen.inputs.map(({ least, most }) =>
    least === most
      ? formatMagnitude(least)
      : `${formatMagnitude(least)} … ${formatMagnitude(most)}`,
  );
  return `, from ${seen.op} of ${ranges.join(' and ')}`;
}

/** The loss of the validation rows is not finite though the weights are: they are the last good ones. */
/** A callback has no rate for the next epoch: what was trained up to here is good. */
export function rateFailed(training: Training, { message, remedy }: RateFailed): NumbersFailed {
  const { epoch } = training.progress;
  const hasBegun = epoch > training.settings.initialEpoch;
  const advice = { lines: [remedy], smallerSteps: null };
  return new NumbersFailed(message, advice, hasBegun ? checkpointOf(training) : null);
}

function validationFailed(training: Training, loss: number): NumbersFailed {
  const { progress, validation, train, settings } = training;
  const problem = `epoch ${progress.epoch + 1}: expected a finite val_loss; found ${loss}`;
  const names = settings.inputNames ?? null;
  const ofAll = (samples: Samples) => largestInput(samples, null, names);
  const { value, name } = ofAll(validation ?? train);
  const lines = [
    `validation rows: inputs up to ${formatMagnitude(value)}, in ${name}; training rows: up to ${formatMagnitude(ofAll(train).value)}`,
    'bring the validation rows to the scale of the training rows, or try a lower --learning-rate',
  ];
  return new NumbersFailed(problem, { lines, smallerSteps: null }, checkpointOf(training));
}

/** The largest absolute value, and the input that has it: by its column, or by its place from 1. */
function largestInput(
  { x }: Samples,
  rows: ProbedRows | null,
  names: readonly string[] | null,
): { value: number; name: string } {
  const width = x.values.length / x.shape[0];
  const values = rows ? rowsOf(x.values, { x }, rows) : x.values;
  let at = 0;
  for (let i = 1; i < values.length; i++) {
    if (Math.abs(values[i]) > Math.abs(values[at])) at = i;
  }
  const column = at % width;
  return { value: Math.abs(values[at]), name: names?.[column] ?? `input ${column + 1}` };
}

/** The numbers of some rows. */
function rowsOf(
  values: Float32Array,
  { x }: Pick<Samples, 'x'>,
  { rows, first, count }: ProbedRows,
): Float32Array {
  const width = values.length / x.shape[0];
  const taken = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    const start = rows[first + i] * width;
    taken.set(values.subarray(start, start + width), i * width);
  }
  return taken;
}
