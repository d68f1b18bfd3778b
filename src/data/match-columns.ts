/**
 * The stored contract against a new table: which of its columns is which feature and target.
 * By name where both have headers, else by position.
 */
import { ExitCode, UserError } from '../errors.ts';
import { nearest, quote } from '../words.ts';
import { allColumns, type Column, type Columns } from './columns.ts';
import { hasName, looksLikeData } from './header.ts';
import { type Heading, listNames } from './heading.ts';

/**
 * The index (from 0) of each feature's column, in the contract's order. By name, other columns
 * are of no concern. By position, a table has the features alone, in order, or all columns of the
 * training table, as they stood there, with the targets or without.
 *
 * @throws {UserError} exit 3 where a column is missing or the number of columns is another
 */
export function matchFeatures(columns: Columns, heading: Heading): readonly number[] {
  const { features, targets } = columns;
  if (columns.header && heading.header) return byName(heading, columns, features, 'column');
  const all = allColumns(columns).length;
  const unused = all - targets.length - features.length;
  const found = heading.names.length;
  if (found === all) return features.map(({ position }) => position - 1);
  if (found === features.length) return features.map((_, index) => index);
  if (found === all - targets.length) return withoutTargets(features, targets);
  throw new UserError(
    ExitCode.data,
    `${heading.at(heading.line)}: expected ${all - targets.length} columns, or ${all} with the target${unused === 0 ? '' : `, or the ${features.length} that are used`}; found ${found}`,
    columns.header ? 'with a header, columns are matched by name' : undefined,
  );
}

/** Places of columns in a table from which the targets were taken. */
function withoutTargets(columns: readonly Column[], targets: readonly Column[]): readonly number[] {
  const before = (place: number) => targets.filter(({ position }) => position < place).length;
  return columns.map(({ position }) => position - 1 - before(position));
}

/**
 * The index (from 0) of each target's column, in the contract's order.
 *
 * @throws {UserError} exit 3 where one is missing
 */
export function matchTargets(columns: Columns, heading: Heading): readonly number[] {
  return withAllColumns(columns, heading, columns.targets, 'target column');
}

/**
 * The index (from 0) of one more column of the contract.
 *
 * @param what  what messages call it
 * @throws {UserError} exit 3 where it is missing
 */
export function matchColumn(
  columns: Columns,
  heading: Heading,
  column: Column,
  what: string,
): number {
  return withAllColumns(columns, heading, [column], what)[0];
}

function withAllColumns(
  columns: Columns,
  heading: Heading,
  wanted: readonly Column[],
  what: string,
): readonly number[] {
  if (columns.header && heading.header) return byName(heading, columns, wanted, what);
  const all = allColumns(columns).length;
  if (heading.names.length === all) return wanted.map(({ position }) => position - 1);
  throw new UserError(
    ExitCode.data,
    `${heading.at(heading.line)}: expected ${all} columns with the target; found ${heading.names.length}`,
  );
}

function byName(
  heading: Heading,
  columns: Columns,
  wanted: readonly { readonly name: string }[],
  what: string,
): readonly number[] {
  const places = new Map(heading.names.map((name, index) => [name, index]));
  const missing = wanted.map(({ name }) => name).filter((name) => !places.has(name));
  if (missing.length > 0) throw missingColumns(heading, columns, missing, what);
  return wanted.map(({ name }) => places.get(name) ?? -1);
}

/** `what` is the kind of column: `column`, `target column`. */
function missingColumns(
  heading: Heading,
  columns: Columns,
  missing: readonly string[],
  what: string,
): UserError {
  const { at, line, names } = heading;
  const some = missing.slice(0, MAX_MISSING).map(quote).join(', ');
  const count = missing.length > MAX_MISSING ? `, … (${missing.length})` : ` (${missing.length})`;
  const expected = missing.length === 1 ? `the ${what} ${some}` : `the ${what}s ${some}${count}`;
  return new UserError(
    ExitCode.data,
    `${at(line)}: expected ${expected}; found ${listNames(names)}`,
    names.some((name) => hasName(columns, name)) || !looksLikeData(names)
      ? nearestNames(missing, names)
      : 'if this row is data and no header, say --no-header',
  );
}

/** So many missing columns are named. */
const MAX_MISSING = 6;

/** What each missing column may be called in the table; undefined where nothing is near. */
function nearestNames(missing: readonly string[], names: readonly string[]): string | undefined {
  const pairs = missing.slice(0, MAX_MISSING).flatMap((name) => {
    const near = nearest(name, names);
    return near === undefined ? [] : [{ name, near }];
  });
  if (pairs.length === 0) return undefined;
  if (missing.length === 1) return `did you mean ${quote(pairs[0].near)}?`;
  const meant = pairs.map(({ name, near }) => `${quote(near)} for ${quote(name)}`);
  return `did you mean ${meant.join(', ')}?`;
}
