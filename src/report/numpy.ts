/**
 * float32 arrays as Python prints them: NumPy's `str` and `repr`, lists of arrays (`get_weights()`)
 * and TensorFlow's tensors. NumPy's default print options: precision 8, threshold 1000, three edge
 * items, lines of 75 characters. How one number looks is numpy-number.ts.
 */
import { formatShape, type NdArray, sizeOf } from '../ndarray.ts';
import { numberFormat, numpyScalar } from './numpy-number.ts';

const LINE_WIDTH = 75;
const EDGE_ITEMS = 3;
/** Arrays with more elements are shown by their corners. */
const THRESHOLD = 1000;

/** `print(array)`. */
export function numpyStr(array: NdArray): string {
  if (array.shape.length === 0) return numpyScalar(array.values[0]);
  return arrayText(array, ' ', '', LINE_WIDTH);
}

/** `repr(array)`: `array([…], dtype=float32)`. */
export function numpyRepr(array: NdArray): string {
  const prefix = 'array(';
  const start = `${prefix}${arrayText(array, ', ', prefix, LINE_WIDTH - 1)},`;
  const size = sizeOf(array.shape);
  const isShapeUnclear = (size === 0 && formatShape(array.shape) !== '(0,)') || size > THRESHOLD;
  const end = `${isShapeUnclear ? `shape=${formatShape(array.shape)}, ` : ''}dtype=float32)`;
  const lastLine = start.length - (start.lastIndexOf('\n') + 1);
  const fits = lastLine + end.length + 1 <= LINE_WIDTH;
  return start + (fits ? ' ' : `\n${' '.repeat(prefix.length)}`) + end;
}

/** `print(arrays)` of a Python list of arrays, as `print(model.get_weights())` does. */
export function numpyList(arrays: readonly NdArray[]): string {
  return `[${arrays.map(numpyRepr).join(', ')}]`;
}

/** `print(tf.constant(array))`: `tf.Tensor(…, shape=(1, 5), dtype=float32)`. */
export function tensorStr(array: NdArray): string {
  const text = numpyStr(array);
  const start = text.includes('\n') ? `\n${text}` : text;
  return `tf.Tensor(${start}, shape=${formatShape(array.shape)}, dtype=float32)`;
}

/** NumPy's `array2string`: brackets, aligned numbers, wrapped and summarised rows. */
function arrayText(array: NdArray, separator: string, prefix: string, width: number): string {
  const size = sizeOf(array.shape);
  if (size === 0) return '[]';
  const isSummarised = size > THRESHOLD;
  const shown = array.shape.map((length) => shownIndices(length, isSummarised));
  const format = numberFormat(shownValues(array, shown));
  const strides = array.shape.map((_, axis) => sizeOf(array.shape.slice(axis + 1)));

  function block(axis: number, offset: number, indent: string, room: number): string {
    if (axis === shown.length) return format(array.values[offset]);
    const items = shown[axis].map((index) =>
      index === null
        ? '...'
        : block(axis + 1, offset + index * strides[axis], `${indent} `, room - 1),
    );
    const isRow = axis === shown.length - 1;
    const text = isRow
      ? wrapRow(items, separator, indent, room - 1)
      : items.join(separator.trimEnd() + '\n'.repeat(shown.length - axis - 1) + indent);
    return `[${text}]`;
  }
  return block(0, 0, ` ${' '.repeat(prefix.length)}`, width);
}

/** The indices of one axis that are printed; null is where `...` stands for the rest. */
function shownIndices(length: number, isSummarised: boolean): (number | null)[] {
  const all = (count: number, from: number) => Array.from({ length: count }, (_, i) => from + i);
  if (!isSummarised || length <= 2 * EDGE_ITEMS) return all(length, 0);
  return [...all(EDGE_ITEMS, 0), null, ...all(EDGE_ITEMS, length - EDGE_ITEMS)];
}

/** The numbers that are printed; only they decide the format. */
function shownValues(array: NdArray, shown: readonly (readonly (number | null)[])[]): number[] {
  let offsets = [0];
  shown.forEach((indices, axis) => {
    const length = array.shape[axis];
    const kept = indices.filter((index) => index !== null);
    offsets = offsets.flatMap((offset) => kept.map((index) => offset * length + index));
  });
  return offsets.map((offset) => array.values[offset]);
}

/** The items of one row, broken into lines of at most `width` characters, `indent` included. */
function wrapRow(
  items: readonly string[],
  separator: string,
  indent: string,
  width: number,
): string {
  let done = '';
  let line = indent;
  items.forEach((item, i) => {
    // A line that holds nothing yet takes the item however long it is.
    if (line.length + item.length > width && line.length > indent.length) {
      done += `${line.trimEnd()}\n`;
      line = indent;
    }
    line += i < items.length - 1 ? item + separator : item;
  });
  return (done + line).slice(indent.length);
}
