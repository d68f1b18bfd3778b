/**
 * The column contract: which columns of a table are features and which are targets. It is chosen
 * once, from the training table, stored in the model file, and holds for every later table.
 */
import { ExitCode, UserError } from '../errors.ts';
import { nearest, quote } from '../words.ts';
import type { Places, TableRow } from './row.ts';

/** What every column record has. */
interface Column {
  /** The header's cell as it is; the position as text where the table has no header. */
  readonly name: string;
  /** Where the column stood in the training table, from 1. */
  readonly position: number;
}

/** A column whose cells, as float32 numbers, are one input of the network. */
export interface FeatureColumn extends Column {
  readonly kind: 'number';
}

/** A column of numbers, or of classes: a cell's class index is its place in `classes`. */
export type TargetColumn =
  | (Column & { readonly kind: 'number' })
  | (Column & { readonly kind: 'class'; readonly classes: readonly string[] });

/** The contract, ready for JSON. */
export interface Columns {
  /** Whether the training table had a header: then columns are matched by name. */
  readonly header: boolean;
  /** In the training table's order. */
  readonly features: readonly FeatureColumn[];
  /** In the order in which they were asked for. */
  readonly targets: readonly TargetColumn[];
}

/** The first row of a table, once it is known whether it is a header. */
export interface Heading {
  /** The file, for messages. */
  readonly source: string;
  /** What messages call the place of any row. */
  at(line: number): string;
  /** Where the first row is. */
  readonly line: number;
  readonly header: boolean;
  /** One name per column: the header's cells, or `1`, `2`, … */
  readonly names: readonly string[];
}

/**
 * The heading of a table.
 *
 * @throws {UserError} exit 3 where a header names two columns alike
 */
export function readHeading({ name, at }: Places, first: TableRow, header: boolean): Heading {
  const names = header ? first.cells : first.cells.map((_, index) => String(index + 1));
  const heading: Heading = { source: name, at, line: first.line, header, names };
  if (header) checkDifferent(heading);
  return heading;
}

function checkDifferent(heading: Heading): void {
  const positions = new Map<string, number[]>();
  heading.names.forEach((name, index) => {
    const same = positions.get(name);
    if (same) same.push(index + 1);
    else positions.set(name, [index + 1]);
  });
  const problems = [...positions]
    .filter(([, same]) => same.length > 1)
    .map(([name, same]) => {
      const last = same.at(-1);
      const places = `${same.slice(0, -1).join(', ')} and ${last}`;
      const expected = `${heading.at(heading.line)}: expected a name of its own for each column`;
      return `${expected}; found ${quote(name)} in columns ${places}`;
    });
  if (problems.length > 0) {
    throw new UserError(
      ExitCode.data,
      problems,
      'rename the columns, or leave some out of the file',
    );
  }
}

/** A name asked for, resolved to a column. */
export interface ChosenColumns {
  /** Indices from 0, in file order. */
  readonly features: readonly number[];
  /** Indices from 0, in the order asked for. */
  readonly targets: readonly number[];
}

/**
 * Features and targets of a training table. Features are all columns but the targets.
 *
 * @param targets  exact names, or positions from 1 where no column has such a name; empty means
 *   the last column
 * @throws {UserError} exit 3: no such column, one named twice, no column left for features
 */
export function chooseColumns(heading: Heading, targets: readonly string[]): ChosenColumns {
  const { names } = heading;
  const wanted =
    targets.length === 0 ? [names.length - 1] : targets.map((name) => find(heading, name));
  const twice = wanted.findIndex((index, i) => wanted.indexOf(index) !== i);
  if (twice !== -1) {
    throw new UserError(
      ExitCode.data,
      `${heading.source}: expected each target once; found ${columnLabel(heading.header, names, wanted[twice])} twice`,
    );
  }
  const features = names.map((_, index) => index).filter((index) => !wanted.includes(index));
  if (features.length === 0) {
    throw new UserError(
      ExitCode.data,
      `${heading.source}: expected at least one column besides the target; found ${names.length === 1 ? 'one column' : 'none'}`,
      'the other columns are the features that the network learns from',
    );
  }
  return { features, targets: wanted };
}

function find(heading: Heading, name: string): number {
  const index = heading.names.indexOf(name);
  if (index !== -1) return index;
  const position = /^[1-9]\d*$/.test(name) ? Number(name) : Number.NaN;
  if (position <= heading.names.length) return position - 1;
  throw missingColumn(heading, 'the target column', name);
}

/** The error for a column that a table should have, by name, with the nearest name it has. */
function missingColumn(heading: Heading, what: string, name: string): UserError {
  const near = heading.header ? nearest(name, heading.names) : undefined;
  const found = heading.header ? listNames(heading.names) : `${heading.names.length} without names`;
  return new UserError(
    ExitCode.data,
    `${heading.source}: expected ${what} ${quote(name)}; found ${found}`,
    near === undefined ? remedyForCommas(heading) : `did you mean ${quote(near)}?`,
  );
}

/** Names that were asked for have commas between them, so that one with a comma is taken apart. */
function remedyForCommas({ header, names }: Heading): string | undefined {
  const isTorn = header && names.some((name) => name.includes(','));
  return isTorn ? 'a name with a comma goes by its position, from 1' : undefined;
}

/** A few names of a list, quoted: `"a", "b", "c" and 7 more`. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 6).map(quote).join(', ');
  return names.length > 6 ? `${shown} and ${names.length - 6} more` : shown;
}

/** `column "age"`; `column 3` in a table without a header or for a column without a name. */
export function columnLabel(header: boolean, names: readonly string[], index: number): string {
  const name = header ? (names[index] ?? '') : '';
  return name === '' ? `column ${index + 1}` : `column ${quote(name)}`;
}
