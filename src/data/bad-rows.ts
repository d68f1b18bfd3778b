/** Rows that no prediction is made of: the first ones are named, all are counted. */
import { formatThousands } from '../words.ts';

/** So many rows are named; then "and N more". */
const MAX_NAMED = 10;

interface BadRow {
  /** "where: expected …; found …" */
  readonly problem: string;
  /** How many cells of the row besides do not fit. */
  more: number;
}

export class BadRows {
  /** How many there are. */
  count = 0;
  #waiting: BadRow[] = [];
  #line: number | undefined;

  /**
   * Notes a cell; a row with several is one row, named by the first.
   *
   * @param line     where the row stands, as `TableRow.line`
   * @param problem  asked for only where the row is to be named
   */
  addCell(line: number, problem: () => string): void {
    if (this.#line !== line) {
      this.#line = line;
      this.addRow(problem);
    } else if (this.count <= MAX_NAMED) {
      this.#waiting[this.#waiting.length - 1].more++;
    }
  }

  /** Notes a row as a whole. */
  addRow(problem: () => string): void {
    this.count++;
    if (this.count <= MAX_NAMED) this.#waiting.push({ problem: problem(), more: 0 });
  }

  /** The lines about rows that were noted since the last call. */
  take(): readonly string[] {
    const lines = this.#waiting.map(({ problem, more }) => {
      if (more === 0) return problem;
      return `${problem} (and ${more} more cell${more === 1 ? '' : 's'} of this row)`;
    });
    this.#waiting = [];
    // The next block begins with another row, whatever its line is called.
    this.#line = undefined;
    return lines;
  }

  /**
   * The last lines: how many were not named, and how many there are.
   *
   * @param fate   what became of them: `left out`
   * @param total  how many rows were read
   */
  summary(fate: string, total: number): readonly string[] {
    if (this.count === 0) return [];
    const unnamed = this.count - MAX_NAMED;
    const rows = `${formatThousands(total)} row${total === 1 ? '' : 's'}`;
    return [
      ...(unnamed > 0 ? [`and ${formatThousands(unnamed)} more`] : []),
      `${fate} ${formatThousands(this.count)} of ${rows}`,
    ];
  }
}
