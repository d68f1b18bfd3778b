/** Which columns of a training table are features and which are targets, by the words of the user. */
import { ExitCode, UserError } from '../errors.ts';
import { nearest, quote } from '../words.ts';
import { columnLabel, type Heading, listNames } from './heading.ts';

/** Columns by name, by pattern (`bill_*`), by position from 1 (`3`) or by range of them (`2-5`). */
type ColumnWords = readonly string[];

/** What the user says of the columns of a training table. */
export interface ColumnWishes {
  /** Exact names, or positions where no column has such a name; empty means the last column. */
  readonly targets: readonly string[];
  /** All but the others where it is not given. */
  readonly features?: ColumnWords;
  readonly ignore?: ColumnWords;
  readonly categorical?: ColumnWords;
  readonly numeric?: ColumnWords;
  readonly sampleWeight?: string;
  /** Columns that say where a row goes, or which rows belong together. */
  readonly split?: string;
}

/** Indices of columns, from 0. */
export interface ChosenColumns {
  /** In file order. */
  readonly features: readonly number[];
  /** In the order asked for. */
  readonly targets: readonly number[];
  readonly sampleWeight: number | null;
  readonly split: number | null;
  /** Columns that are left out because the user says so. */
  readonly ignored: ReadonlySet<number>;
  /** Columns that the user names as features, or says a kind of. */
  readonly wanted: ReadonlySet<number>;
  readonly categorical: ReadonlySet<number>;
  readonly numeric: ReadonlySet<number>;
}

/**
 * The columns that were asked for.
 *
 * @throws {UserError} exit 3: no such column, one named twice or for two things, no column left for
 *   features
 */
export function chooseColumns(heading: Heading, wishes: ColumnWishes): ChosenColumns {
  const { names } = heading;
  const targets =
    wishes.targets.length === 0
      ? [names.length - 1]
      : wishes.targets.map((name) => findColumn(heading, name, 'the target column'));
  checkOnce(heading, targets);
  const single = (name: string | undefined, what: string) =>
    name === undefined ? null : findColumn(heading, name, what);
  const sampleWeight = single(wishes.sampleWeight, 'the column of sample weights');
  const split = single(wishes.split, 'the column of the split');
  const named = selectColumns(heading, wishes.features, '--features');
  const ignored = selectColumns(heading, wishes.ignore, '--ignore');
  const categorical = selectColumns(heading, wishes.categorical, '--categorical');
  const numeric = selectColumns(heading, wishes.numeric, '--numeric');
  checkApart(heading, categorical, numeric, ['--categorical', '--numeric']);
  checkApart(heading, new Set(targets), ignored, ['--target', '--ignore']);
  const taken = new Set([...targets, sampleWeight, split]);
  const features = names
    .map((_, index) => index)
    .filter((index) => !taken.has(index) && !ignored.has(index))
    .filter((index) => wishes.features === undefined || named.has(index));
  if (features.length === 0) throw noFeatures(heading);
  const wanted = new Set([...named, ...categorical, ...numeric]);
  return { features, targets, sampleWeight, split, ignored, wanted, categorical, numeric };
}

function checkOnce({ source, header, names }: Heading, targets: readonly number[]): void {
  const twice = targets.find((index, i) => targets.indexOf(index) !== i);
  if (twice === undefined) return;
  throw new UserError(
    ExitCode.data,
    `${source}: expected each target once; found ${columnLabel(header, names, twice)} twice`,
  );
}

function checkApart(
  { source, header, names }: Heading,
  a: ReadonlySet<number>,
  b: ReadonlySet<number>,
  [first, second]: readonly [string, string],
): void {
  const both = [...a].find((index) => b.has(index));
  if (both === undefined) return;
  throw new UserError(
    ExitCode.usage,
    `${source}: expected ${columnLabel(header, names, both)} in one of ${first} and ${second}; found it in both`,
  );
}

function noFeatures({ source, names }: Heading): UserError {
  const found = names.length === 1 ? 'one column' : 'none';
  return new UserError(
    ExitCode.data,
    `${source}: expected at least one column besides the target; found ${found}`,
    'the other columns are the features that the network learns from',
  );
}

/**
 * The index of a column that goes by its name, or else by its position.
 *
 * @param what  what messages call it
 * @throws {UserError} exit 3
 */
export function findColumn(heading: Heading, name: string, what: string): number {
  const index = heading.names.indexOf(name);
  if (index !== -1) return index;
  const position = /^[1-9]\d*$/.test(name) ? Number(name) : Number.NaN;
  if (position <= heading.names.length) return position - 1;
  throw missingColumn(heading, what, name);
}

/**
 * All columns that the words mean, in the order of the words; none where there are no words.
 *
 * @param flag  the option that the words stand behind, for messages
 * @throws {UserError} exit 3 for a word that no column has
 */
export function selectColumns(
  heading: Heading,
  words: ColumnWords = [],
  flag: string,
): ReadonlySet<number> {
  return new Set(words.flatMap((word) => matching(heading, word, flag)));
}

function matching(heading: Heading, word: string, flag: string): readonly number[] {
  const { names } = heading;
  const exact = names.indexOf(word);
  if (exact !== -1) return [exact];
  const range = /^([1-9]\d*)(?:-([1-9]\d*))?$/.exec(word);
  if (range) {
    const first = Number(range[1]);
    const last = Number(range[2] ?? first);
    if (first <= last && last <= names.length) {
      return Array.from({ length: last - first + 1 }, (_, i) => first - 1 + i);
    }
  }
  const pattern = /[*?]/.test(word) ? patternOf(word) : undefined;
  const found = pattern ? names.flatMap((name, i) => (pattern.test(name) ? [i] : [])) : [];
  if (found.length > 0) return found;
  throw missingColumn(heading, `for ${flag} ${pattern ? 'a column like' : 'the column'}`, word);
}

/** `*` is any text, `?` one character. */
function patternOf(word: string): RegExp {
  const escaped = word.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*+/g, '.*').replace(/\?/g, '.')}$`, 'su');
}

/** The error for a column that a table should have, by name, with the nearest name it has. */
function missingColumn(heading: Heading, what: string, name: string): UserError {
  const near = heading.header ? nearest(name, heading.names) : undefined;
  const found = heading.header ? listNames(heading.names) : `${heading.names.length} without names`;
  return new UserError(
    ExitCode.data,
    `${heading.source}: expected ${what} ${quote(name)}; found ${found}`,
    near === undefined || near.includes(',')
      ? remedyForCommas(heading)
      : `did you mean ${quote(near)}?`,
  );
}

/** Names that were asked for have commas between them, so that one with a comma is taken apart. */
function remedyForCommas({ header, names }: Heading): string | undefined {
  if (!header) return `columns go by their positions, 1 to ${names.length}`;
  const isTorn = names.some((name) => name.includes(','));
  return isTorn ? 'a name with a comma goes by its position, from 1' : undefined;
}
