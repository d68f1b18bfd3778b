/** A table of which every column that matters was surveyed, and what its rows say in single columns. */
import { ExitCode, UserError } from '../errors.ts';
import { type BegunTable, eachBatch } from './begun-table.ts';
import { CellProblems, noteTexts } from './cell-problems.ts';
import type { CellSyntax } from './cell-syntax.ts';
import type { ChosenColumns } from './choose-columns.ts';
import type { Heading } from './heading.ts';
import { textsOf } from './row.ts';
import { areNumbers, ColumnSurvey, type SurveyedColumn } from './survey.ts';

/** The columns of a table. */
export interface Survey {
  readonly rows: number;
  /** By index; only those that were chosen for something. */
  readonly columns: readonly SurveyedColumn[];
  /** The cells of all rows; null where nobody will want them. */
  readonly cells: readonly (readonly string[])[] | null;
}

/**
 * Reads all rows.
 *
 * @param keepCells  whether the cells of all rows will be wanted as they are
 * @throws {UserError} exit 3 where there are none, and what the reader throws
 */
export async function surveyTable(
  begun: BegunTable,
  chosen: ChosenColumns,
  keepCells: boolean,
): Promise<Survey> {
  const { heading, syntax } = begun;
  const used = new Set([
    ...chosen.features,
    ...chosen.targets,
    ...[chosen.sampleWeight, chosen.split].filter((index) => index !== null),
  ]);
  const names = new Set([...chosen.targets, ...chosen.categorical, chosen.split]);
  const surveys = new Map(
    [...used].map((index) => [index, new ColumnSurvey(index, syntax, names.has(index))]),
  );
  const cells: (readonly string[])[] = [];
  let rows = 0;
  const finishAll = () => {
    const columns: SurveyedColumn[] = [];
    for (const [index, survey] of surveys) columns[index] = survey.finish();
    return columns;
  };
  await eachBatch(
    begun,
    (batch, rowsAsRead) => {
      rows += batch.rows;
      for (const survey of surveys.values()) survey.add(batch);
      if (keepCells) for (const row of textsOf(rowsAsRead)) cells.push(row.cells);
    },
    () => checkSoFar(heading, finishAll()),
  );
  if (rows === 0) {
    const problem = `${heading.at(heading.line)}: expected rows below the header; found none`;
    throw new UserError(ExitCode.data, problem);
  }
  return { rows, columns: finishAll(), cells: keepCells ? cells : null };
}

/** What stops the reading may have begun with cells that are wrong: these are reported first. */
function checkSoFar(heading: Heading, columns: readonly SurveyedColumn[]): void {
  const problems = new CellProblems(heading);
  columns.forEach((column, index) => {
    if (areNumbers(column)) noteTexts(problems, index, column);
  });
  problems.check('part');
}

/** Whether all cells of a column have a value that fits it. */
export function isComplete({ missing, texts, values }: SurveyedColumn): boolean {
  return missing.count === 0 && (values.form === 'codes' || texts.count === 0);
}

/** Whether a row has a value in a column. */
export function presence(
  { values }: SurveyedColumn,
  { isMissing }: CellSyntax,
): (row: number) => boolean {
  if (values.form === 'free text') return () => true;
  if (values.form === 'codes') {
    const isThere = values.texts.map((text) => !isMissing(text));
    return (row) => isThere[values.codes[row]];
  }
  return (row) => !Number.isNaN(values.values[row]);
}

/**
 * The text of a row in a column.
 *
 * @param label  what messages call the column
 * @throws {UserError} exit 3 where there were too many texts to keep
 */
export function wordsOf({ values }: SurveyedColumn, label: string): (row: number) => string {
  if (values.form === 'codes') return (row) => values.texts[values.codes[row]];
  if (values.form !== 'free text') return (row) => String(values.values[row]);
  throw new UserError(ExitCode.data, `${label}: expected fewer different texts; found free text`);
}
