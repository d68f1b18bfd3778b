/** Whether metrics fit what a network gives and what it is measured against. */
import { ExitCode, UserError } from '../errors.ts';
import { formatShape } from '../ndarray.ts';
import { metrics } from '../nn/metrics.ts';
import type { Network } from '../nn/network.ts';
import type { MetricSpec } from '../spec/metrics.ts';
import { type Measured, measuredMetrics } from './measured.ts';

/**
 * Checks every metric.
 *
 * @param targetShape  of one sample, as `checkTargets` leaves it: `[…, 1]` for class numbers
 * @throws {UserError} exit 2 for metrics that cannot be measured on these outputs and targets
 */
export function checkMetrics(
  network: Network,
  measured: Measured,
  targetShape: readonly number[],
): void {
  const problems: Problem[] = [];
  for (const { name, spec } of measuredMetrics(measured)) {
    const problem =
      targetProblem(spec, network, targetShape) ?? argumentProblem(spec, network.outputShape);
    if (problem) problems.push({ ...problem, text: `metric ${name}: ${problem.text}` });
  }
  if (problems.length === 0) return;
  throw new UserError(
    ExitCode.usage,
    problems.map(({ text }) => text),
    problems.find(({ remedy }) => remedy)?.remedy,
  );
}

interface Problem {
  readonly text: string;
  readonly remedy?: string;
}

function targetProblem(
  { type }: MetricSpec,
  { outputShape }: Network,
  targetShape: readonly number[],
): Problem | undefined {
  const { targets } = metrics[type];
  const outputs = lastOf(outputShape);
  const hasClassNumbers = outputs > 1 && lastOf(targetShape) === 1;
  if (targets === 'by shape') return undefined;
  if ((targets === 'one per class' || targets === 'class numbers') && outputs === 1) {
    const remedy = 'for two classes and one output use binary_accuracy or binary_crossentropy';
    return { text: 'expected 2 or more outputs, one for each class; found 1', remedy };
  }
  if (targets === 'class numbers') {
    if (hasClassNumbers) return undefined;
    const found = `found targets of shape ${formatShape([null, ...targetShape])}`;
    const remedy = 'for one column per class use the metric without "sparse_"';
    return { text: `expected class numbers; ${found}`, remedy };
  }
  if (!hasClassNumbers) return undefined;
  return {
    text: `expected targets of shape ${formatShape([null, ...outputShape])}; found class numbers`,
    remedy:
      'for class numbers there are accuracy and the metrics whose names begin with "sparse_"; ' +
      'for all others give one column per class and use categorical_crossentropy',
  };
}

/** What a metric's own arguments say about the number of outputs. */
function argumentProblem(spec: MetricSpec, outputShape: readonly number[]): Problem | undefined {
  const outputs = lastOf(outputShape);
  if (isByColumn(spec) && outputShape.length > 1) {
    const found = `found ${formatShape([null, ...outputShape])}`;
    return { text: `expected outputs of one axis; ${found}`, remedy: 'add a Flatten layer' };
  }
  if ('class_id' in spec && spec.class_id !== null && spec.class_id >= outputs) {
    return { text: `expected a class_id from 0 to ${outputs - 1}; found ${spec.class_id}` };
  }
  if ('top_k' in spec && spec.top_k !== null && spec.top_k > outputs) {
    return { text: `expected a top_k of at most ${outputs}, the outputs; found ${spec.top_k}` };
  }
  if (spec.type !== 'auc') return undefined;
  const { label_weights, num_labels, multi_label } = spec;
  if (label_weights && label_weights.length !== outputs) {
    const found = `found ${label_weights.length}`;
    return { text: `expected ${outputs} label_weights, one for each output; ${found}` };
  }
  if (num_labels === null) return undefined;
  if (!multi_label) return { text: 'num_labels: expected only with multi_label; found it without' };
  return num_labels === outputs
    ? undefined
    : { text: `expected ${outputs} num_labels, the outputs; found ${num_labels}` };
}

/** Metrics that keep one count or sum for each output. */
function isByColumn(spec: MetricSpec): boolean {
  const byColumn: readonly MetricSpec['type'][] = ['f1_score', 'f_beta_score', 'r2_score'];
  return byColumn.includes(spec.type) || (spec.type === 'auc' && spec.multi_label);
}

function lastOf(shape: readonly number[]): number {
  return shape.at(-1) ?? 1;
}
