/** `--split`, `--validation-split`, `--test-split`: how rows are divided before the first epoch. */
import type { SplitWish, SplitWord } from '../data/split-wish.ts';
import { ExitCode, UserError } from '../errors.ts';
import { decimal, text, type ValueParser, valueOption, wrong } from './option-values.ts';

/** The command line's part of it. */
export interface SplitOptions {
  readonly split?: SplitWord;
  readonly validationSplit?: number;
  readonly validationData?: string | readonly string[];
  readonly testSplit?: number;
  readonly testOut?: string;
}

const PLAIN = ['last', 'random', 'stratified'] as const;

/** The value of `--split`. */
export const splitWord: ValueParser<SplitWord> = (value, flag) => {
  const plain = PLAIN.find((word) => word === value);
  if (plain) return { by: plain };
  const [, by, column] = /^(column|group):(.+)$/su.exec(value) ?? [];
  if (by === 'column' || by === 'group') return { by, column };
  throw wrong(flag, 'random, stratified, last, column:NAME or group:NAME', value);
};

export const split = valueOption(
  '--split <HOW>',
  'which rows to validate with: last (as Keras), random, stratified (each class alike), column:NAME (its words train, validation, test), group:NAME (groups stay whole)',
  splitWord,
);
export const testSplit = valueOption(
  '--test-split <X>',
  'share of the rows to keep aside; with --test-out',
  decimal('a number, 0 or more and less than 1', (x) => x >= 0 && x < 1),
);
export const testOut = valueOption('--test-out <FILE>', 'where to write the test rows', text);

/** What a trained model says of it besides the share of validation rows, as the options are written. */
export function splitRecord({ split: word, testSplit }: SplitOptions) {
  const column = word && 'column' in word ? `:${word.column}` : '';
  return { split: word && `${word.by}${column}`, test_split: testSplit };
}

/**
 * How rows are divided; undefined where all are for training.
 *
 * @param bySpec  the spec's `fit.validation_split`
 * @throws {UserError} exit 2 for options that need one another
 */
export function splitWish(
  options: SplitOptions,
  bySpec: number,
  seed: number,
): SplitWish | undefined {
  const { split: word, validationSplit, testSplit: test = 0, validationData } = options;
  const validation = validationData === undefined ? (validationSplit ?? bySpec) : 0;
  checkTogether(options, validation);
  if (validation === 0 && test === 0 && word?.by !== 'column') return undefined;
  return {
    word: word ?? { by: 'last' },
    validation,
    test,
    seed,
    source: validationSplit === undefined ? 'fit.validation_split' : '--validation-split',
    isAskedFor: word !== undefined || test > 0,
  };
}

function checkTogether(
  { split: word, testSplit: test, testOut: out, validationData }: SplitOptions,
  validation: number,
): void {
  const usage = (problem: string, remedy: string) => new UserError(ExitCode.usage, problem, remedy);
  if (test !== undefined && out === undefined) {
    throw usage(
      '--test-split: expected --test-out FILE beside it; found none',
      'rows that are kept aside go there',
    );
  }
  if (out !== undefined && test === undefined && word?.by !== 'column') {
    throw usage(
      '--test-out: expected --test-split X beside it; found none',
      'X is their share: 0.2',
    );
  }
  if (word === undefined) return;
  if (word.by === 'column') {
    if (validation === 0 && test === undefined && validationData === undefined) return;
    throw usage(
      `--split column:${word.column}: expected no share of rows beside it, since the column decides; found one`,
      'leave --validation-split, --validation-data and --test-split out',
    );
  }
  if (validation === 0 && test === undefined) {
    throw usage(
      `--split ${word.by}: expected --validation-split X or --test-split X beside it; found neither`,
      'X is a share of the rows: 0.2',
    );
  }
}
