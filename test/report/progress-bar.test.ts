import { describe, expect, test } from 'vitest';
import { ProgressBar, type Style } from '../../src/report/progress-bar.ts';
import { type JsonNumber, readCases, readNumber } from './keras-text.ts';

interface BarCase {
  tag: string;
  target: number | null;
  verbose: 1 | 2;
  stateful: boolean;
  dynamic: boolean;
  options: { width?: number; unit_name?: string };
  updates: {
    time: number;
    current: number;
    values: [string, JsonNumber][] | null;
    finalize: boolean | null;
    output: string;
  }[];
}

/** When Keras's bar began; its clock then went on by the times of the updates. */
const START = 1000;

describe.each<Style>(['keras2', 'keras3'])('%s', (style) => {
  const cases = readCases<BarCase>(`progress-bar-${style}.json`);

  test.each(cases)('writes the bytes of Keras: $tag, verbose $verbose', (bar) => {
    const ours = new ProgressBar({
      style,
      verbose: bar.verbose,
      display: bar.dynamic ? 'in-place' : 'lines',
      color: true,
      steps: bar.target,
      start: START,
      width: bar.options.width,
      unit: bar.options.unit_name,
      averaged: !bar.stateful,
    });
    const written = bar.updates.map(({ time, current, values, finalize }) => {
      const logs = (values ?? []).map(([name, v]) => [name, readNumber(v)] as const);
      return ours.update(current, () => logs, START + time, finalize ?? undefined);
    });
    expect(written).toEqual(bar.updates.map((update) => update.output));
  });
});

test('several values of one name are shown by their mean', () => {
  const options = { style: 'keras3', verbose: 2, display: 'final', color: false } as const;
  const bar = new ProgressBar({ ...options, steps: 1, start: 0 });
  expect(bar.update(1, () => [['f1', [1, 0.5, 0]]], 1)).toBe('1/1 - 1s - 1s/step - f1: 0.5000\n');
});

/** Values that cost something must not be asked for where they are not shown. */
const unasked = () => {
  throw new Error('nobody shows these');
};

describe('a bar that is shown at the end only', () => {
  const lines = {
    keras2: '3/3 [==============================] - 2s 950ms/step - loss: 0.5000\n',
    keras3: '3/3 ━━━━━━━━━━━━━━━━━━━━ 2s 950ms/step - loss: 0.5000\n',
  };

  test.each<Style>(['keras2', 'keras3'])('writes one finished line in %s', (style) => {
    const bar = new ProgressBar({
      style,
      verbose: 1,
      display: 'final',
      color: false,
      steps: 3,
      start: 7,
    });
    expect(bar.update(1, unasked, 7.5)).toBe('');
    expect(bar.update(2, unasked, 8)).toBe('');
    expect(bar.update(3, () => [['loss', 0.5]], 9.4)).toBe(lines[style]);
  });

  test('shows the count of steps that became known while it ran', () => {
    const bar = new ProgressBar({
      style: 'keras2',
      verbose: 1,
      display: 'final',
      color: false,
      steps: null,
      start: 0,
    });
    expect(bar.update(1, unasked, 0.25)).toBe('');
    expect(bar.update(2, unasked, 0.5)).toBe('');
    bar.steps = 2;
    expect(bar.update(2, () => [], 0.75, true)).toBe(
      '2/2 [==============================] - 1s 500ms/step\n',
    );
  });
});

test.each([
  ['keras2', 1, '4/4 [==============================] - 2s 1s/step\n'],
  ['keras2', 2, '4/4 - 2s - 2s/epoch - 1s/step\n'],
  ['keras3', 1, '4/4 ━━━━━━━━━━━━━━━━━━━━ 2s 1s/step\n'],
  ['keras3', 2, '4/4 - 2s - 1s/step\n'],
] as const)('%s, verbose %d: steps that were done before take no time', (style, verbose, line) => {
  const bar = new ProgressBar({
    ...{ style, verbose, display: 'final', color: false },
    ...{ steps: 4, done: 2, start: 10 },
  });
  expect(bar.update(3, unasked, 11)).toBe('');
  expect(bar.update(4, () => [], 12, true)).toBe(line);
});

test('an epoch of which all steps were done before has taken none', () => {
  const bar = new ProgressBar({
    ...{ style: 'keras2', verbose: 2, display: 'final', color: false },
    ...{ steps: 4, done: 4, start: 10 },
  });
  expect(bar.update(4, () => [], 12, true)).toBe('4/4 - 2s - 2s/epoch - 2s/step\n');
});

test('a bar without colours goes back over the characters that are visible', () => {
  const bar = new ProgressBar({
    style: 'keras3',
    verbose: 1,
    display: 'in-place',
    color: false,
    steps: 2,
    start: 0,
  });
  const first = '1/2 ━━━━━━━━━━━━━━━━━━━━ 1s 1s/step - loss: 10.0000';
  expect(bar.update(1, () => [['loss', 10]], 1)).toBe(`\r${first}`);
  expect(bar.update(2, () => [['loss', 2]], 2.5)).toBe(
    `${'\b'.repeat(first.length)}\r2/2 ━━━━━━━━━━━━━━━━━━━━ 2s 2s/step - loss: 2.0000 \n`,
  );
});
