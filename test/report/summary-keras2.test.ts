import { describe, expect, test } from 'vitest';
import { ExitCode, UserError } from '../../src/errors.ts';
import { formatSummaryKeras2 } from '../../src/report/summary-keras2.ts';
import { readCases } from './keras-text.ts';
import { parseCaseName, SUMMARY_MODELS } from './summary-models.ts';

interface SummaryCase {
  name: string;
  text: string;
}

const cases = readCases<SummaryCase>('summary-keras2.json');
const printed = cases.filter(({ text }) => !text.startsWith('ValueError'));
const unbuilt = cases.filter(({ text }) => text.includes('not yet been built'));

test.each(printed)('prints the bytes of Keras: $name', ({ name, text }) => {
  const { summary, options } = parseCaseName(name);
  expect(formatSummaryKeras2(summary, options)).toBe(text);
});

test.each(unbuilt)('refuses a model without an input as Keras does: $name', ({ name, text }) => {
  const error = errorOf(() => formatSummaryKeras2(SUMMARY_MODELS[name]));
  expect(`ValueError: ${error.message}\n`).toBe(text);
  expect(error.exitCode).toBe(ExitCode.usage);
});

test('aligns Chinese names, which Keras 2 does not take, by their width on the terminal', () => {
  expect(formatSummaryKeras2(SUMMARY_MODELS.chinese)).toBe(
    [
      'Model: "模型"',
      '_________________________________________________________________',
      ' Layer (type)                Output Shape              Param #   ',
      '=================================================================',
      ' 隐藏层 (Dense)              (None, 4)                 16        ',
      '                                                                 ',
      ' 输出层_一个很长的名字_用来  (None, 2)                 10        ',
      ' 看看换行和截断_还要更长一些                                     ',
      '  (Dense)                                                        ',
      '                                                                 ',
      '=================================================================',
      'Total params: 26',
      'Trainable params: 26',
      'Non-trainable params: 0',
      '_________________________________________________________________',
      '',
    ].join('\n'),
  );
});

test('writes terminal escapes in names as text', () => {
  const summary = { ...SUMMARY_MODELS.small, name: 'a\u001b[31m\nb' };
  expect(formatSummaryKeras2(summary).split('\n')[0]).toBe('Model: "a\\u001b[31m\\nb"');
});

describe('a line without room', () => {
  test('is refused', () => {
    const error = errorOf(() => formatSummaryKeras2(SUMMARY_MODELS.small, { lineLength: 4 }));
    expect(error.format()).toBe(
      [
        'mlp: line length: expected room for every column; found 4 characters',
        '  widen the terminal, or give a larger line length or other positions',
        '',
      ].join('\n'),
    );
    expect(error.exitCode).toBe(ExitCode.usage);
  });

  test.each([[[0.4, 1]], [[0.5, 0.4, 1]], [[0, 0.5, 1]], [[0.1, 0.2, Number.NaN]]])(
    'comes from positions that are not three rising numbers: %j',
    (positions) => {
      const error = errorOf(() => formatSummaryKeras2(SUMMARY_MODELS.small, { positions }));
      expect(error.message).toBe(
        `positions: expected 3 rising numbers above 0; found ${positions.join(', ')}`,
      );
    },
  );
});

function errorOf(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('expected a UserError');
}
