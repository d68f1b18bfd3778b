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
  sniffHeader,
  type TargetColumn,
} from './columns.ts';
import { type CsvOptions, type CsvRow, readCsv } from './csv.ts';
import { FloatList } from './float-list.ts';
import { isLaterHeader, matchFeatures, matchTargets } from './match-columns.ts';
import { parseNumber } from './number.ts';
import type { Source } from './source.ts';
import { knownTarget, newTarget, type TargetMode, type TargetReader } from './targets.ts';

const REMEDY_FOR_TARGET = 'correct the cells, or leave the rows out of the file';

export interface TableOptions extends CsvOptions {
  /** Whether the first row is a header; found out where not given. */
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
}

/**
 * Reads a CSV table whole.
 *
 * Classes are for a single target: several targets are numbers. Cells that do not fit are
 * reported together as far as they stand in the same block of the file as the first of them.
 *
 * @throws {UserError} exit 3 with file, line, column and cell; also what `readCsv`, `chooseColumns`
 *   and `matchFeatures` throw
 */
export async function readTable(source: Source, options: TableOptions): Promise<Table> {
  const batches = readCsv(source, options);
  try {
    const first = await readFirstRows(batches);
    const header = options.header ?? isHeader(source.name, first, options);
    const heading = readHeading(source.name, first[0], header);
    const table = new TableBuilder(heading, options);
    table.add(header ? first.slice(1) : first);
    for await (const batch of batches) table.add(batch);
    return table.finish();
  } finally {
    // A mistake in the first rows is found outside the loop, which would close the source.
    await batches.return();
  }
}

/** Two rows if there are so many, at least one: what it takes to know a header. */
async function readFirstRows(batches: AsyncGenerator<readonly CsvRow[]>): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  while (rows.length < 2) {
    const next = await batches.next();
    if (next.done) break;
    rows.push(...next.value);
  }
  return rows;
}

function isHeader(source: string, first: readonly CsvRow[], options: TableOptions): boolean {
  if ('contract' in options.columns) {
    return isLaterHeader(options.columns.contract, first[0].cells);
  }
  return sniffHeader(source, first[0], first.at(1));
}

/** Features and targets of one table as its rows come. */
class TableBuilder {
  readonly #heading: Heading;
  readonly #chosen: ChosenColumns;
  readonly #contract: Columns | undefined;
  readonly #x = new FloatList();
  readonly #targets: readonly TargetReader[];
  #rows = 0;

  constructor(heading: Heading, { columns }: TableOptions) {
    this.#heading = heading;
    if ('contract' in columns) {
      const { contract } = columns;
      this.#contract = contract;
      const features = matchFeatures(contract, heading);
      this.#chosen = { features, targets: matchTargets(contract, heading) };
      this.#targets = contract.targets.map(knownTarget);
    } else {
      const chosen = chooseColumns(heading, columns.targets);
      this.#chosen = chosen;
      const mode = this.#modeFor(columns.mode, chosen.targets.length);
      this.#targets = chosen.targets.map((index) =>
        newTarget(mode, { source: heading.source, label: this.#label(index) }),
      );
    }
  }

  /** @throws {UserError} exit 3 if cells of these rows do not fit */
  add(rows: readonly CsvRow[]): void {
    const { features, targets } = this.#chosen;
    const problems = new CellProblems(this.#heading);
    for (const { cells, line } of rows) {
      for (const index of features) {
        const value = parseNumber(cells[index]);
        if (value === undefined) addNotNumber(problems, line, index, cells[index]);
        else this.#x.push(value);
      }
      for (let i = 0; i < targets.length; i++) {
        const cell = cells[targets[i]];
        const problem =
          cell.trim() === ''
            ? 'expected a target; found an empty cell'
            : this.#targets[i].add(cell, line);
        if (problem !== undefined) problems.add(line, targets[i], problem, REMEDY_FOR_TARGET);
      }
    }
    this.#rows += rows.length;
    problems.check();
  }

  finish(): Table {
    const { source, line, header, names } = this.#heading;
    if (this.#rows === 0) {
      const problem = `${source}:${line}: expected rows below the header; found none`;
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

  #modeFor(mode: TargetMode, targets: number): TargetMode {
    if (targets === 1) return mode;
    if (mode !== 'class') return 'number';
    throw new UserError(
      ExitCode.data,
      `${this.#heading.source}: expected one target column for a loss over class indices; found ${targets}`,
    );
  }

  #label(index: number): string {
    return columnLabel(this.#heading.header, this.#heading.names, index);
  }
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
