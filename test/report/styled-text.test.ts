import { describe, expect, test } from 'vitest';
import {
  cellWidth,
  cropPainted,
  foldLine,
  paint,
  plainText,
  wrapCell,
} from '../../src/report/styled-text.ts';

const wrap = (text: string, width: number) => wrapCell([{ text }], width).map(plainText);
const fold = (text: string, width: number) => foldLine([{ text }], width).map(plainText);

test.each([
  ['dense', 5],
  ['隐藏层', 6],
  ['größe', 5],
  ['e\u0301', 1],
  ['ｗｉｄｅ', 8],
  ['ｱ', 1],
  ['🎉', 2],
])('%s takes %d cells', (text, width) => {
  expect(cellWidth(text)).toBe(width);
});

describe('a cell', () => {
  test('breaks at blanks and cuts words that are too long', () => {
    expect(wrap('dense (Dense)', 8)).toEqual(['dense', '(Dense)']);
    expect(wrap('batch_normalization (Dense)', 9)).toEqual(['batch_no…', '(Dense)']);
    expect(wrap('', 9)).toEqual(['']);
  });

  test('does not cut a wide character in two', () => {
    expect(wrap('输出层很长', 10)).toEqual(['输出层很长']);
    expect(wrap('输出层很长', 9)).toEqual(['输出层很…']);
    expect(wrap('输出层很长', 8)).toEqual(['输出层 …']);
  });

  test('keeps styles through breaks and cuts', () => {
    const runs = [{ text: 'dense (' }, { text: 'BatchNormalization', style: '32' }, { text: ')' }];
    expect(wrapCell(runs, 8).map((line) => paint(line, true))).toEqual([
      'dense',
      '(\u001b[32mBatchN…\u001b[0m',
    ]);
    expect(wrapCell(runs, 8).map((line) => paint(line, false))).toEqual(['dense', '(BatchN…']);
  });
});

test('a line on its own goes on in the next where it is too long', () => {
  expect(fold(' Total params: 12 (4 B)', 15)).toEqual([' Total params: ', '12 (4 B)']);
  expect(fold('Model: "abcdefghijkl"', 8)).toEqual(['Model: ', '"abcdefg', 'hijkl"']);
  expect(fold('看看看', 4)).toEqual(['看看', '看']);
});

describe('a painted line', () => {
  test('is cropped by what is visible, and its colour is ended', () => {
    expect(cropPainted('│ \u001b[1mdense\u001b[0m │', 4)).toBe('│ \u001b[1mde\u001b[0m');
    expect(cropPainted('│ \u001b[1mdense\u001b[0m │', 7)).toBe('│ \u001b[1mdense\u001b[0m');
    expect(cropPainted('│ \u001b[1mdense\u001b[0m │', 9)).toBe('│ \u001b[1mdense\u001b[0m │');
  });

  test('has a blank for half a wide character', () => {
    expect(cropPainted('│ 隐藏 │', 5)).toBe('│ 隐 ');
  });
});
