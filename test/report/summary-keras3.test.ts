import { expect, test } from 'vitest';
import { formatSummaryKeras3 } from '../../src/report/summary-keras3.ts';
import { readCases } from './keras-text.ts';
import { parseCaseName, SUMMARY_MODELS } from './summary-models.ts';

interface SummaryCase {
  name: string;
  text: string;
}

test.each(readCases<SummaryCase>('summary-keras3.json'))(
  'prints the bytes of Keras: $name',
  ({ name, text }) => {
    const { summary, options } = parseCaseName(name);
    expect(formatSummaryKeras3(summary, options)).toBe(text);
  },
);

test.each(readCases<SummaryCase>('summary-keras3-color.json'))(
  'colours as Keras does on a terminal: $name',
  ({ name, text }) => {
    const { summary, options } = parseCaseName(name);
    expect(formatSummaryKeras3(summary, { ...options, color: true })).toBe(text);
  },
);

test('writes terminal escapes in names as text', () => {
  const [first] = SUMMARY_MODELS.small.layers;
  const layers = [{ ...first, name: 'a\u001b[2J\nb' }];
  const lines = formatSummaryKeras3({ ...SUMMARY_MODELS.small, layers }).split('\n');
  expect(lines[4]).toBe(
    '│ a\\u001b[2J\\nb (Dense)           │ (None, 1)              │             3 │',
  );
});

test.each([{ columns: 12 }, { lineLength: 15 }, { showTrainable: true, columns: 30 }])(
  'refuses a line without room for every column: %j',
  (options) => {
    expect(() => formatSummaryKeras3(SUMMARY_MODELS.small, options)).toThrow(
      /^line length: expected room for every column; found \d+ characters$/,
    );
  },
);
