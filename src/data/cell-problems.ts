/** Cells that do not fit, gathered so that one message names them all, each column in few lines. */
import { ExitCode, UserError } from '../errors.ts';
import { quote } from '../words.ts';
import { columnLabel, type Heading } from './heading.ts';
import { describeNotNumber } from './number.ts';
import type { NotedCells } from './survey.ts';

/** A column with more bad cells than this is reported once, by the first of them. */
const MAX_CELLS_PER_COLUMN = 3;

interface BadCell {
  readonly line: number;
  /** "expected …; found …" */
  readonly problem: string;
  readonly remedy: Remedy;
}

/** What to do about a cell; asked for when the message is made, since later rows may decide it. */
type Remedy = () => string;

/** The bad cells of a table, or of a part of it. */
export class CellProblems {
  readonly #columns = new Map<number, { readonly first: BadCell[]; count: number }>();
  readonly #heading: Heading;

  constructor(heading: Heading) {
    this.#heading = heading;
  }

  /**
   * Notes a cell.
   *
   * @param index  its column, from 0
   * @param remedy  used if this is the first cell of all in the table
   */
  add(line: number, index: number, problem: string, remedy: Remedy): void {
    const column = this.#columns.get(index) ?? { first: [], count: 0 };
    this.#columns.set(index, column);
    column.count++;
    if (column.first.length < MAX_CELLS_PER_COLUMN) column.first.push({ line, problem, remedy });
  }

  /** Notes all cells of a kind that were counted in a column. */
  addNoted(
    index: number,
    cells: NotedCells,
    problem: (cell: string) => string,
    remedy: (cell: string) => string,
  ): void {
    if (cells.count === 0) return;
    for (const { cell, line } of cells.first)
      this.add(line, index, problem(cell), () => remedy(cell));
    const column = this.#columns.get(index);
    if (column) column.count += cells.count - cells.first.length;
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
      if (count <= MAX_CELLS_PER_COLUMN) return first.map((cell) => ({ ...cell, index, label }));
      const [{ line, problem, remedy }] = first;
      const more = seen === 'whole' ? count - 1 : `at least ${count - 1}`;
      const text = `${problem}, and ${more} more such cells`;
      return [{ line, index, label, problem: text, remedy }];
    });
    cells.sort((a, b) => a.line - b.line || a.index - b.index);
    const problems = cells.map(({ line, label, problem }) => `${at(line)} ${label}: ${problem}`);
    throw new UserError(ExitCode.data, problems, cells[0].remedy());
  }
}

/** Notes the texts of a column of numbers. */
export function noteTexts(
  problems: CellProblems,
  index: number,
  { texts }: { readonly texts: NotedCells },
): void {
  const problem = (cell: string) => `expected a number; found ${describeNotNumber(cell)}`;
  problems.addNoted(index, texts, problem, remedyForNumber);
}

/** What to do about a cell of a number column that is none. */
function remedyForNumber(cell: string): string {
  if (hasDecimalComma(cell)) return SAY_DECIMAL_COMMA;
  // In --na, too, a comma stands between two texts.
  return cell.includes(',')
    ? 'take the commas out of the numbers; or take the column for categories: --categorical NAME'
    : `treat it as missing: --na ${quote(cell.trim())}; or take the column for categories: --categorical NAME`;
}

export const SAY_DECIMAL_COMMA = 'if commas are decimal points here, say --decimal-comma';

/** Whether a cell would be a number if commas were decimal points. */
export function hasDecimalComma(cell: string): boolean {
  return /^\s*[+-]?\d+,\d+\s*$/.test(cell);
}
