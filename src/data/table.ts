/**
 * A whole training (or validation) table: rows of cells to float32 matrices and the contract they
 * were read by. Only numbers can be features; a target is numbers or classes.
 */
import { ExitCode, UserError } from '../errors.ts';
import type { NdArray } from '../ndarray.ts';
import { addNotNumber, CellProblems } from './cell-problems.ts';
import {
  type ChosenColumns,
  type Columns,
  chooseColumns,
  columnLabel,
  type Heading,
  readHeading,
  type TargetColumn,
} from './columns.ts';
import { FloatList } from './float-list.ts';
import { isLaterHeader, type Sniffed, sniffHeader } from './header.ts';
import { matchFeatures, matchTargets } from './match-columns.ts';
import { parseNumber } from './number.ts';
import type { TableRow, TableRows } from './row.ts';
import {
  knownTarget,
  newTarget,
  oneOfSeveral,
  type TargetMode,
  type TargetReader,
} from './targets.ts';

export interface TableOptions {
  /** Whether the first row is a header; found out where neither this nor the row itself says so. */
  readonly header?: boolean;
  /** How the columns are chosen: anew, or by the contract of a model. */
  readonly columns:
    | { readonly targets: readonly string[]; readonly mode: TargetMode }
    | { readonly contract: Columns };
}

/** A table in memory. */
export interface Table {
  readonly columns: Columns;
  readonly rows: number;
  /** [rows, features] */
  readonly x: NdArray;
  /** [rows, targets]: numbers, or class indices. */
  readonly y: NdArray;
  /** What was decided about the table and may surprise: lines for people. */
  readonly notes: readonly string[];
}

/**
 * Reads a table whole.
 *
 * Classes are for a single target: several targets are numbers. All cells that do not fit are
 * reported together.
 *
 * @throws {UserError} exit 3 with file, line, column and cell; also what the reader, `chooseColumns` and
 *   `matchFeatures` throw
 */
export async function readTable(
  { places, batches }: TableRows,
  options: TableOptions,
): Promise<Table> {
  try {
    const first = await readFirstRows(batches);
    const { header, isDoubtful } = isHeader(places.name, first, options);
    const heading = readHeading(places, first[0], header);
    const table = new TableBuilder(heading, options);
    await table.addAll(header ? first.slice(1) : first, batches);
    const note = `note: ${places.at(heading.line)} is taken as the header`;
    return { ...table.finish(), notes: isDoubtful ? [note] : [] };
  } finally {
    // A mistake in the first rows is found outside the loop, which would close the source.
    await batches.return();
  }
}

/** Two rows if there are so many, at least one: what it takes to know a header. */
async function readFirstRows(batches: AsyncGenerator<readonly TableRow[]>): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  while (rows.length < 2) {
    const next = await batches.next();
    if (next.done) break;
    rows.push(...next.value);
  }
  return rows;
}

function isHeader(
  source: string,
  [first, second]: readonly TableRow[],
  { header, columns }: TableOptions,
): Sniffed {
  const said = first.isHeader ?? header;
  if (said !== undefined) return { header: said, isDoubtful: false };
  if (!('contract' in columns)) return sniffHeader(source, first, second);
  return { header: isLaterHeader(source, columns.contract, first), isDoubtful: false };
}

/** Features and targets of one table as its rows come. */
class TableBuilder {
  readonly #heading: Heading;
  readonly #chosen: ChosenColumns;
  readonly #contract: Columns | undefined;
  readonly #x = new FloatList();
  readonly #targets: readonly TargetReader[];
  readonly #problems: CellProblems;
  #rows = 0;

  constructor(heading: Heading, { columns }: TableOptions) {
    this.#heading = heading;
    this.#problems = new CellProblems(heading);
    if ('contract' in columns) {
      const { contract } = columns;
      this.#contract = contract;
      const features = matchFeatures(contract, heading);
      this.#chosen = { features, targets: matchTargets(contract, heading) };
      this.#targets = contract.targets.map(knownTarget);
    } else {
      const chosen = chooseColumns(heading, columns.targets);
      this.#chosen = chosen;
      const { source, at } = heading;
      if (columns.mode === 'class') checkSingle(source, chosen.targets);
      this.#targets =
        chosen.targets.length > 1
          ? chosen.targets.map(() => oneOfSeveral())
          : chosen.targets.map((index) =>
              newTarget(columns.mode, { source, at, label: this.#label(index) }),
            );
    }
  }

  /**
   * Takes all rows. What stops the reading comes after the cells that were wrong before it.
   *
   * @throws {UserError} exit 3
   */
  async addAll(
    first: readonly TableRow[],
    batches: AsyncIterable<readonly TableRow[]>,
  ): Promise<void> {
    try {
      this.#add(first);
      for await (const batch of batches) this.#add(batch);
    } catch (error) {
      this.#problems.check('part');
      throw error;
    }
    this.#problems.check('whole');
  }

  #add(rows: readonly TableRow[]): void {
    const { features, targets } = this.#chosen;
    const problems = this.#problems;
    for (const { cells, line } of rows) {
      for (const index of features) {
        const value = parseNumber(cells[index]);
        if (value === undefined) addNotNumber(problems, line, index, cells[index]);
        else this.#x.push(value);
      }
      for (let i = 0; i < targets.length; i++) {
        const cell = cells[targets[i]];
        const target = this.#targets[i];
        const problem =
          cell.trim() === '' ? 'expected a target; found an empty cell' : target.add(cell, line);
        if (problem !== undefined) problems.add(line, targets[i], problem, () => target.remedy);
      }
    }
    this.#rows += rows.length;
  }

  finish(): Omit<Table, 'notes'> {
    const { at: place, line, header, names } = this.#heading;
    if (this.#rows === 0) {
      const problem = `${place(line)}: expected rows below the header; found none`;
      throw new UserError(ExitCode.data, problem);
    }
    const targets = this.#targets.map((target) => target.finish());
    const y = interleave(targets.map(({ values }) => values));
    const columns: Columns = this.#contract ?? {
      header,
      features: this.#chosen.features.map((index) => ({ ...at(names, index), kind: 'number' })),
      targets: this.#chosen.targets.map(
        (index, i): TargetColumn => ({ ...at(names, index), ...targets[i].column }),
      ),
    };
    return {
      columns,
      rows: this.#rows,
      x: { shape: [this.#rows, this.#chosen.features.length], values: this.#x.toArray() },
      y: { shape: [this.#rows, targets.length], values: y },
    };
  }

  #label(index: number): string {
    return columnLabel(this.#heading.header, this.#heading.names, index);
  }
}

function checkSingle(source: string, targets: readonly number[]): void {
  if (targets.length === 1) return;
  throw new UserError(
    ExitCode.data,
    `${source}: expected one target column for a loss over class indices; found ${targets.length}`,
  );
}

function at(names: readonly string[], index: number): { name: string; position: number } {
  return { name: names[index], position: index + 1 };
}

/** Columns of equal length to rows: [rows, columns]. */
function interleave(columns: readonly Float32Array[]): Float32Array {
  if (columns.length === 1) return columns[0];
  const rows = columns[0].length;
  const matrix = new Float32Array(rows * columns.length);
  columns.forEach((column, c) => {
    for (let row = 0; row < rows; row++) matrix[row * columns.length + c] = column[row];
  });
  return matrix;
}
