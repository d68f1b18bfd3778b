/** What an evaluation found, beside the baseline: an aligned table for people, a document for scripts. */
import { shortestFloat32 } from '../float32.ts';
import type { Evaluation, EvaluationMeasures, Logs, LogValue } from '../records.ts';
import { escapeControls, escapeJson, formatThousands, quote } from '../words.ts';
import { oneNumber } from './progress-bar.ts';
import { formatFixed, formatScientific } from './python.ts';

const HEAD = ['measure', 'model', 'baseline'] as const;
const GAP = '  ';

/**
 * The table, and below it what the baseline is. Numbers have the digits of Keras's log, several values
 * of one metric are shown by their mean; a metric that says what a score above it says is left out.
 *
 * @param classes  what the class numbers are called; null where they have no names
 */
export function formatEvaluation(
  evaluation: Evaluation,
  classes: readonly string[] | null,
): string {
  const rows = rowsOf(evaluation).map(({ name, model, baseline }) => [
    escapeControls(name),
    formatMeasure(model),
    formatMeasure(baseline),
  ]);
  const table = [HEAD, ...rows];
  const widths = HEAD.map((_, i) => Math.max(...table.map((cells) => cells[i].length)));
  const lines = table.map(([name, ...numbers]) => {
    const right = numbers.map((text, i) => text.padStart(widths[i + 1]));
    return [name.padEnd(widths[0]), ...right].join(GAP);
  });
  return [...lines, `baseline: ${describeBaseline(evaluation, classes)}`, ''].join('\n');
}

interface Row {
  readonly name: string;
  readonly model: number;
  readonly baseline: number;
}

function rowsOf({ model, baseline }: Evaluation): Row[] {
  const pairs = (own: Logs, other: Logs): Row[] =>
    own.map(([name, value], i) => {
      return { name, model: oneNumber(value), baseline: oneNumber(other[i][1]) };
    });
  const loss = { name: 'loss', model: model.loss, baseline: baseline.loss };
  const scores = [loss, ...pairs(model.scores, baseline.scores)];
  const metrics = pairs(model.metrics, baseline.metrics);
  const isSaid = (row: Row) => scores.some((score) => isSame(score, row));
  return [...scores, ...metrics.filter((row) => !isSaid(row))];
}

function isSame(a: Row, b: Row): boolean {
  return a.name === b.name && a.model === b.model && a.baseline === b.baseline;
}

/** Four digits behind the point; small values with an exponent. */
function formatMeasure(value: number): string {
  const isSmall = Math.abs(value) <= 1e-3 && value !== 0;
  return isSmall ? formatScientific(value, 4) : formatFixed(value, 4);
}

function describeBaseline(
  { rows, targets, commonest }: Evaluation,
  classes: readonly string[] | null,
): string {
  const these = rows === 1 ? 'this 1 row' : `these ${formatThousands(rows)} rows`;
  if (targets === 'numbers') return `always the mean of the targets of ${these}`;
  if (commonest === null) {
    return `for each output always the commoner of 0 and 1 in ${these}, with its share as probability`;
  }
  const name = quote(classes?.[commonest] ?? String(commonest));
  return `always ${name}, the commonest class of ${these}, with its share as probability`;
}

/**
 * A JSON document with two blanks of indentation and a final line break: `loss`, `rows`, the scores by
 * name, `metrics`, and the same under `baseline`. Numbers are the shortest decimals of float32; what is
 * not finite is null.
 */
export function formatEvaluationJson({ rows, model, baseline }: Evaluation): string {
  const document = { ...asJson(model, rows), baseline: asJson(baseline, rows) };
  return `${escapeJson(JSON.stringify(document, null, 2))}\n`;
}

function asJson({ loss, scores, metrics }: EvaluationMeasures, rows: number) {
  const values = (logs: Logs) =>
    Object.fromEntries(logs.map(([name, value]) => [name, plain(value)]));
  return { loss: plain(loss), rows, ...values(scores), metrics: values(metrics) };
}

/** JSON has no NaN: `stringify` makes it null. */
function plain(value: LogValue): LogValue {
  const number = (x: number) => Number(shortestFloat32(x));
  return typeof value === 'number' ? number(value) : value.map(number);
}
