import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readInputArray, readNdArray, readTrainingArrays } from '../../src/data/json-arrays.ts';
import { ExitCode } from '../../src/errors.ts';
import { failure } from './text-source.ts';

const array = (shape: number[], values: number[]) => ({ shape, values: Float32Array.from(values) });

test('x and y of any rank are read for training', () => {
  const value = {
    x: [
      [[1], [2]],
      [[3.5], [-4]],
    ],
    y: [0.1, 1e-3],
  };
  expect(readTrainingArrays(value, 'data.json')).toEqual({
    x: array([2, 2, 1], [1, 2, 3.5, -4]),
    y: array([2], [0.1, 1e-3]),
    classes: null,
    sampleWeight: null,
  });
});

test('a y of texts is classes, in order', () => {
  const value = { y: ['b', 'a', 'b', 'constructor'], x: [1, 2, 3, 4] };
  expect(readTrainingArrays(value, 'data.json')).toEqual({
    x: array([4], [1, 2, 3, 4]),
    y: array([4, 1], [1, 0, 1, 2]),
    classes: ['a', 'b', 'constructor'],
    sampleWeight: null,
  });
});

test('sample weights stand beside x and y, one for each row', () => {
  const value = { x: [1, 2], y: [3, 4], sample_weight: [0.5, 2] };
  expect(readTrainingArrays(value, 'data.json').sampleWeight).toEqual(array([2], [0.5, 2]));
  expect(readInputArray(value, 'data.json')).toEqual(array([2], [1, 2]));
});

test('predict takes nested arrays, a flat list, or x alone', () => {
  expect(
    readInputArray(
      [
        [1, 2],
        [3, 4],
      ],
      '--input',
    ),
  ).toEqual(array([2, 2], [1, 2, 3, 4]));
  expect(readInputArray([1, 2, 3], '--input')).toEqual(array([3], [1, 2, 3]));
  expect(readInputArray({ x: [[1, 2]], y: ['any'] }, '--input')).toEqual(array([1, 2], [1, 2]));
});

test('a single number is an array without axes', () => {
  expect(readNdArray(2.5, { source: '--bias', path: '' })).toEqual(array([], [2.5]));
});

describe('training data that do not fit are refused with their place', () => {
  const keys = 'expected the keys "x" and "y"; found';
  const cases: Record<string, [value: unknown, message: string]> = {
    'no object': [[[1, 2]], 'expected an object with the keys "x" and "y"; found an array of 1'],
    null: [null, 'expected an object with the keys "x" and "y"; found null'],
    'no y': [{ x: [1] }, `${keys} no "y"`],
    'no x': [{ y: [1] }, `${keys} no "x"`],
    'an unknown key': [{ x: [1], Y: [1] }, `${keys} the key "Y"\n  did you mean "y"?`],
    'weights of another number of rows': [
      { x: [1, 2], y: [1, 2], sample_weight: [1] },
      'expected as many rows in sample_weight as in x; found 1 in sample_weight, 2 in x',
    ],
    'a key near sample_weight': [
      { x: [1], y: [1], sample_weights: [1] },
      `${keys} the key "sample_weights"\n  did you mean "sample_weight"?`,
    ],
    'the key __proto__': [JSON.parse('{"__proto__":[1],"x":[1]}'), `${keys} the key "__proto__"`],
    'another number of rows': [
      { x: [[1], [2], [3]], y: [1, 2] },
      'expected as many rows in y as in x; found 2 in y, 3 in x',
    ],
    'x is a number': [{ x: 1, y: [1] }, 'x: expected an array; found 1'],
    'x is empty': [{ x: [], y: [] }, 'x: expected at least one number; found an empty array'],
    'rows are empty': [
      { x: [[], []], y: [1, 2] },
      'x: expected at least one number; found an empty array',
    ],
    'one class': [{ x: [1, 2], y: ['a', 'a'] }, 'y: expected at least two classes; found only "a"'],
    'a number among classes': [
      { x: [1, 2], y: ['a', 1] },
      'y[1]: expected a class as text, like y[0]; found 1',
    ],
    'booleans in y': [{ x: [1], y: [true] }, 'y[0]: expected a number; found true'],
  };
  for (const [name, [value, message]] of Object.entries(cases)) {
    test(name, async () => {
      expect(await failure(() => readTrainingArrays(value, 'data.json'))).toBe(
        `3\nmlp: data.json: ${message}\n`,
      );
    });
  }
});

describe('elements that do not fit are refused, all in one go', () => {
  const cases: Record<string, [value: unknown, problems: string[]]> = {
    'a short row': [[[1, 2], [3]], ['[1]: expected an array of 2; found one of 1']],
    'a long row': [
      [
        [1, 2],
        [3, 4, 5],
      ],
      ['[1]: expected an array of 2; found one of 3'],
    ],
    'a number for a row': [[[1, 2], 3], ['[1]: expected an array of 2; found 3']],
    'a row for a number': [[1, [2]], ['[1]: expected a number; found [2]']],
    'no numbers': [
      [
        [1, 'a'],
        [null, true],
        [{}, '3'],
      ],
      [
        '[0][1]: expected a number; found "a"',
        '[1][0]: expected a number; found null',
        '[1][1]: expected a number; found true',
        '[2][0]: expected a number; found an object',
        '[2][1]: expected a number; found "3"',
      ],
    ],
    'numbers beyond float32': [
      [1e39, Number.NEGATIVE_INFINITY, 3.4028235e38],
      [
        '[0]: expected a number within float32 (3.4e38); found 1e+39',
        '[1]: expected a number within float32 (3.4e38); found -Infinity',
      ],
    ],
    text: ['abc', ['expected an array; found "abc"']],
  };
  for (const [name, [value, problems]] of Object.entries(cases)) {
    test(name, async () => {
      const lines = problems.map((problem) => `mlp: --input: ${problem}\n`).join('');
      expect(await failure(() => readInputArray(value, '--input'))).toBe(`3\n${lines}`);
    });
  }

  test('with the path and the exit code that the caller names', async () => {
    const place = { source: 'w.json', path: 'kernel', exitCode: ExitCode.model };
    expect(await failure(() => readNdArray([[1], ['x']], place))).toBe(
      '4\nmlp: w.json: kernel[1][0]: expected a number; found "x"\n',
    );
  });
});

test('arrays nested too deep are refused', async () => {
  let value: unknown = 1;
  for (let i = 0; i < 100_000; i++) value = [value];
  expect(await failure(() => readInputArray(value, 'deep.json'))).toBe(
    '3\nmlp: deep.json: expected at most 64 axes; found more\n',
  );
});

test('a shape that its first rows only promise takes no memory', async () => {
  const value = [new Array(10_000).fill(1), ...new Array(100_000).fill([])];
  expect((await failure(() => readInputArray(value, 'x.json'))).split('\n').slice(0, 2)).toEqual([
    '3',
    'mlp: x.json: [1]: expected an array of 10000; found one of 0',
  ]);
});

test('any JSON gives arrays or a message, never anything else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 3 }), async (x, y) => {
      await failure(() => readInputArray(x, 'x.json'));
      await failure(() => readTrainingArrays(x, 'x.json'));
      await failure(() => readTrainingArrays({ x, y }, 'x.json'));
    }),
    { numRuns: 500 },
  );
});
