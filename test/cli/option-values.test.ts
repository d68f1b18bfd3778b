import { describe, expect, test } from 'vitest';
import { maxTime } from '../../src/cli/checkpoint-options.ts';
import { hiddenLayers } from '../../src/cli/made-spec.ts';
import { choice, collect, decimal, list, text, wholeNumber } from '../../src/cli/option-values.ts';
import { isColored } from '../../src/cli/shared-options.ts';

test.each([
  ['7', 7],
  ['0', 0],
  ['+3', 3],
  ['007', 7],
])('%s is a whole number', (word, number) => {
  expect(wholeNumber(0)(word, '--n')).toBe(number);
});

test.each(['-1', '1.0', '1e3', '0x1', ' 1', '', 'one', '9007199254740993'])(
  '%j is none',
  (word) => {
    const found = JSON.stringify(word);
    const message = `--n: expected a whole number, 0 or more; found ${found}`;
    expect(() => wholeNumber(0)(word, '--n')).toThrow(message);
  },
);

test('a range with an end names both ends', () => {
  expect(wholeNumber(1, 3)('3', '--n')).toBe(3);
  expect(() => wholeNumber(1, 3)('4', '--n')).toThrow(
    '--n: expected a whole number from 1 to 3; found "4"',
  );
});

describe('decimal', () => {
  const positive = decimal('a number above 0', (x) => x > 0);

  test.each([
    ['1', 1],
    ['.5', 0.5],
    ['1.', 1],
    ['1e-3', 0.001],
    ['+2.5E+1', 25],
  ])('%s', (word, number) => {
    expect(positive(word, '--x')).toBe(number);
  });

  test.each(['0', '-1', 'inf', 'NaN', '1e999', '1,5', '', '0x1', '1_0'])(
    '%j is refused',
    (word) => {
      const found = JSON.stringify(word);
      expect(() => positive(word, '--x')).toThrow(`--x: expected a number above 0; found ${found}`);
    },
  );
});

test('words are taken as they are, and not from nothing', () => {
  expect(text(' a b ', '--f')).toBe(' a b ');
  expect(() => text('', '--f')).toThrow('--f: expected a value; found ""');
  expect(list('a, b,c', '--l')).toEqual(['a', 'b', 'c']);
  expect(collect('b', ['a'])).toEqual(['a', 'b']);
  expect(choice(['on', 'off'])('off', '--c')).toBe('off');
});

test('hidden layers are units with commas, or none', () => {
  expect(hiddenLayers('64,32', '--layers')).toEqual([64, 32]);
  expect(hiddenLayers('none', '--layers')).toEqual([]);
  expect(() => hiddenLayers('64,', '--layers')).toThrow('--layers: expected units with commas');
});

test('colour is what the user says, else what the terminal says', () => {
  for (const color of [true, false]) {
    expect(isColored('auto', { color })).toBe(color);
    expect(isColored('always', { color })).toBe(true);
    expect(isColored('never', { color })).toBe(false);
  }
});

describe('a time', () => {
  const parse = (word: string) => maxTime.parseArg?.(word, undefined as never);

  test.each([
    ['1', 1],
    ['0.3', 0.3],
    ['90s', 90],
    ['200ms', 0.2],
    ['10m', 600],
    ['1h30m', 5400],
    ['1m.5s', 60.5],
    ['2d', 172_800],
  ])('%s is so many seconds: %d', (word, seconds) => {
    expect(parse(word)).toEqual({ seconds, text: word });
  });

  test.each(['', '0', '0ms', '-1', '10x', '1h30', '1.2.3', '1e3', '5 s', 's'])(
    '%j is none',
    (word) => {
      const found = JSON.stringify(word);
      expect(() => parse(word)).toThrow(
        `--max-time: expected a time: 90 (seconds), 500ms, 10m, 1h30m; found ${found}`,
      );
    },
  );
});
