/** What the cells of a surveyed column are in some of its rows: the facts that decisions rest on. */
import type { CellSyntax } from './cell-syntax.ts';
import type { SurveyedColumn } from './survey.ts';

/** Row indices, rising. */
export type RowSelection = Uint32Array;

/** Two selections that have no row in common, as one. */
export function joinRows(a: RowSelection, b: RowSelection): RowSelection {
  if (b.length === 0) return a;
  const both = new Uint32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both.sort();
}

/** Facts about a column in the rows that are kept. */
export interface ColumnProfile {
  readonly rows: number;
  readonly missing: number;
  /**
   * The different texts that are not missing, in the order of their first cell in the table; null where
   * there were too many to keep.
   */
  readonly texts: readonly string[] | null;
  /** Least and largest number; null where there is none. */
  readonly range: readonly [number, number] | null;
}

/** Looks at the rows. */
export function profileOf(
  { values }: SurveyedColumn,
  rows: RowSelection,
  syntax: CellSyntax,
): ColumnProfile {
  switch (values.form) {
    case 'codes': {
      const counts = countCodes(values.codes, values.texts.length, rows);
      const found = values.texts.filter((_, code) => counts[code] > 0);
      const texts = found.filter((text) => !syntax.isMissing(text));
      const missing = values.texts.reduce(
        (sum, text, code) => sum + (syntax.isMissing(text) ? counts[code] : 0),
        0,
      );
      const range = rangeOf(texts.map((text) => syntax.number(text) ?? Number.NaN));
      return { rows: rows.length, missing, texts, range };
    }
    case 'numbers':
    case 'moments': {
      const chosen = Float64Array.from(rows, (row) => values.values[row]);
      const missing = chosen.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0);
      return { rows: rows.length, missing, texts: null, range: rangeOf(chosen) };
    }
    case 'free text':
      return { rows: rows.length, missing: 0, texts: null, range: null };
  }
}

/** How often each code occurs. */
function countCodes(codes: Uint32Array, kinds: number, rows: RowSelection): Uint32Array {
  const counts = new Uint32Array(kinds);
  for (const row of rows) counts[codes[row]]++;
  return counts;
}

function rangeOf(values: Iterable<number>): readonly [number, number] | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? [min, max] : null;
}

/**
 * A number for each row.
 *
 * @param numberOf  the number of a text; NaN where it has none. Not asked where numbers were kept.
 */
export function numbersOf(
  { values }: SurveyedColumn,
  rows: RowSelection,
  numberOf: (text: string) => number,
): Float64Array {
  if (values.form === 'free text') throw new Error('internal: free text has no numbers');
  if (values.form === 'codes') {
    const known = Float64Array.from(values.texts, numberOf);
    return Float64Array.from(rows, (row) => known[values.codes[row]]);
  }
  return Float64Array.from(rows, (row) => values.values[row]);
}
