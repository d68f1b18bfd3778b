/** What is told about a first training table: each guess in a line, with the option that turns it the other way. */
import { formatThousands, quote } from '../words.ts';
import type { CellSyntax } from './cell-syntax.ts';
import { numberAt, numbersOf, type RowSelection } from './column-profile.ts';
import type { Columns, FeatureColumn } from './columns.ts';
import type { FeatureDecision } from './decide-features.ts';
import { columnLabel, type Heading } from './heading.ts';
import { leftOutNote } from './known-table.ts';
import { trainingNumbers } from './scaling.ts';
import type { RowSplit } from './split.ts';
import type { SplitWish } from './split-wish.ts';
import { momentsOf } from './statistics.ts';
import type { SurveyedColumn } from './survey.ts';
import { splitNote } from './table-parts.ts';
import type { DecidedTarget } from './targets.ts';

/** All that there may be something to tell about. */
interface NewTableFacts {
  readonly heading: Heading;
  readonly columns: Columns;
  readonly decisions: readonly FeatureDecision[];
  readonly surveyed: readonly SurveyedColumn[];
  /** Rows that were left out. */
  readonly withoutTarget: number;
  readonly incomplete: number;
  readonly split: RowSplit;
  readonly wish: SplitWish | undefined;
  readonly targets: readonly DecidedTarget[];
  readonly syntax: CellSyntax;
}

/** Lines for people. */
export function notesOn(facts: NewTableFacts): readonly string[] {
  const { heading, columns, decisions, withoutTarget, incomplete, split, wish, targets } = facts;
  const label = (index: number) => columnLabel(heading.header, heading.names, index);
  const part = (rows: RowSelection) => ({
    rows: rows.length,
    y: { shape: [rows.length, 1], values: targets[0].valuesOf(rows) },
  });
  return [
    ...decisions.flatMap((decision) => decisionNote(decision, label(decision.index))),
    ...scalingNote(columns),
    ...columns.targets.flatMap((target) =>
      target.kind === 'number' && target.scale !== undefined
        ? [
            `target ${quote(target.name)}: learnt as (x - ${short(target.shift ?? 0)}) / ${short(target.scale)}; predictions are turned back, the log is not (--normalize-target no)`,
          ]
        : [],
    ),
    ...leftOutNote(withoutTarget, 'a target'),
    ...leftOutNote(incomplete, 'a value (--missing drop)'),
    ...(wish
      ? splitNote(
          wish,
          {
            training: part(split.training),
            validation: split.validation.length > 0 ? part(split.validation) : null,
          },
          split.test.length,
          columns.targets,
        )
      : []),
    ...leakNotes(facts, label),
  ];
}

/** One line for whatever is done with a column beyond taking its numbers. */
function decisionNote(
  { feature, reason, remedy, profile }: FeatureDecision,
  label: string,
): readonly string[] {
  if (feature?.kind === 'number' && profile.missing === 0) return [];
  const kind = feature === null ? '' : `${feature.kind}: `;
  return [`${label}: ${kind}${reason}${remedy === null ? '' : ` (${remedy})`}`];
}

function scalingNote({ features }: Columns): readonly string[] {
  const scaled = features.flatMap((feature) =>
    'normalize' in feature && feature.normalize ? [feature.normalize] : [],
  );
  if (scaled.length === 0) return [];
  const what = scaled.length === 1 ? '1 column' : `${formatThousands(scaled.length)} columns`;
  return [`${what} of numbers scaled: ${scaled[0]} (--normalize)`];
}

/** So few rows may be alike by chance. */
const FEW_ROWS = 10;

const NO_CLASSES = new Float32Array(0);

/** Features that say the same as the target. */
function leakNotes(
  { columns, surveyed, split, targets, syntax }: NewTableFacts,
  label: (index: number) => string,
): readonly string[] {
  const { training } = split;
  if (columns.targets.length > 1 || training.length < FEW_ROWS) return [];
  const [{ position, kind }] = columns.targets;
  const y = kind === 'class' ? targets[0].valuesOf(training) : NO_CLASSES;
  return columns.features
    .filter((feature) =>
      kind === 'class'
        ? areSameClasses(surveyed[feature.position - 1], y, training)
        : areSameNumbers(feature, surveyed, position - 1, training, syntax),
    )
    .map(
      (feature) =>
        `warning: ${label(feature.position - 1)} says the same as the target in every row; if it is not known beforehand, leave it out: --ignore ${quote(feature.name)}`,
    );
}

/** Whether each text stands for one class and each class for one text. */
function areSameClasses({ values }: SurveyedColumn, y: Float32Array, rows: RowSelection): boolean {
  if (values.form !== 'codes') return false;
  const classOf = new Map<number, number>();
  const codeOf = new Map<number, number>();
  for (let i = 0; i < rows.length; i++) {
    const code = values.codes[rows[i]];
    if ((classOf.get(code) ?? y[i]) !== y[i] || (codeOf.get(y[i]) ?? code) !== code) return false;
    classOf.set(code, y[i]);
    codeOf.set(y[i], code);
  }
  return true;
}

function areSameNumbers(
  { kind, position }: FeatureColumn,
  surveyed: readonly SurveyedColumn[],
  target: number,
  rows: RowSelection,
  { number }: CellSyntax,
): boolean {
  if (kind !== 'number') return false;
  const read = (text: string) => number(text) ?? Number.NaN;
  const [x, y] = [position - 1, target].map((index) => numberAt(surveyed[index], read));
  return rows.every((row) => x(row) === y(row));
}

/** Deviations further apart than this train badly. */
const MAX_RATIO = 10;

/**
 * A hint where number columns that nobody scales are of very different size.
 *
 * @param rows  to train with
 */
export function scaleHint(
  { header, names }: Heading,
  decisions: readonly FeatureDecision[],
  surveyed: readonly SurveyedColumn[],
  rows: RowSelection,
  { number }: CellSyntax,
): string | null {
  const sizes = decisions.flatMap(({ index, feature }) => {
    if (feature?.kind !== 'number' || feature.normalize) return [];
    const values = numbersOf(surveyed[index], rows, (text) => number(text) ?? Number.NaN);
    const { present } = trainingNumbers(values);
    const deviation = present.length === 0 ? 0 : momentsOf(present).deviation;
    return deviation > 0 ? [{ index, deviation }] : [];
  });
  if (sizes.length < 2) return null;
  const least = sizes.reduce((a, b) => (b.deviation < a.deviation ? b : a));
  const most = sizes.reduce((a, b) => (b.deviation > a.deviation ? b : a));
  if (most.deviation <= MAX_RATIO * least.deviation) return null;
  const of = ({ index, deviation }: typeof least) =>
    `${columnLabel(header, names, index)} varies by ${short(deviation)}`;
  return `hint: ${of(least)}, ${of(most)}; --normalize zscore brings columns to one size`;
}

function short(value: number): string {
  return Math.abs(value) >= 1e6
    ? formatThousands(Math.round(value))
    : String(Number(value.toPrecision(4)));
}
