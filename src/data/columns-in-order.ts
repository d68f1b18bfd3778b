/** The columns for a model without a contract: numbers, as many as it has inputs, in order. */
import { ExitCode, UserError } from '../errors.ts';
import type { Columns } from './columns.ts';
import { type Heading, listNames } from './heading.ts';

/** What a network takes that says nothing of columns: numbers. */
export function numberColumns(width: number): Columns {
  const features = Array.from(
    { length: width },
    (_, index) => ({ name: String(index + 1), position: index + 1, kind: 'number' }) as const,
  );
  return { header: false, features, targets: [] };
}

/** All columns. @throws {UserError} exit 3 where they are not as many as the network has inputs */
export function allIndices(heading: Heading, width: number, model: string): readonly number[] {
  const { at, line, header, names } = heading;
  if (names.length === width) return names.map((_, index) => index);
  const found = header ? `${names.length}: ${listNames(names)}` : `${names.length}`;
  throw new UserError(
    ExitCode.data,
    `${at(line)}: expected ${width} column${width === 1 ? '' : 's'}, as many as ${model} has inputs; found ${found}`,
    `${model} does not say which columns it wants, so the table must have these alone, in order`,
  );
}
