/** A whole training (or validation) table: rows of cells to float32 matrices and the contract they were read by. */
import type { NdArray } from '../ndarray.ts';
import type { BegunTable } from './begun-table.ts';
import { type CellSyntax, cellSyntax, type SyntaxChoice } from './cell-syntax.ts';
import type { ColumnWishes } from './choose-columns.ts';
import type { Columns } from './columns.ts';
import type { DecidedTable } from './decided-table.ts';
import { isLaterHeader, type Sniffed, sniffHeader } from './header.ts';
import { readHeading } from './heading.ts';
import { readKnownTable } from './known-table.ts';
import type { FeatureChoice } from './make-feature.ts';
import { decideNewTable, readNewTable } from './new-table.ts';
import { type TableRow, type TableRows, textsOf } from './row.ts';
import type { SplitWish } from './split-wish.ts';
import type { TargetMode, TargetScaling } from './targets.ts';

/** How the columns of a first training table are chosen. */
export interface NewColumns extends Omit<ColumnWishes, 'split'>, Partial<FeatureChoice> {
  readonly mode: TargetMode;
  /** Of number targets; none where it is not given. */
  readonly targetScaling?: TargetScaling;
}

export interface TableOptions {
  /** Whether the first row is a header; found out where neither this nor the row itself says so. */
  readonly header?: boolean;
  /** How cells are written; as the contract says where there is one and this says nothing. */
  readonly syntax?: SyntaxChoice;
  /** How the columns are chosen: anew, or by the contract of a model. */
  readonly columns: NewColumns | KnownColumns;
  /** How rows are divided; all are for training where it is not given. */
  readonly split?: SplitWish;
}

/** Columns by the contract of a model. */
export interface KnownColumns {
  readonly contract: Columns;
  /** Whether number targets stay in the units of the table, whatever scale the network learnt. */
  readonly inOwnUnits?: boolean;
  /** Whether a table without the column of sample weights is one in which all rows count alike. */
  readonly mayLackWeights?: boolean;
}

/** Rows ready for the network. */
export interface TablePart {
  readonly rows: number;
  /** [rows, inputs] */
  readonly x: NdArray;
  /** [rows, targets]: numbers, or class indices. */
  readonly y: NdArray;
  /** [rows, 1]; null where all rows count alike. */
  readonly sampleWeight: NdArray | null;
}

/** A table in memory. */
export interface Table extends TablePart {
  readonly columns: Columns;
  /** Rows to validate with; null where the split leaves none. */
  readonly validation: TablePart | null;
  /** The header, if there is one, and the rows that are kept aside, as they stand in the table. */
  readonly test: readonly (readonly string[])[] | null;
  /** What was decided about the table and may surprise: lines for people. */
  readonly notes: readonly string[];
  /** A line for people about columns of very different size; null where there are none. */
  readonly scaleHint: string | null;
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
export async function readTable(rows: TableRows, options: TableOptions): Promise<Table> {
  const { columns, split, syntax } = options;
  return begin(rows, options, async (begun, notes) => {
    const table =
      'contract' in columns
        ? await readKnownTable(begun, columns, split)
        : await readNewTable(begun, columns, split, syntax ?? {});
    return { ...table, notes: [...notes, ...table.notes] };
  });
}

/**
 * Decides about the columns of a first training table as `readTable` does, and leaves it at that.
 *
 * @returns the decisions, and what was decided about the header: lines for people
 * @throws {UserError} as `readTable`
 */
export async function decideTable(
  rows: TableRows,
  options: Omit<TableOptions, 'split'> & { readonly columns: NewColumns },
): Promise<{ decided: DecidedTable; notes: readonly string[] }> {
  return begin(rows, options, async (begun, notes) => ({
    decided: await decideNewTable(begun, options.columns, options.syntax ?? {}),
    notes,
  }));
}

/** Looks at the first rows, hands the table on, and closes it. */
async function begin<Result>(
  { places, batches, isTyped }: TableRows,
  options: TableOptions,
  read: (begun: BegunTable, notes: readonly string[]) => Promise<Result>,
): Promise<Result> {
  try {
    const first = await readFirstRows(batches);
    const { columns } = options;
    const contract = 'contract' in columns ? columns.contract : null;
    const syntax = cellSyntax({ ...syntaxOf(contract, options.syntax), isTyped });
    const { header, isDoubtful } = isHeader(places.name, first, options, syntax);
    const heading = readHeading(places, first[0], header);
    const begun = { heading, syntax, begun: header ? first.slice(1) : first, batches };
    const note = `note: ${places.at(heading.line)} is taken as the header`;
    return await read(begun, isDoubtful ? [note] : []);
  } finally {
    // A mistake in the first rows is found outside the loop, which would close the source.
    await batches.return();
  }
}

/** How a contract's tables are written, where the user does not say otherwise. */
export function syntaxOf(contract: Columns | null, said: SyntaxChoice = {}): SyntaxChoice {
  return {
    na: said.na ?? contract?.na,
    decimalComma: said.decimalComma ?? contract?.decimal_comma,
  };
}

/** Two rows if there are so many, at least one: what it takes to know a header. */
async function readFirstRows(batches: TableRows['batches']): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  while (rows.length < 2) {
    const next = await batches.next();
    if (next.done) break;
    // A batch may have more rows than a call may have arguments.
    for (const row of textsOf(next.value)) rows.push(row);
  }
  return rows;
}

function isHeader(
  source: string,
  [first, second]: readonly TableRow[],
  { header, columns }: TableOptions,
  syntax: CellSyntax,
): Sniffed {
  const said = first.isHeader ?? header;
  if (said !== undefined) return { header: said, isDoubtful: false };
  if (!('contract' in columns)) return sniffHeader(source, first, second, syntax);
  return { header: isLaterHeader(source, columns.contract, first, syntax), isDoubtful: false };
}
