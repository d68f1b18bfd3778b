/** What is told about a first training table: each guess in a line, with the option that turns it the other way. */
import { formatShort, formatThousands, quote } from '../words.ts';
import type { CellSyntax } from './cell-syntax.ts';
import { numberAt, numbersOf, type RowSelection } from './column-profile.ts';
import type { Columns, FeatureColumn } from './columns.ts';
import { countsUp } from './decide-kind.ts';
import type { DecidedTable } from './decided-table.ts';
import type { Guess } from './feature-reason.ts';
import { describeFormula } from './feature-text.ts';
import { columnLabel, type Heading } from './heading.ts';
import { leftOutNote } from './known-table.ts';
import { trainingNumbers } from './scaling.ts';
import type { SplitWish } from './split-wish.ts';
import { momentsOf } from './statistics.ts';
import type { SurveyedColumn } from './survey.ts';
import { splitNote } from './table-parts.ts';

/** With more guesses than this, columns of which the same was guessed share a line. */
const MANY_LINES = 12;
/** Fewer columns than this have their lines all the same. */
const GROUP = 3;

/** Lines for people: guesses, then what became of the rows, then warnings. */
export function notesOn(decided: DecidedTable, wish: SplitWish | undefined): readonly string[] {
  const { columns, withoutTarget, incomplete, split, targets } = decided;
  const part = (rows: RowSelection) => ({
    rows: rows.length,
    y: { shape: [rows.length, 1], values: targets[0].valuesOf(rows) },
  });
  return [
    ...guessNotes(decided),
    ...scalingNote(columns),
    ...targetNotes(columns),
    ...leftOutNote(withoutTarget, 'a target'),
    ...leftOutNote(incomplete, 'a value (--missing drop)'),
    ...(wish
      ? splitNote(
          wish,
          {
            training: part(split.training),
            validation: split.validation.length > 0 ? part(split.validation) : null,
            test: split.test.length > 0 ? part(split.test) : null,
          },
          columns.targets,
        )
      : []),
    ...countNotes(decided),
    ...leakNotes(decided),
  ];
}

/** One line for each guess about a column; in wide tables one for all columns that are alike. */
function guessNotes({ decisions, heading }: DecidedTable): readonly string[] {
  const guessed = decisions.flatMap(({ index, guess }) => (guess ? [{ index, guess }] : []));
  const alike = new Map<string, { index: number; guess: Guess }[]>();
  for (const each of guessed) {
    const others = alike.get(each.guess.common);
    if (others) others.push(each);
    else alike.set(each.guess.common, [each]);
  }
  const isWide = guessed.length > MANY_LINES;
  return guessed.flatMap(({ index, guess }) => {
    const { text, common, remedy } = guess;
    const group = alike.get(common) ?? [];
    const option = remedy === null ? '' : ` (${remedy})`;
    if (!isWide || group.length < GROUP) return [`${labelOf(heading, index)}: ${text}${option}`];
    // The first of a group speaks for all.
    if (group[0].index !== index) return [];
    const names = nameSome(
      heading,
      group.map((each) => each.index),
    );
    return [`${formatThousands(group.length)} columns ${common}: ${names}${option}`];
  });
}

function labelOf({ header, names }: Heading, index: number): string {
  return columnLabel(header, names, index);
}

/** `"a", "b", "c" and 9 more`; positions where there are no names. */
function nameSome({ header, names }: Heading, indices: readonly number[]): string {
  const name = (index: number) => {
    const own = header ? names[index] : '';
    return own === '' ? String(index + 1) : quote(own);
  };
  const shown = indices.slice(0, GROUP).map(name).join(', ');
  const more = indices.length - GROUP;
  return more > 0 ? `${shown} and ${formatThousands(more)} more` : shown;
}

function scalingNote({ features }: Columns): readonly string[] {
  const scaled = features.flatMap((feature) =>
    'normalize' in feature && feature.normalize ? [feature.normalize] : [],
  );
  if (scaled.length === 0) return [];
  const what = scaled.length === 1 ? '1 column' : `${formatThousands(scaled.length)} columns`;
  return [`${what} of numbers scaled: ${scaled[0]} (--normalize)`];
}

function targetNotes({ targets }: Columns): readonly string[] {
  const back = 'predictions are turned back, the log is not (--normalize-target no)';
  const scaled = targets.filter((target) => target.kind === 'number' && target.scale !== undefined);
  if (scaled.length > GROUP) {
    const names = `${quote(scaled[0].name)} and ${formatThousands(scaled.length - 1)} more`;
    return [`targets ${names}: learnt as (x - mean) / deviation; ${back}`];
  }
  return scaled.map((target) => {
    const formula = target.kind === 'number' ? describeFormula(target) : '';
    return `target ${quote(target.name)}: learnt as ${formula}; ${back}`;
  });
}

/** So few rows may be alike by chance. */
const FEW_ROWS = 10;

/** A warning of features that only count the rows, beside others: an identifier, as a rule. */
function countNotes({ columns, survey, syntax, heading }: DecidedTable): readonly string[] {
  if (columns.features.length === 1 || survey.rows < FEW_ROWS) return [];
  return columns.features.flatMap(({ kind, name, position }) =>
    kind === 'number' && countsUp(survey.columns[position - 1], syntax)
      ? [
          `warning: ${labelOf(heading, position - 1)} counts the rows; if it says nothing else, leave it out: --ignore ${quote(name)}`,
        ]
      : [],
  );
}

const NO_CLASSES = new Float32Array(0);

/** A warning of features that say the same as the target. */
export function leakNotes(decided: DecidedTable): readonly string[] {
  const { columns, survey, split, targets, syntax, heading } = decided;
  const { training } = split;
  if (columns.targets.length > 1 || training.length < FEW_ROWS) return [];
  const [{ position, kind }] = columns.targets;
  const y = kind === 'class' ? targets[0].valuesOf(training) : NO_CLASSES;
  const leaks = columns.features.filter((feature) =>
    kind === 'class'
      ? areSameClasses(survey.columns[feature.position - 1], y, training)
      : areSameNumbers(feature, survey.columns, position - 1, training, syntax),
  );
  const places = leaks.map((feature) => feature.position - 1);
  const remedy = 'in every row; if it is not known beforehand, leave it out: --ignore';
  if (leaks.length > GROUP) {
    const names = nameSome(heading, places);
    return [
      `warning: ${leaks.length} columns say the same as the target ${remedy} NAMES: ${names}`,
    ];
  }
  return leaks.map((feature) => {
    const label = labelOf(heading, feature.position - 1);
    return `warning: ${label} says the same as the target ${remedy} ${quote(feature.name)}`;
  });
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
  // One class alone says nothing.
  return codeOf.size > 1;
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
  const varies = rows.some((row) => y(row) !== y(rows[0]));
  return varies && rows.every((row) => x(row) === y(row));
}

/** Deviations further apart than this train badly. */
const MAX_RATIO = 10;

/** A hint where number columns that nobody scales are of very different size. */
export function scaleHint(decided: DecidedTable): string | null {
  const { decisions, survey, split, syntax, heading } = decided;
  const sizes = decisions.flatMap(({ index, feature }) => {
    if (feature?.kind !== 'number' || feature.normalize) return [];
    const values = numbersOf(
      survey.columns[index],
      split.training,
      (text) => syntax.number(text) ?? Number.NaN,
    );
    const { present } = trainingNumbers(values);
    const deviation = present.length === 0 ? 0 : momentsOf(present).deviation;
    return deviation > 0 ? [{ index, deviation }] : [];
  });
  if (sizes.length < 2) return null;
  const least = sizes.reduce((a, b) => (b.deviation < a.deviation ? b : a));
  const most = sizes.reduce((a, b) => (b.deviation > a.deviation ? b : a));
  if (most.deviation <= MAX_RATIO * least.deviation) return null;
  const of = ({ index, deviation }: typeof least) =>
    `${labelOf(heading, index)} varies by ${formatShort(deviation)}`;
  return `hint: ${of(least)}, ${of(most)}; --normalize zscore brings columns to one size`;
}
