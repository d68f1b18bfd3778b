/** What a trained model's file says besides its weights: how it was made, and what it now is. */
import { isDeepStrictEqual } from 'node:util';
import type { Columns, FeatureColumn } from '../data/columns.ts';
import { shortestFloat32 } from '../float32.ts';
import type { History, LogValue } from '../records.ts';
import type { CallbackSpec } from '../spec/callbacks.ts';
import type { JsonObject, JsonValue } from '../spec/json.ts';
import type { Writable } from '../spec/write-spec.ts';
import type { FitResult } from '../training/fit.ts';
import type { Run, SettledRun } from './train-run.ts';
import { toolVersion } from './version.ts';

/** How far a run has come. */
type Reached = Pick<FitResult, 'engine' | 'blas' | 'lastEpoch' | 'step' | 'keptEpoch'>;

/** The `training` section: what a run was made of. No clock, no host, no user. */
export function trainingRecord(run: SettledRun, reached: Reached): Writable {
  const { settings, ...record } = runRecord(run);
  const { engine, blas, lastEpoch, step, keptEpoch } = reached;
  return {
    tool_version: record.tool_version,
    engine,
    blas,
    seed: record.seed,
    last_epoch: lastEpoch,
    // Batches of the epoch after it that were done when the run was stopped.
    more_batches: step > 0 ? step : undefined,
    kept_epoch: keptEpoch ?? lastEpoch,
    rows: run.train.x.shape[0],
    validation_rows: run.validation?.x.shape[0] ?? 0,
    settings,
  };
}

/** What has to be the same for a run to be the same run. */
export function runRecord(run: SettledRun): { readonly [key: string]: Writable } {
  const { compile, fit, division } = run;
  return {
    tool_version: toolVersion,
    seed: run.seed,
    settings: {
      ...compileRecord(compile),
      epochs: fit.epochs,
      initial_epoch: fit.initialEpoch,
      batch_size: fit.batchSize,
      validation_split: fit.validationSplit,
      ...division,
      validation_batch_size: fit.validationBatchSize,
      validation_freq: Array.isArray(fit.validationFreq)
        ? [...fit.validationFreq]
        : fit.validationFreq,
      shuffle: fit.shuffle,
      callbacks: fit.callbacks.map(callbackRecord),
      class_weight: fit.classWeight?.weights,
      keep: fit.keep,
      monitor: fit.monitor,
    },
  };
}

/** A callback as a spec writes it. */
function callbackRecord(spec: CallbackSpec): Writable {
  return spec.type === 'LearningRateScheduler'
    ? { ...spec, schedule: spec.schedule.text }
    : { ...spec };
}

/** The `history` section: float32 numbers, and null for metrics that were no number. */
export function historyRecord(history: History): Writable {
  const record = (value: LogValue): JsonValue =>
    typeof value === 'number' ? jsonNumber(value) : value.map(jsonNumber);
  return Object.fromEntries(
    Object.entries(history).map(([name, values]) => [name, values.map(record)]),
  );
}

/** A float32 whose shortest text as a double is its own; JSON has no NaN and no infinity. */
function jsonNumber(value: number): number | null {
  return Number.isFinite(value) ? Number(shortestFloat32(value)) : null;
}

/** The column contract as JSON. */
export function columnsRecord(columns: Columns): Writable {
  const { sample_weight, unused } = columns;
  return {
    header: columns.header,
    na: columns.na,
    decimal_comma: columns.decimal_comma,
    features: columns.features.map(featureRecord),
    targets: columns.targets.map((column) => ({ ...column })),
    sample_weight: sample_weight && { ...sample_weight },
    unused: unused?.map((column) => ({ ...column })),
  };
}

function featureRecord(feature: FeatureColumn): Writable {
  if (feature.kind !== 'date') return { ...feature };
  return { ...feature, parts: feature.parts.map((part) => ({ ...part })) };
}

/**
 * The spec of a trained model: as the user wrote it, with what it left open and training had to
 * settle (the input's shape, the loss), and with the compile arguments that options changed, so that
 * the file can be used without the data and says what was done.
 */
export function trainedSpec({ model, network, compile }: SettledRun): Record<string, Writable> {
  const document: JsonObject = model.document;
  const { optimizer, loss, metrics, weightedMetrics } = compile;
  const used = { optimizer, loss, metrics, weighted_metrics: weightedMetrics };
  return {
    ...document,
    ...(model.spec.input_shape ? {} : { input_shape: network.inputShape }),
    ...(isDeepStrictEqual(model.spec.compile, used) ? {} : { compile: compileRecord(compile) }),
  };
}

/** The compile arguments in the object form, nothing left open. */
function compileRecord({
  optimizer,
  loss,
  metrics,
  weightedMetrics,
}: Run['compile']): Record<string, Writable | undefined> {
  const weighted = weightedMetrics.map((metric) => ({ ...metric }));
  return {
    optimizer: { ...optimizer },
    loss: { ...loss },
    metrics: metrics.map((metric) => ({ ...metric })),
    weighted_metrics: weighted.length > 0 ? weighted : undefined,
  };
}
