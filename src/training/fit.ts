/**
 * Training: epochs of batches over rows in memory. Free of files, terminals and clocks: it yields
 * plain reports, and whoever iterates decides what to print and when to stop.
 */
import { chooseEngine } from '../engine/choose.ts';
import type { Session } from '../engine/engine.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { LayerWeights, NdArray } from '../ndarray.ts';
import type { Network } from '../nn/network.ts';
import { randomStream, shuffle } from '../random.ts';
import type { FitReport, History, Logs } from '../records.ts';
import { type CompiledModel, type CompileSettings, compileModel, INPUTS } from './compile.ts';
import { EpochMeans } from './epoch-means.ts';
import { loadWeights, saveWeights } from './weights.ts';

/** Samples and their targets. The first axis of both is the sample. */
export interface Samples {
  /** `[n, ...input shape]` */
  readonly x: NdArray;
  /** `[n, ...target shape]`: numbers, class numbers, or one-hot rows, as the loss wants them. */
  readonly y: NdArray;
}

export interface FitSettings extends CompileSettings {
  /** The final epoch's number, as in Keras: with `initialEpoch` 10 and `epochs` 12, two are run. */
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly batchSize: number;
  /** Whether rows come in a new random order in each epoch. */
  readonly shuffle: boolean;
  readonly seed: number;
}

/** What `fit` returns when it is done. */
export interface FitResult {
  readonly weights: LayerWeights[];
  readonly history: History;
  /** The engine that computed it. */
  readonly engine: string;
}

/**
 * Trains, yielding a report at the start of each epoch, after each batch and at the end of each epoch.
 *
 * Each epoch uses every row once; the last batch may be short and counts by its rows in the epoch's
 * means. Validation rows are measured after each epoch with the weights of its end.
 *
 * @param weights  where to start; not changed
 * @throws {UserError} (exit 5) at the first batch whose loss is not finite
 */
export function* fit(
  network: Network,
  weights: readonly LayerWeights[],
  train: Samples,
  validation: Samples | null,
  settings: FitSettings,
): Generator<FitReport, FitResult> {
  const rows = train.x.shape[0];
  const batchSize = Math.min(settings.batchSize, Math.max(rows, validation?.x.shape[0] ?? 0));
  const model = compileModel(network, settings, train.y.shape.slice(1), batchSize);
  const engine = chooseEngine();
  const session = engine.prepare(model.plan, settings.seed);
  loadWeights(session, model.parameters, weights);

  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const random = randomStream(settings.seed, 'shuffle');
  const steps = Math.ceil(rows / batchSize);
  const history: History = {};
  const { epochs } = settings;
  let step = 0;
  session.write(INPUTS.learningRate, [settings.optimizer.learning_rate]);

  for (let epoch = settings.initialEpoch; epoch < epochs; epoch++) {
    yield { kind: 'epoch-begin', epoch, epochs, steps };
    if (settings.shuffle) shuffle(order, random);
    const means = new EpochMeans(session, model.train);
    for (let first = 0; first < rows; first += batchSize) {
      const count = Math.min(batchSize, rows - first);
      step++;
      session.write(INPUTS.step, [step]);
      session.gather(INPUTS.x, train.x.values, order, first, count);
      session.gather(INPUTS.y, train.y.values, order, first, count);
      session.run('train', count, step);
      means.add(count);
      const batch = Math.ceil((first + count) / batchSize);
      if (!Number.isFinite(means.lastLoss)) throw notFinite(epoch, batch, means.lastLoss);
      yield { kind: 'batch-end', step: batch, steps, logs: means.logs() };
    }
    const logs = [...means.logs(), ...validationLogs(session, model, validation, batchSize)];
    for (const [name, value] of logs) {
      history[name] ??= [];
      history[name].push(value);
    }
    yield { kind: 'epoch-end', epoch, epochs, steps, logs };
  }
  return { weights: saveWeights(session, model.parameters, network), history, engine: engine.name };
}

/** Loss and metrics of the validation rows, named `val_…`, in batches and in order. */
function validationLogs(
  session: Session,
  model: CompiledModel,
  validation: Samples | null,
  batchSize: number,
): Logs {
  if (!validation) return [];
  const rows = validation.x.shape[0];
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const means = new EpochMeans(session, model.evaluate);
  for (let first = 0; first < rows; first += batchSize) {
    const count = Math.min(batchSize, rows - first);
    session.gather(INPUTS.x, validation.x.values, order, first, count);
    session.gather(INPUTS.y, validation.y.values, order, first, count);
    session.run('evaluate', count, 0);
    means.add(count);
  }
  return means.logs().map(([name, value]) => [`val_${name}`, value] as const);
}

function notFinite(epoch: number, batch: number, loss: number): UserError {
  return new UserError(
    ExitCode.numbers,
    `epoch ${epoch + 1}, batch ${batch}: expected a finite loss; found ${loss}`,
    'try a lower --learning-rate, or bring the inputs to a similar scale',
  );
}
