/** Words in messages: foreign text shown safely, the nearest known name, counts with commas. */
import { expect, test } from 'vitest';
import { describe as describeValue, formatThousands, nearest, quote } from '../src/words.ts';

test('foreign text is quoted, escaped and cut', () => {
  expect(quote('a "b" \\ c')).toBe('"a \\"b\\" \\\\ c"');
  expect(quote('line\nend\u001b[31m\u202e')).toBe('"line\\nend\\u001b[31m\\u202e"');
  expect(quote('x'.repeat(100))).toBe(`"${'x'.repeat(60)}…"`);
});

test('values are named by what they are', () => {
  const values = [undefined, null, true, 1.5, 'a', [1, null], [[1]], { a: 1 }];
  expect(values.map(describeValue)).toEqual([
    'nothing',
    'null',
    'true',
    '1.5',
    '"a"',
    '[1,null]',
    'an array of 1',
    'an object',
  ]);
});

const cases: [string, string[], string | undefined][] = [
  ['optimiser', ['optimizer', 'loss'], 'optimizer'],
  ['rleu', ['relu', 'selu', 'elu'], 'relu'],
  ['Dense_Layer', ['dense-layer', 'dense'], 'dense-layer'],
  ['units', ['Units', 'unit'], 'Units'],
  ['y', ['c', 'x'], undefined],
  ['ab', ['AB', 'ac'], 'AB'],
  ['abc', ['abd', 'xyz'], 'abd'],
  ['softmax', ['sigmoid'], undefined],
  ['exp', ['elu', 'exponential', 'relu'], 'exponential'],
  ['glorot-u', ['glorot_normal', 'glorot_uniform', 'GlorotUniform'], 'glorot_uniform'],
  ['soft', ['softmax', 'softplus'], undefined],
  ['so', ['softmax'], undefined],
  ['sof', ['softmax', 'sor'], 'sor'],
  ['x'.repeat(100), ['x'], undefined],
  ['anything', [], undefined],
];

test.each(cases)('the nearest to %j', (name, candidates, wanted) => {
  expect(nearest(name, candidates)).toBe(wanted);
});

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [401920, '401,920'],
  [22864845, '22,864,845'],
])('%d with commas is %s', (count, text) => {
  expect(formatThousands(count)).toBe(text);
});
