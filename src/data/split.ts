/** Which rows are to learn from, which to validate with, and which to keep aside for a test. */
import { ExitCode, UserError } from '../errors.ts';
import { Shuffler } from '../random.ts';
import { quote } from '../words.ts';
import type { RowSelection } from './column-profile.ts';

/** Shares of the rows, each from 0, below 1. The test rows go first, the validation rows are of the rest. */
export interface SplitShares {
  readonly validation: number;
  readonly test: number;
}

/** Row indices of each part, in the order of the table. */
export interface RowSplit {
  readonly training: RowSelection;
  readonly validation: RowSelection;
  readonly test: RowSelection;
}

/** How rows are divided; `keyOf` says what rows of one class or group have in common. */
export type SplitRule =
  /** Keras's: the last rows, before any shuffling. */
  | { readonly kind: 'last' }
  | { readonly kind: 'random'; readonly seed: number }
  /** Each class by itself, so that all parts have their share of it. */
  | { readonly kind: 'stratified'; readonly seed: number; keyOf(row: number): string | number }
  /** Groups stay whole. */
  | { readonly kind: 'group'; readonly seed: number; keyOf(row: number): string | number }
  /** A column says it in words. */
  | { readonly kind: 'column'; wordOf(row: number): string; placeOf(word: string): string };

/**
 * Divides rows.
 *
 * @param rows    that are to be divided, at least one
 * @param source  where the shares were given, for messages
 * @throws {UserError} exit 2 for a share outside its range; exit 3 where a part would have no rows, or a
 *   column has another word
 */
export function splitRows(
  rows: RowSelection,
  rule: SplitRule,
  shares: SplitShares,
  source = 'fit.validation_split',
): RowSplit {
  if (rule.kind === 'column') return byWords(rows, rule);
  checkShare(shares.validation, source);
  checkShare(shares.test, '--test-split');
  const [rest, test] = takeShare(rows, rule, shares.test);
  const [training, validation] = takeShare(rest, rule, shares.validation);
  checkPart(training, shares.validation + shares.test, rows.length, 'training', source);
  checkPart(validation, shares.validation, rows.length, 'validation', source);
  checkPart(test, shares.test, rows.length, 'test', '--test-split');
  return { training, validation, test };
}

function checkShare(share: number, source: string): void {
  if (share >= 0 && share < 1) return;
  throw new UserError(
    ExitCode.usage,
    `${source}: expected a number from 0, below 1; found ${share}`,
  );
}

function checkPart(
  part: RowSelection,
  share: number,
  rows: number,
  name: string,
  source: string,
): void {
  if (part.length > 0 || share === 0) return;
  throw new UserError(
    ExitCode.data,
    `${source} ${share}: expected at least one row for ${name}; found none in ${rows} row${rows === 1 ? '' : 's'}`,
    'give more rows, or another share of them to validate with',
  );
}

/** Keras's rule: `floor(rows * (1 - share))` in doubles, not rounded (10 rows and 0.9 give 0). */
function restOf(rows: number, share: number): number {
  return Math.floor(rows * (1 - share));
}

/** The rows without a share of them, and that share. */
function takeShare(
  rows: RowSelection,
  rule: Exclude<SplitRule, { kind: 'column' }>,
  share: number,
): readonly [rest: RowSelection, taken: RowSelection] {
  if (share === 0) return [rows, rows.subarray(0, 0)];
  const rest = restOf(rows.length, share);
  switch (rule.kind) {
    case 'last':
      return [rows.subarray(0, rest), rows.subarray(rest)];
    case 'random':
      return divide(rows, shuffled(rows, rule.seed).subarray(rest));
    case 'stratified':
      return divide(rows, stratum(rows, rule, rows.length - rest));
    case 'group':
      return divide(rows, wholeGroups(rows, rule, rows.length - rest));
  }
}

/** The rows that are not among `taken`, and those that are, both in their first order. */
function divide(
  rows: RowSelection,
  taken: Iterable<number>,
): readonly [rest: RowSelection, taken: RowSelection] {
  const chosen = new Set(taken);
  return [rows.filter((row) => !chosen.has(row)), rows.filter((row) => chosen.has(row))];
}

function shuffled(rows: RowSelection, seed: number): Int32Array {
  const order = Int32Array.from(rows);
  Shuffler.of(seed, 'split').shuffle(order);
  return order;
}

type KeyedRule = Extract<SplitRule, { kind: 'stratified' | 'group' }>;

/** The rows of each key, both in random order. */
function shuffledGroups(rows: RowSelection, { seed, keyOf }: KeyedRule): readonly number[][] {
  const groups = new Map<string | number, number[]>();
  for (const row of shuffled(rows, seed)) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}

/**
 * `count` rows, of each class as many as its share of all: whole rows first, then one more each to the
 * classes with the largest remainders.
 */
function stratum(rows: RowSelection, rule: KeyedRule, count: number): number[] {
  const groups = shuffledGroups(rows, rule);
  const quotas = groups.map((group) => (group.length * count) / rows.length);
  const counts = quotas.map(Math.floor);
  const open = count - counts.reduce((sum, each) => sum + each, 0);
  const byRemainder = quotas
    .map((quota, i) => ({ i, remainder: quota - counts[i] }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of byRemainder.slice(0, open)) counts[i]++;
  return groups.flatMap((group, i) => group.slice(0, counts[i]));
}

/** Groups in random order, as long as that brings the number of rows nearer to `count`. */
function wholeGroups(rows: RowSelection, rule: KeyedRule, count: number): number[] {
  const taken: number[] = [];
  for (const group of shuffledGroups(rows, rule)) {
    const after = taken.length + group.length;
    if (Math.abs(after - count) < Math.abs(taken.length - count)) taken.push(...group);
  }
  return taken;
}

/** What the words of a split column mean. */
const PARTS: ReadonlyMap<string, keyof RowSplit> = new Map([
  ['train', 'training'],
  ['training', 'training'],
  ['validation', 'validation'],
  ['validate', 'validation'],
  ['valid', 'validation'],
  ['val', 'validation'],
  ['dev', 'validation'],
  ['test', 'test'],
  ['testing', 'test'],
]);

function byWords(
  rows: RowSelection,
  { wordOf, placeOf }: Extract<SplitRule, { kind: 'column' }>,
): RowSplit {
  const parts: Record<keyof RowSplit, number[]> = { training: [], validation: [], test: [] };
  for (const row of rows) {
    const word = wordOf(row);
    const part = PARTS.get(word.trim().toLowerCase());
    if (part === undefined) {
      throw new UserError(
        ExitCode.data,
        `${placeOf(word)}: expected train, validation or test; found ${quote(word)}`,
      );
    }
    parts[part].push(row);
  }
  if (parts.training.length === 0) {
    throw new UserError(
      ExitCode.data,
      `${placeOf('train')}: expected at least one row with "train"; found none`,
    );
  }
  return {
    training: Uint32Array.from(parts.training),
    validation: Uint32Array.from(parts.validation),
    test: Uint32Array.from(parts.test),
  };
}
