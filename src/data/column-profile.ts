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
      const texts: string[] = [];
      const numbers: number[] = [];
      let missing = 0;
      values.texts.forEach((text, code) => {
        if (syntax.isMissing(text)) missing += counts[code];
        else if (counts[code] > 0) {
          texts.push(text);
          numbers.push(values.numbers[code]);
        }
      });
      const { range } = extentOf(Float64Array.from(numbers));
      return { rows: rows.length, missing, texts, range };
    }
    case 'numbers':
    case 'moments': {
      const chosen = numbersOf({ values }, rows, () => Number.NaN);
      const { range, missing } = extentOf(chosen);
      return { rows: rows.length, missing, texts: null, range };
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

function extentOf(values: Float64Array): Pick<ColumnProfile, 'range' | 'missing'> {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let missing = 0;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
    if (Number.isNaN(value)) missing++;
  }
  return { range: min <= max ? [min, max] : null, missing };
}

/**
 * A number for each row, to be read only: the column's own where these are all of its rows.
 *
 * @param numberOf  the number of a text; NaN where it has none. Not asked where numbers were kept.
 */
export function numbersOf(
  { values }: Pick<SurveyedColumn, 'values'>,
  rows: RowSelection,
  numberOf: (text: string) => number,
): Float64Array {
  // Rising indices that are as many as the rows are all of them.
  if ('values' in values && rows.length === values.values.length) return values.values;
  const at = numberAt({ values }, numberOf);
  const numbers = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) numbers[i] = at(rows[i]);
  return numbers;
}

/** The number of any row, as `numbersOf` gives them. */
export function numberAt(
  { values }: Pick<SurveyedColumn, 'values'>,
  numberOf: (text: string) => number,
): (row: number) => number {
  if (values.form === 'free text') throw new Error('internal: free text has no numbers');
  if (values.form !== 'codes') return (row) => values.values[row];
  const known = Float64Array.from(values.texts, numberOf);
  return (row) => known[values.codes[row]];
}

/** The selection of all rows. */
export function allRows(count: number): RowSelection {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}
