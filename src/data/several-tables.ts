/**
 * Several files as one table: their rows one after the other, columns found by name where the first file
 * has a header, else by position. Each row keeps the place in its own file.
 */
import { ExitCode, UserError } from '../errors.ts';
import { quote } from '../words.ts';
import { type CellSyntax, USUAL_SYNTAX } from './cell-syntax.ts';
import type { Columns } from './columns.ts';
import { isLaterHeader, sniffHeader } from './header.ts';
import { listNames } from './heading.ts';
import { type Places, type TableRow, type TableRows, textsOf } from './row.ts';

/** The place of a row: its file times this, and its line in it. */
const LINES = 2 ** 36;

/** One of the files; opened when its turn comes. */
export interface TablePart {
  readonly name: string;
  open(): Promise<TableRows>;
}

export interface SeveralOptions {
  /** How cells are written; the usual way where it is not given. */
  readonly syntax?: CellSyntax;
  /** Whether each file has a header; found out in the first one where it is not given. */
  readonly header?: boolean;
  /** The model that the table is for, or null for one without columns; not given for a first training. */
  readonly later?: { readonly columns: Columns | null };
}

/**
 * The rows of all files. The first row is the header of the first file, if that has one.
 *
 * @param parts  two at least
 * @throws {UserError} from the batches, exit 3: a file without a header where the first has one; without a
 *   column of the first file, or with one more; whatever the readers throw
 */
export function joinTables(parts: readonly TablePart[], options: SeveralOptions): TableRows {
  const opened: TableRows[] = [];
  const notes: string[] = [];
  return {
    places: placesOf(parts, opened),
    batches: readAll(parts, options, opened, notes),
    notes: () => [...opened.flatMap((table) => table.notes()), ...notes],
  };
}

function placesOf(parts: readonly TablePart[], opened: readonly TableRows[]): Places {
  const find = (place: number) => {
    const index = Math.floor(place / LINES);
    return { table: opened[index].places, line: place - index * LINES };
  };
  return {
    name: `${parts[0].name} and ${parts.length - 1} more`,
    at: (place) => {
      const { table, line } = find(place);
      return table.at(line);
    },
    within: (place) => {
      const { table, line } = find(place);
      return `${table.within(line)} of ${table.name}`;
    },
  };
}

async function* readAll(
  parts: readonly TablePart[],
  options: SeveralOptions,
  opened: TableRows[],
  notes: string[],
): AsyncGenerator<readonly TableRow[], void, undefined> {
  let first: FirstTable | undefined;
  for (const [index, part] of parts.entries()) {
    const table = await part.open();
    opened.push(table);
    try {
      const start = await firstRows(table.batches, index === 0 ? 2 : 1);
      first ??= firstTable(table.places, start, options, notes);
      const shape = index === 0 ? first.asItIs : first.match(table.places, start[0]);
      const shift = index * LINES;
      const begun = shape.isHeader && index > 0 ? start.slice(1) : start;
      if (begun.length > 0) yield begun.map((row, i) => shape.of(row, shift, i === 0));
      for await (const batch of table.batches) {
        yield textsOf(batch).map((row) => shape.of(row, shift, false));
      }
    } finally {
      await table.batches.return();
    }
  }
}

/** So many rows if there are, at least one. */
async function firstRows(batches: TableRows['batches'], count: number): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  while (rows.length < count) {
    const next = await batches.next();
    if (next.done) break;
    // A batch may have more rows than a call may have arguments.
    for (const row of textsOf(next.value)) rows.push(row);
  }
  return rows;
}

/** How the rows of a file become rows of the whole table. */
interface Shape {
  readonly isHeader: boolean;
  of(row: TableRow, shift: number, isFirst: boolean): TableRow;
}

/** What the first file says of all. */
interface FirstTable {
  readonly asItIs: Shape;
  /** The shape of another file, by its first row. */
  match(places: Places, row: TableRow): Shape;
}

function firstTable(
  places: Places,
  [first, second]: readonly TableRow[],
  { header, later, syntax = USUAL_SYNTAX }: SeveralOptions,
  notes: string[],
): FirstTable {
  const said = first.isHeader ?? header;
  const sniffed =
    said !== undefined
      ? { header: said, isDoubtful: false }
      : later
        ? { header: isLaterHeader(places.name, later.columns, first, syntax), isDoubtful: false }
        : sniffHeader(places.name, first, second, syntax);
  if (sniffed.isDoubtful) notes.push(`note: ${places.at(first.line)} is taken as the header`);
  const isHeader = sniffed.header;
  const marked = { ...first, ...(isHeader ? ({ isHeader } as const) : {}) };
  return {
    asItIs: { isHeader, of: (row, _, isFirst) => (isFirst ? marked : row) },
    match: (other, row) =>
      isHeader
        ? byName(first.cells, places, other, row)
        : byPosition(first.cells.length, places, other, row),
  };
}

function byPosition(count: number, first: Places, other: Places, row: TableRow): Shape {
  if (row.isHeader) {
    throw fail(
      other,
      row,
      `rows without a header, as in ${first.name}`,
      `one: ${listNames(row.cells)}`,
    );
  }
  if (row.cells.length !== count) {
    throw fail(other, row, `${count} columns as in ${first.name}`, String(row.cells.length));
  }
  return { isHeader: false, of: (row, shift) => moved(row, row.cells, shift) };
}

function byName(names: readonly string[], first: Places, other: Places, row: TableRow): Shape {
  const found = new Map(row.cells.map((name, index) => [name, index]));
  if (!row.isHeader && !names.some((name) => name.trim() !== '' && found.has(name))) {
    const remedy = 'each file needs the header; or join them: cat FILES | mlp … --data -';
    throw fail(other, row, `the header of ${first.name}`, listNames(row.cells), remedy);
  }
  const missing = names.find((name) => !found.has(name));
  if (missing !== undefined) {
    throw fail(other, row, `the column ${quote(missing)} of ${first.name}`, listNames(row.cells));
  }
  const extra = row.cells.find((name) => !names.includes(name));
  if (extra !== undefined || row.cells.length !== names.length) {
    const more = extra ?? row.cells.find((name, index) => found.get(name) !== index) ?? '';
    throw fail(other, row, `the columns of ${first.name} alone`, `${quote(more)} besides`);
  }
  const order = names.map((name) => found.get(name) ?? -1);
  const isSame = order.every((index, i) => index === i);
  return {
    isHeader: true,
    of: (row, shift) =>
      moved(row, isSame ? row.cells : order.map((index) => row.cells[index]), shift),
  };
}

/** A row in another place, with all else that is known of it. */
function moved(row: TableRow, cells: readonly string[], shift: number): TableRow {
  const { line, problem } = row;
  const json = row.json && (() => row.json?.() ?? '');
  return {
    cells,
    line: line + shift,
    ...(problem === undefined ? {} : { problem }),
    ...(json ? { json } : {}),
  };
}

function fail(
  places: Places,
  { line }: TableRow,
  expected: string,
  found: string,
  remedy = 'several files are one table only if they have the same columns',
): UserError {
  const problem = `${places.at(line)}: expected ${expected}; found ${found}`;
  return new UserError(ExitCode.data, problem, remedy);
}
