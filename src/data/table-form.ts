/** Text that is a table of another form than it was read as: how its rows give it away, and what to say. */
import { ExitCode, UserError } from '../errors.ts';
import { quote } from '../words.ts';
import { parseNumber } from './number.ts';
import type { TableRow } from './row.ts';

/** Holds back the first rows of what does not look like a table, so that its first mistake can say why. */
export class FirstRows {
  #waiting: readonly TableRow[] = [];
  #isSettled = false;

  /** Whether no row waits any more. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /**
   * The rows that may go on.
   *
   * @param then  what comes after these rows
   */
  take(rows: readonly TableRow[], then: 'more' | 'mistake' | 'end'): readonly TableRow[] {
    if (this.#isSettled) return rows;
    const all = [...this.#waiting, ...rows];
    this.#waiting = then !== 'end' && looksUnread(all) ? all : [];
    this.#isSettled = all.length > 0 && this.#waiting.length === 0;
    return this.#isSettled ? all : [];
  }
}

/** Comments alone, or one line of words that may be cells. */
function looksUnread(rows: readonly TableRow[]): boolean {
  if (rows.length === 0) return false;
  if (rows.every(beginsAsComment)) return true;
  return rows.length === 1 && rows[0].cells.length === 1 && words(rows[0].cells[0]).length > 1;
}

function beginsAsComment({ cells }: TableRow): boolean {
  return cells[0].startsWith('#');
}

function words(text: string): string[] {
  return text.trim().split(/[ \t]+/);
}

/** Whether two lines, each one cell, have as many words, and numbers among those of the second. */
export function areBlankSeparated(
  [first]: readonly string[],
  [second]: readonly string[],
): boolean {
  const cells = words(second);
  const numbers = cells.filter((cell) => parseNumber(cell) !== undefined).length;
  return numbers > 1 && words(first).length === cells.length;
}

/** The error for cells with blanks between them, found where they were split at something else. */
export function blankSeparated(name: string, line: number): UserError {
  return new UserError(
    ExitCode.data,
    `${name}:${line}: expected one of , ; | or a tab between the cells; found blanks`,
    SAY_SPACE,
  );
}

const SAY_SPACE = 'cells with blanks between them are read with --delimiter space';

/** The error for a row with more or fewer cells than the first. */
export function wrongCount(
  name: string,
  row: TableRow,
  first: TableRow,
  delimiter: string,
): UserError {
  const expected = `${first.cells.length === 1 ? '1 cell' : `${first.cells.length} cells`}`;
  return new UserError(
    ExitCode.data,
    `${name}:${row.line}: expected ${expected} as in line ${first.line}; found ${row.cells.length}`,
    remedyFor(row, first, delimiter),
  );
}

function remedyFor(row: TableRow, first: TableRow, delimiter: string): string {
  if (beginsAsComment(first)) return 'lines that begin with # are left out with --comment "#"';
  const isAligned = delimiter !== ' ' && row.cells.some((cell) => /\S {2,}\S/.test(cell));
  if (isAligned && row.cells.length < first.cells.length) return SAY_SPACE;
  const held = delimiter === ' ' ? 'blanks' : quote(delimiter);
  return `every row needs a cell for each column; a cell that holds ${held} must stand in double quotes`;
}
