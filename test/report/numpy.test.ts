import { expect, test } from 'vitest';
import { type NdArray, sizeOf } from '../../src/ndarray.ts';
import { numpyList, numpyRepr, numpyStr, tensorStr } from '../../src/report/numpy.ts';
import { type JsonNumber, readCases, readNumber } from './keras-text.ts';

interface ArrayCase {
  name: string;
  shape: number[];
  values?: JsonNumber | JsonNumber[];
  /** Large arrays: only what is printed, by the rows and columns in `corner_rows`. */
  corner_rows?: number[];
  corners?: number[][];
  str: string;
  repr: string;
  tf_str: string;
  weights_list: string | null;
}

function arrayOf({ shape, values = [], corner_rows: rows = [], corners = [] }: ArrayCase): NdArray {
  const array = new Float32Array(sizeOf(shape));
  array.set([values].flat().map(readNumber));
  const at = (index: number, axis: number) => (index < 0 ? index + shape[axis] : index);
  corners.forEach((row, i) => {
    row.forEach((value, j) => {
      array[at(rows[i], 0) * shape[1] + at(rows[j], 1)] = value;
    });
  });
  return { shape, values: array };
}

const cases = readCases<ArrayCase>('numpy.json');

test.each(cases)('prints as Python does: $name', (given) => {
  const array = arrayOf(given);
  expect(numpyStr(array)).toBe(given.str);
  expect(numpyRepr(array)).toBe(given.repr);
  expect(tensorStr(array)).toBe(given.tf_str);
  if (given.weights_list !== null) expect(numpyList([array, array])).toBe(given.weights_list);
});

test('an empty list of weights is a pair of brackets', () => {
  expect(numpyList([])).toBe('[]');
});

test('the dtype goes to its own line where it does not fit', () => {
  const values = Float32Array.from({ length: 6 }, (_, i) => (i + 1) / 7);
  expect(numpyRepr({ shape: [6], values })).toBe(
    'array([0.14285715, 0.2857143 , 0.42857143, 0.5714286 , 0.71428573,\n' +
      '       0.85714287], dtype=float32)',
  );
  expect(numpyRepr({ shape: [5], values: values.slice(0, 5) })).toBe(
    'array([0.14285715, 0.2857143 , 0.42857143, 0.5714286 , 0.71428573],\n' +
      '      dtype=float32)',
  );
});

test('numbers next to much larger ones show their exact digits', () => {
  const values = Float32Array.of(0.0001, 1 / 3);
  expect(numpyStr({ shape: [2], values })).toBe('[9.9999997e-05 3.3333334e-01]');
});

test('an array of many short axes is not summarised, however many numbers it has', () => {
  const shape = Array<number>(7).fill(6);
  const text = numpyStr({ shape, values: new Float32Array(sizeOf(shape)).fill(1.5) });
  expect(text.match(/1\.5/g)).toHaveLength(6 ** 7);
});
