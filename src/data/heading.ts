/** The first row of a table once it is known whether it is a header, and what messages call columns. */
import { ExitCode, UserError } from '../errors.ts';
import { quote } from '../words.ts';
import type { Places, TableRow } from './row.ts';

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
