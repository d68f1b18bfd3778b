/** Surveyed columns to matrices, by the contract that was decided for them. */
import type { NdArray } from '../ndarray.ts';
import type { CellSyntax } from './cell-syntax.ts';
import type { RowSelection } from './column-profile.ts';
import { type FeatureColumn, inputsOf } from './columns.ts';
import { type FeatureEncoder, featureEncoder } from './feature-encoder.ts';
import type { SurveyedColumn } from './survey.ts';

/** So many rows of all columns are written before the next, while they are in the cache. */
const BLOCK_ROWS = 1024;

/** Writes the inputs of one feature for some of the rows. */
type Fill = (x: Float32Array, width: number, first: number, last: number) => void;

/** The inputs of the rows: `[rows, inputs]`. The columns' cells were all found right before. */
export function encodeFeatures(
  features: readonly FeatureColumn[],
  columnOf: (feature: FeatureColumn) => SurveyedColumn,
  rows: RowSelection,
  syntax: CellSyntax,
): NdArray {
  const width = features.reduce((sum, feature) => sum + inputsOf(feature), 0);
  const x = new Float32Array(rows.length * width);
  let offset = 0;
  const fills = features.map((feature) => {
    const fill = fillOf(featureEncoder(feature, syntax), columnOf(feature), rows, offset);
    offset += inputsOf(feature);
    return fill;
  });
  for (let first = 0; first < rows.length; first += BLOCK_ROWS) {
    const last = Math.min(rows.length, first + BLOCK_ROWS);
    for (const fill of fills) fill(x, width, first, last);
  }
  return { shape: [rows.length, width], values: x };
}

function fillOf(
  encoder: FeatureEncoder,
  { values }: SurveyedColumn,
  rows: RowSelection,
  offset: number,
): Fill {
  if (values.form === 'free text') throw new Error('internal: free text is no feature');
  if (values.form !== 'codes') return fillOfNumbers(encoder, values.values, rows, offset);
  const known = encodedTexts(encoder, values.texts);
  const { codes } = values;
  return (x, width, first, last) => {
    for (let i = first; i < last; i++) {
      const from = codes[rows[i]] * encoder.width;
      const to = i * width + offset;
      for (let k = 0; k < encoder.width; k++) x[to + k] = known[from + k];
    }
  };
}

function fillOfNumbers(
  encoder: FeatureEncoder,
  values: Float64Array,
  rows: RowSelection,
  offset: number,
): Fill {
  const { scaling } = encoder;
  if (scaling === null) {
    return (x, width, first, last) => {
      for (let i = first; i < last; i++) encoder.value(values[rows[i]], x, i * width + offset);
    };
  }
  const { shift, scale } = scaling;
  return (x, width, first, last) => {
    for (let i = first; i < last; i++) {
      const value = values[rows[i]];
      if (Number.isNaN(value)) encoder.value(value, x, i * width + offset);
      else x[i * width + offset] = (value - shift) / scale;
    }
  };
}

/** The inputs of each text once: `[texts, width]`. */
function encodedTexts(encoder: FeatureEncoder, texts: readonly string[]): Float32Array {
  const known = new Float32Array(texts.length * encoder.width);
  texts.forEach((text, code) => {
    encoder.text(text, known, code * encoder.width);
  });
  return known;
}

/** Columns of equal length to rows: [rows, columns]. */
export function interleave(columns: readonly Float32Array[]): NdArray {
  const rows = columns[0].length;
  if (columns.length === 1) return { shape: [rows, 1], values: columns[0] };
  const values = new Float32Array(rows * columns.length);
  columns.forEach((column, c) => {
    for (let row = 0; row < rows; row++) values[row * columns.length + c] = column[row];
  });
  return { shape: [rows, columns.length], values };
}
