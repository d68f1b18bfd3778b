/** What the cells of a surveyed column are, counted exactly: for who wants to look at a table. */
import type { ColumnFacts } from '../records.ts';
import type { CellSyntax } from './cell-syntax.ts';
import { categoryKey } from './classes.ts';
import { numbersOf, profileOf, type RowSelection } from './column-profile.ts';
import { parseDate } from './dates.ts';
import type { SurveyedColumn } from './survey.ts';

/** So many of the commonest words are kept. */
const FREQUENT = 10;

/** Facts of a column of numbers. */
export function numberFacts(
  column: SurveyedColumn,
  rows: RowSelection,
  { number, isMissing }: CellSyntax,
): ColumnFacts {
  const read = (text: string) => (isMissing(text) ? Number.NaN : (number(text) ?? Number.NaN));
  const { missing, distinct, range } = sortedFacts(numbersOf(column, rows, read));
  return { missing, distinct, range, frequent: null };
}

/** Facts of a column of dates; with the time of day where one of them has any. */
export function dateFacts(
  column: SurveyedColumn,
  rows: RowSelection,
  { isMissing }: CellSyntax,
): ColumnFacts {
  const moments = numbersOf(column, rows, (text) =>
    isMissing(text) ? Number.NaN : (parseDate(text) ?? Number.NaN),
  );
  const { missing, distinct, range } = sortedFacts(moments);
  const isWholeDays = moments.every((moment) => Number.isNaN(moment) || moment % DAY === 0);
  const iso = (moment: number) => {
    const text = new Date(moment).toISOString();
    return isWholeDays ? text.slice(0, 10) : `${text.slice(0, 19)}Z`;
  };
  return { missing, distinct, range: range && [iso(range[0]), iso(range[1])], frequent: null };
}

const DAY = 24 * 60 * 60 * 1000;

/** Sorting takes less memory than a set, and any number of them. */
function sortedFacts(values: Float64Array) {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  let distinct = sorted.length > 0 ? 1 : 0;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) distinct++;
  const range: readonly [number, number] | null =
    sorted.length > 0 ? [sorted[0], sorted[sorted.length - 1]] : null;
  return { missing: values.length - sorted.length, distinct, range };
}

/** Facts of a column of words; numbers that are written in several ways are one. */
export function wordFacts(
  column: SurveyedColumn,
  rows: RowSelection,
  syntax: CellSyntax,
): ColumnFacts {
  const { values } = column;
  if (values.form !== 'codes') {
    // Of free text no cell was kept, so that its rows cannot be told apart.
    const missing = column.missing.count;
    return { missing, distinct: null, range: null, frequent: null };
  }
  const { missing, texts } = profileOf(column, rows, syntax);
  const key = categoryKey(texts ?? [], syntax);
  const counts = new Map<string, { readonly value: string; count: number }>();
  const byCode = values.texts.map((text) => {
    if (syntax.isMissing(text)) return undefined;
    const own = counts.get(key(text)) ?? { value: text, count: 0 };
    counts.set(key(text), own);
    return own;
  });
  for (const row of rows) {
    const counted = byCode[values.codes[row]];
    if (counted) counted.count++;
  }
  return { missing, ...commonest([...counts.values()]) };
}

/** Facts of a target of classes, by the class numbers of rows that have one. */
export function classFacts(classes: readonly string[], codes: Float32Array): ColumnFacts {
  const counts = classes.map((value) => ({ value, count: 0 }));
  for (const code of codes) counts[code].count++;
  return { missing: 0, ...commonest(counts) };
}

function commonest(
  counts: readonly { readonly value: string; readonly count: number }[],
): Pick<ColumnFacts, 'distinct' | 'range' | 'frequent'> {
  const found = counts.filter(({ count }) => count > 0);
  const frequent = found.toSorted((a, b) => b.count - a.count).slice(0, FREQUENT);
  return { distinct: found.length, range: null, frequent };
}
