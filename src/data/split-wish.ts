/** What the user says of how rows are divided, and the rule that it becomes once the rows are there. */
import { ExitCode, UserError } from '../errors.ts';
import type { SplitRule, SplitShares } from './split.ts';

/** The words of `--split`. */
export type SplitWord =
  | { readonly by: 'last' | 'random' | 'stratified' }
  | { readonly by: 'column' | 'group'; readonly column: string };

export interface SplitWish extends SplitShares {
  readonly word: SplitWord;
  readonly seed: number;
  /** Where the share of validation rows was given, for messages. */
  readonly source: string;
  /** Whether the user said how, so that what became of it is told. */
  readonly isAskedFor: boolean;
}

/** What the rows of a table have to say. */
export interface RowKeys {
  /** What the rows of one class have in common; null where targets are no classes. */
  readonly classOf: ((row: number) => string | number) | null;
  /** The text of the split column; null where there is none. */
  readonly wordOf: ((row: number) => string) | null;
  /** What messages call the split column. */
  readonly label: string;
}

/** @throws {UserError} exit 2 for classes or columns that are not there */
export function splitRule(
  { word, seed }: SplitWish,
  { classOf, wordOf, label }: RowKeys,
): SplitRule {
  switch (word.by) {
    case 'last':
      return { kind: 'last' };
    case 'random':
      return { kind: 'random', seed };
    case 'stratified':
      if (classOf) return { kind: 'stratified', seed, keyOf: classOf };
      throw new UserError(
        ExitCode.usage,
        '--split stratified: expected a target of classes; found numbers',
        'say --split random',
      );
    default:
      if (!wordOf) throw new UserError(ExitCode.usage, noColumns(word.by));
      return word.by === 'group'
        ? { kind: 'group', seed, keyOf: wordOf }
        : { kind: 'column', wordOf, placeOf: () => label };
  }
}

function noColumns(by: string): string {
  return `--split ${by}: expected a table with such a column; found arrays`;
}
