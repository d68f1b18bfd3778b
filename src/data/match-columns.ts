/**
 * The stored contract against a new table: which of its columns is which feature and target.
 * By name where both have headers, else by position.
 */
import { ExitCode, UserError } from '../errors.ts';
import { nearest, quote } from '../words.ts';
import { type Columns, countNumbers, type Heading, listNames } from './columns.ts';

/**
 * Whether the first row of a table that comes after training is a header. A model trained with a
 * header takes every row that is not all numbers for one. Without (or without a contract), all
 * cells have to be numbers, so only a row without any number can be one.
 */
export function isLaterHeader(columns: Columns | null, cells: readonly string[]): boolean {
  const numbers = countNumbers(cells);
  return columns?.header ? numbers < cells.length : numbers === 0;
}

/**
 * The index (from 0) of each feature's column, in the contract's order. By name, other columns
 * are of no concern. By position, a table has the features alone, in order, or all columns of the
 * training table, as they stood there.
 *
 * @throws {UserError} exit 3 where a column is missing or the number of columns is another
 */
export function matchFeatures(columns: Columns, heading: Heading): readonly number[] {
  if (columns.header && heading.header) return byName(heading, columns.features, 'a column');
  const all = columns.features.length + columns.targets.length;
  const found = heading.names.length;
  if (found === all) return columns.features.map(({ position }) => position - 1);
  if (found === columns.features.length) return columns.features.map((_, index) => index);
  throw new UserError(
    ExitCode.data,
    `${heading.source}:${heading.line}: expected ${columns.features.length} columns, or ${all} with the target; found ${found}`,
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
    return byName(heading, columns.targets, 'the target column');
  const all = columns.features.length + columns.targets.length;
  if (heading.names.length === all) return columns.targets.map(({ position }) => position - 1);
  throw new UserError(
    ExitCode.data,
    `${heading.source}:${heading.line}: expected ${all} columns with the target; found ${heading.names.length}`,
  );
}

function byName(
  heading: Heading,
  wanted: readonly { readonly name: string }[],
  what: string,
): readonly number[] {
  const places = new Map(heading.names.map((name, index) => [name, index]));
  const missing = wanted.filter(({ name }) => !places.has(name));
  if (missing.length === 0) return wanted.map(({ name }) => places.get(name) ?? -1);
  const problems = missing.map(
    ({ name }) =>
      `${heading.source}:${heading.line}: expected ${what} ${quote(name)}; found ${listNames(heading.names)}`,
  );
  const near = nearest(missing[0].name, heading.names);
  throw new UserError(ExitCode.data, problems, near && `did you mean ${quote(near)}?`);
}
