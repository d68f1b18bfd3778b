/** Is the first row of a table its header? Names are; numbers are data; what may be either is asked about. */
import { ExitCode, UserError } from '../errors.ts';
import { quote } from '../words.ts';
import { type CellSyntax, USUAL_SYNTAX } from './cell-syntax.ts';
import { allColumns, type Columns } from './columns.ts';

/** The first row of a table. */
interface FirstRow {
  readonly cells: readonly string[];
  readonly line: number;
}

/** What was found out, and whether a person may want to know. */
export interface Sniffed {
  readonly header: boolean;
  /** Some of its cells are numbers, so that it may have been a row. */
  readonly isDoubtful: boolean;
}

/**
 * Whether the first row of a training table is a header. All numbers: no. Names and no number: yes.
 * Names and numbers: yes if the second row has a number below a name, for then the rows differ in
 * kind (`label,0,1` above `5,0,0`).
 *
 * @throws {UserError} exit 3 if the rows are alike (`5.1,setosa` above `4.9,setosa`, or
 *   `country,2019` above `France,7`), or if there is no name but a missing value (`5.1,NA`), for
 *   then either reading could lose a row or the names
 */
export function sniffHeader(
  source: string,
  first: FirstRow,
  second: { readonly cells: readonly string[] } | undefined,
  syntax: CellSyntax = USUAL_SYNTAX,
): Sniffed {
  const { isNumber, isName } = tests(syntax);
  const numbers = first.cells.filter(isNumber).length;
  if (numbers === first.cells.length) return { header: false, isDoubtful: false };
  if (!first.cells.some(isName)) throw undecided(source, first, syntax);
  if (numbers === 0) return { header: true, isDoubtful: false };
  const isHeader =
    second === undefined ||
    second.cells.some((cell, i) => isName(first.cells[i]) && isNumber(cell));
  if (!isHeader) throw undecided(source, first, syntax);
  return { header: true, isDoubtful: true };
}

/**
 * Whether the first row of a table that comes after training is a header. A model trained with a
 * header takes every row that is not all numbers for one. Without (or without a contract), only a row
 * without any number can be one, and none where no feature is a number.
 *
 * @throws {UserError} exit 3 for a row of numbers and missing values, or of these alone, in which
 *   the model knows no name: it may be either
 */
export function isLaterHeader(
  source: string,
  columns: Columns | null,
  first: FirstRow,
  syntax: CellSyntax = USUAL_SYNTAX,
): boolean {
  const { isNumber, isName } = tests(syntax);
  if (columns && namesAllFeatures(columns, first)) return true;
  const numbers = first.cells.filter(isNumber).length;
  if (numbers === first.cells.length) return false;
  const isKnown = (cell: string) => columns !== null && hasName(columns, cell);
  if (!first.cells.some((cell) => isName(cell) || isKnown(cell))) {
    throw undecided(source, first, syntax);
  }
  if (columns?.header) return true;
  const isHeader = numbers === 0 && !mayBeRow(columns);
  // Text beside a missing value: the number of a row may be what is missing.
  if (isHeader && first.cells.some(syntax.isMissing)) throw undecided(source, first, syntax);
  return isHeader;
}

/** Names may be numbers (`0,1,2`): those of all features, each once, are a header. */
export function namesAllFeatures({ header, features }: Columns, { cells }: FirstRow): boolean {
  const names = new Set(cells);
  return header && names.size === cells.length && features.every(({ name }) => names.has(name));
}

/** Whether rows without any number are nothing unusual. */
function mayBeRow(columns: Columns | null): boolean {
  return columns?.features.every(({ kind }) => kind !== 'number') ?? false;
}

/** Whether a contract with a header has a column of this name. */
export function hasName(columns: Columns, name: string): boolean {
  return columns.header && allColumns(columns).some((column) => column.name === name);
}

/** Whether a row could be data: a number or a missing value is in it. */
export function looksLikeData(cells: readonly string[]): boolean {
  const { isNumber } = tests(USUAL_SYNTAX);
  return cells.some((cell) => isNumber(cell) || (cell !== '' && USUAL_SYNTAX.isMissing(cell)));
}

function tests({ number, isMissing }: CellSyntax) {
  const isNumber = (cell: string) => number(cell) !== undefined;
  return { isNumber, isName: (cell: string) => !isNumber(cell) && !isMissing(cell) };
}

function undecided(source: string, { cells, line }: FirstRow, syntax: CellSyntax): UserError {
  const { isNumber, isName } = tests(syntax);
  const number = cells.find(isNumber);
  const other = cells.find(isName) ?? cells.find((cell) => !isNumber(cell)) ?? '';
  const found =
    number === undefined
      ? cells.some(isName)
        ? `a missing value beside ${quote(other)}`
        : `only missing values (${quote(other)})`
      : `both ${quote(number)} and ${quote(other)}`;
  return new UserError(
    ExitCode.data,
    `${source}:${line}: expected a header or a row of numbers; found ${found}`,
    'say which it is: --header, or --no-header if this row is data',
  );
}
