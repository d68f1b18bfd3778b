/** Evaluates small models in memory: what the tests of `evaluate` share. */
import { expect } from 'vitest';
import type { Evaluation, Logs } from '../../src/records.ts';
import { evaluate } from '../../src/training/evaluate.ts';
import type { Samples } from '../../src/training/run.ts';
import type { Nested } from '../close.ts';
import { type Model, modelOf, samplesOf, weightsOf } from './train-model.ts';

interface Changes {
  readonly batchSize?: number;
  readonly areClasses?: boolean;
}

/** Evaluates to the end, with these weights; keeps what was said after each batch. */
export function evaluated(
  { network, settings }: Model,
  samples: Samples,
  weights: ReturnType<typeof weightsOf>,
  { batchSize = 32, areClasses = false }: Changes = {},
): Evaluation & { readonly reports: { step: number; steps: number; logs: Logs }[] } {
  const reports: { step: number; steps: number; logs: Logs }[] = [];
  const batches = evaluate(network, weights, samples, { ...settings, batchSize, areClasses });
  for (;;) {
    const next = batches.next();
    if (next.done) return { ...next.value, reports };
    const { step, steps, logs } = next.value;
    reports.push({ step, steps, logs: logs() });
  }
}

/** A network without hidden layers whose output is its input. */
export function identity(outputs: number, compile: object, layer: object = {}): Model {
  return modelOf({ input_shape: [outputs], layers: [{ units: outputs, ...layer }], compile });
}
/** The kernel and bias that change nothing. */
export const unit = (size: number): Nested[] => [
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => Number(i === j))),
  new Array<number>(size).fill(0),
];
/** Evaluates the model whose outputs are (before the activation) these numbers. */
export function scored(
  model: Model,
  outputs: number[][],
  y: Nested,
  changes: Changes = {},
): Evaluation {
  const weights = weightsOf(model.network, unit(outputs[0].length));
  const { reports, ...evaluation } = evaluated(model, samplesOf(outputs, y), weights, changes);
  expect(reports.length).toBeGreaterThan(0);
  return evaluation;
}

/** Close enough for sums of float32. */
export const near = (value: number): unknown => expect.closeTo(value, 5);
export const mean = (values: readonly number[]) =>
  values.reduce((a, b) => a + b, 0) / values.length;
