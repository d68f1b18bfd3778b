/** Cells that do not fit, gathered so that one message names them all, each column in few lines. */
import { ExitCode, UserError } from '../errors.ts';
import { columnLabel, type Heading } from './columns.ts';
import { describeNotNumber } from './number.ts';

/** A column with more bad cells than this is reported once, by the first of them. */
const MAX_CELLS_PER_COLUMN = 3;

interface BadCell {
  readonly line: number;
  /** "expected …; found …" */
  readonly problem: string;
}

/** What to do about a cell; asked for when the message is made, since later rows may decide it. */
type Remedy = () => string;

/** The bad cells of a table, or of a part of it. */
export class CellProblems {
  readonly #columns = new Map<number, { readonly first: BadCell[]; count: number }>();
  #remedy: Remedy | undefined;
  readonly #heading: Heading;

  constructor(heading: Heading) {
    this.#heading = heading;
  }

  /**
   * Notes a cell.
   *
   * @param index  its column, from 0
   * @param remedy  used if this is the first cell
   */
  add(line: number, index: number, problem: string, remedy: Remedy): void {
    const column = this.#columns.get(index) ?? { first: [], count: 0 };
    this.#columns.set(index, column);
    column.count++;
    if (column.first.length < MAX_CELLS_PER_COLUMN) column.first.push({ line, problem });
    this.#remedy ??= remedy;
  }

  /**
   * @param seen  how much of the table was looked at: of a part, the cells are counted so far only
   * @throws {UserError} exit 3 if any cell was noted, in the order of the lines
   */
  check(seen: 'whole' | 'part'): void {
    if (this.#columns.size === 0) return;
    const { at, header, names } = this.#heading;
    const cells = [...this.#columns].flatMap(([index, { first, count }]) => {
      const label = columnLabel(header, names, index);
      if (count <= MAX_CELLS_PER_COLUMN) return first.map((cell) => ({ ...cell, label }));
      const [{ line, problem }] = first;
      const more = seen === 'whole' ? count - 1 : `at least ${count - 1}`;
      return [{ line, label, problem: `${problem}, and ${more} more such cells` }];
    });
    const problems = cells
      .sort((a, b) => a.line - b.line)
      .map(({ line, label, problem }) => `${at(line)} ${label}: ${problem}`);
    throw new UserError(ExitCode.data, problems, this.#remedy?.());
  }
}

/** Notes a feature's cell that is no number. */
export function addNotNumber(
  problems: CellProblems,
  line: number,
  index: number,
  cell: string,
): void {
  const remedy = /^\s*[+-]?\d+,\d+\s*$/.test(cell)
    ? 'numbers are written with a decimal point: 1.5, not 1,5'
    : 'features must be numbers in every row: correct the cells, or leave the rows or the column out';
  problems.add(line, index, `expected a number; found ${describeNotNumber(cell)}`, () => remedy);
}
