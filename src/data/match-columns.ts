/**
 * The stored contract against a new table: which of its columns is which feature and target.
 * By name where both have headers, else by position.
 */
import { ExitCode, UserError } from '../errors.ts';
import { nearest, quote } from '../words.ts';
import { type Columns, type Heading, listNames } from './columns.ts';
import { hasName, looksLikeData } from './header.ts';

/**
 * The index (from 0) of each feature's column, in the contract's order. By name, other columns
 * are of no concern. By position, a table has the features alone, in order, or all columns of the
 * training table, as they stood there.
 *
 * @throws {UserError} exit 3 where a column is missing or the number of columns is another
 */
export function matchFeatures(columns: Columns, heading: Heading): readonly number[] {
  if (columns.header && heading.header) return byName(heading, columns, columns.features, 'column');
  const all = columns.features.length + columns.targets.length;
  const found = heading.names.length;
  if (found === all) return columns.features.map(({ position }) => position - 1);
  if (found === columns.features.length) return columns.features.map((_, index) => index);
  throw new UserError(
    ExitCode.data,
    `${heading.at(heading.line)}: expected ${columns.features.length} columns, or ${all} with the target; found ${found}`,
    columns.header ? 'with a header, columns are matched by name' : undefined,
  );
}

/**
 * The index (from 0) of each target's column, in the contract's order.
 *
 * @throws {UserError} exit 3 where one is missing
 */
export function matchTargets(columns: Columns, heading: Heading): readonly number[] {
  if (columns.header && heading.header)
    return byName(heading, columns, columns.targets, 'target column');
  const all = columns.features.length + columns.targets.length;
  if (heading.names.length === all) return columns.targets.map(({ position }) => position - 1);
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
