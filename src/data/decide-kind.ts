/** What a column of a training table is, by its cells and by what the user says of it. */
import { formatThousands, quote } from '../words.ts';
import type { CellSyntax } from './cell-syntax.ts';
import type { ColumnProfile } from './column-profile.ts';
import { parseDate } from './dates.ts';
import { areNumbers, MAX_TEXTS, type SurveyedColumn } from './survey.ts';

/** A kind of feature, or why the column is none; `constant` may be kept where the network has an input for it. */
export type KindDecision =
  | { readonly kind: 'number' | 'category' | 'date' }
  | { readonly kind: 'boolean'; readonly values: readonly [string, string] }
  | {
      readonly kind: 'unused';
      /** Of this column: `"Anvers" in every row`. */
      readonly reason: string;
      /** In general, for one line about many columns: `constant`. */
      readonly cause: string;
      /** The option by which it is used all the same; null where there is none. */
      readonly remedy: string | null;
      readonly constant?: true;
      readonly isEmpty?: true;
    };

/** What the user says of one column. */
export interface KindWish {
  readonly name: string;
  readonly position: number;
  /** The column was named as a feature, so that it is not left out for its looks. */
  readonly isWanted: boolean;
  readonly kind: 'number' | 'category' | null;
  readonly oneHotLimit: number;
}

/** With more rows than this, a text that is another in most of them is no category. */
const FEW_ROWS = 20;

/** Words for no and yes, in lower case. */
const BOOLEANS: readonly (readonly [string, string])[] = [
  ['false', 'true'],
  ['no', 'yes'],
  ['f', 't'],
  ['n', 'y'],
  ['off', 'on'],
];

/** Names that programs give a column of row numbers. */
const ROW_NUMBER_NAME = /^(?:|unnamed: ?0|row\.?names?)$/i;

/** Decides for one column. */
export function decideKind(
  column: SurveyedColumn,
  profile: ColumnProfile,
  wish: KindWish,
  syntax: CellSyntax,
): KindDecision {
  if (profile.missing === profile.rows)
    return { ...unused('missing in every row', 'missing in every row'), isEmpty: true };
  if (wish.kind !== null) return { kind: wish.kind };
  const { values } = column;
  if (values.form === 'free text') return freeText(profile);
  if (values.form === 'moments') return { kind: 'date' };
  // So many different numbers are no categories, whatever texts came later: these are mistakes.
  if (values.form === 'numbers' || areNumbers(column)) {
    return numberOr(profile, wish, column, syntax);
  }
  const texts = profile.texts ?? [];
  const words = booleanWords(texts);
  if (words) return { kind: 'boolean', values: words };
  if (texts.length === 1 && profile.missing === 0) {
    return { ...unused(`${quote(texts[0])} in every row`, 'constant'), constant: true };
  }
  if (texts.every((text) => parseDate(text) !== undefined)) return { kind: 'date' };
  const isId = texts.length > (profile.rows - profile.missing) / 2 && profile.rows > FEW_ROWS;
  if (isId && !wish.isWanted) {
    return unused(
      `${formatThousands(texts.length)} different texts in ${formatThousands(profile.rows - profile.missing)} rows`,
      'text that differs from row to row',
      '--categorical',
    );
  }
  if (texts.length > wish.oneHotLimit && !wish.isWanted) {
    return unused(
      `${formatThousands(texts.length)} categories, more than --one-hot-limit ${wish.oneHotLimit}`,
      `more categories than --one-hot-limit ${wish.oneHotLimit}`,
    );
  }
  return { kind: 'category' };
}

type Unused = Extract<KindDecision, { kind: 'unused' }>;

function unused(reason: string, cause: string, remedy: string | null = null): Unused {
  return { kind: 'unused', reason, cause, remedy };
}

function freeText({ rows }: ColumnProfile): KindDecision {
  const many = `more than ${formatThousands(MAX_TEXTS)} different texts`;
  return unused(`${many} in ${formatThousands(rows)} rows`, 'text that differs from row to row');
}

function numberOr(
  { range, missing, rows }: ColumnProfile,
  { name, position, isWanted }: KindWish,
  column: SurveyedColumn,
  syntax: CellSyntax,
): KindDecision {
  if (isWanted || range === null) return { kind: 'number' };
  const [min, max] = range;
  if (min === max && missing === 0 && column.texts.count === 0) {
    return { ...unused(`${min} in every row`, 'constant'), constant: true };
  }
  const isNumbered = ROW_NUMBER_NAME.test(name) && position === 1 && countsUp(column, syntax);
  return isNumbered
    ? unused(`the numbers of the ${formatThousands(rows)} rows`, 'row numbers', '--numeric')
    : { kind: 'number' };
}

/** Whether the numbers are whole and rise by 1 from row to row. */
export function countsUp({ values }: SurveyedColumn, syntax: CellSyntax): boolean {
  if (values.form !== 'codes' && values.form !== 'numbers') return false;
  const numbers =
    values.form === 'numbers'
      ? values.values
      : Float64Array.from(values.codes, (code) => syntax.number(values.texts[code]) ?? Number.NaN);
  return numbers.every((value, row) =>
    row === 0 ? Number.isInteger(value) : value === numbers[row - 1] + 1,
  );
}

function booleanWords(texts: readonly string[]): readonly [string, string] | undefined {
  const words = new Set(texts.map((text) => text.trim().toLowerCase()));
  return BOOLEANS.find((pair) => words.size === 2 && pair.every((word) => words.has(word)));
}
