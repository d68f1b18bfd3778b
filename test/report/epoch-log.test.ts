import { describe, expect, test } from 'vitest';
import type { FitReport, Logs } from '../../src/records.ts';
import { EpochLog, type EpochLogOptions, orderLogs } from '../../src/report/epoch-log.ts';
import { ProgressBar, type Style } from '../../src/report/progress-bar.ts';
import { readCases } from './keras-text.ts';

interface FitCase {
  name: string;
  normalised: string;
}

/** What the runs of the fixture measured, in the order in which training yields it. */
const METRICS: Record<string, readonly string[]> = {
  metrics: ['loss', 'mae', 'auc', 'accuracy'],
  one_epoch: ['loss'],
  initial_epoch: ['loss'],
};
const DEFAULT_METRICS = ['loss', 'accuracy'];

/** One bar or line of a log: how many steps, and the values by name. */
function parseLine(line: string): { steps: number; values: Map<string, number> } {
  const values = [...line.matchAll(/ - (\w+): (\S+)/g)];
  return {
    steps: Number(/^(\d+)\//.exec(line)?.[1]),
    values: new Map(values.map(([, name, value]) => [name, Number(value)])),
  };
}

function pick(values: Map<string, number>, names: readonly string[]): Logs {
  return names.flatMap((name) => {
    const value = values.get(name);
    return value === undefined ? [] : [[name, value]];
  });
}

/** The reports of a run whose log has these lines. */
function reportsOf(text: string, metrics: readonly string[]): FitReport[] {
  const lines = text.split('\n').filter((line) => /^\d/.test(line));
  const starts = [...text.matchAll(/^Epoch (\d+)\/(\d+)$/gm)];
  const names = [...metrics, ...metrics.map((name) => `val_${name}`)];
  return lines.flatMap((line, i): FitReport[] => {
    const { steps, values } = parseLine(line);
    const epoch = starts[i] ? Number(starts[i][1]) - 1 : 0;
    const epochs = starts[i] ? Number(starts[i][2]) : 1;
    return [
      { kind: 'epoch-begin', epoch, epochs, steps, done: 0 },
      ...Array.from({ length: steps }, (_, step): FitReport => {
        return { kind: 'batch-end', step: step + 1, steps, logs: () => pick(values, metrics) };
      }),
      { kind: 'epoch-end', epoch, epochs, steps, logs: pick(values, names) },
    ];
  });
}

/** Replaces elapsed time and time per step, as the fixture does. */
function hideTimes(text: string): string {
  return text.replace(/\d+(us|ms|s)\/(step|epoch)/g, '<t>/$2').replace(/(?<= )\d+s(?= )/g, '<T>');
}

function write(options: EpochLogOptions, reports: readonly FitReport[]): string {
  const log = new EpochLog(options);
  return reports.map((report, i) => log.write(report, 5 + i * 0.03)).join('');
}

/** The lines as they stand on the screen at the end: what follows the last carriage return. */
function finalLines(text: string): string {
  return text.replace(/^.*\r/gm, '');
}

describe.each<Style>(['keras2', 'keras3'])('%s', (style) => {
  const cases = readCases<FitCase>(`fit-${style}.json`);
  const fits = cases.filter(({ name }) => name.startsWith('fit_'));

  test.each(fits)('prints what Keras prints: $name', ({ name, normalised }) => {
    const [, verbose, run] = /^fit_verbose([12])_?(.*)$/.exec(name) ?? [];
    const reports = reportsOf(normalised, METRICS[run] ?? DEFAULT_METRICS);
    const base = { style, verbose: verbose === '1' ? 1 : 2, color: false } as const;
    const final = write({ ...base, display: 'final' }, reports);
    expect(hideTimes(final)).toBe(normalised);
    const inPlace = write({ ...base, display: 'in-place' }, reports);
    expect(hideTimes(finalLines(inPlace))).toBe(normalised);
  });

  const others = cases.filter(({ name }) => !name.startsWith('fit_'));
  test.each(others)('draws the bar of other work: $name', ({ name, normalised }) => {
    const { steps, values } = parseLine(normalised);
    const verbose = name.includes('verbose1') ? 1 : 2;
    const bar = new ProgressBar({
      style,
      verbose,
      display: 'final',
      color: false,
      steps,
      start: 0,
    });
    const logs = orderLogs(style, pick(values, DEFAULT_METRICS));
    const text = Array.from({ length: steps }, (_, i) => bar.update(i + 1, () => logs, i + 1)).join(
      '',
    );
    // evaluate's case ends with the Python type of its result.
    expect(hideTimes(text)).toBe(normalised.replace(/'list'\n$/, ''));
  });
});

test('verbose 0 prints nothing', () => {
  const reports = reportsOf('3/3 - loss: 0.5\n', ['loss']);
  expect(write({ style: 'keras2', verbose: 0, display: 'final', color: false }, reports)).toBe('');
});

test('the bar of the first step and of the finished epoch are drawn in place', () => {
  const reports = reportsOf('2/2 - loss: 0.5 - val_loss: 0.25\n', ['loss']);
  const log = new EpochLog({ style: 'keras2', verbose: 1, display: 'in-place', color: false });
  const first = '1/2 [==============>...............] - ETA: 0s - loss: 0.5000';
  const last = '2/2 [==============================] - ETA: 0s - loss: 0.5000';
  expect(reports.map((report, i) => log.write(report, i * 0.1))).toEqual([
    '',
    `\r${first}`,
    `${'\b'.repeat(first.length)}\r${last}`,
    `${'\b'.repeat(last.length)}\r2/2 [==============================] - 0s 200ms/step - loss: 0.5000 - val_loss: 0.2500\n`,
  ]);
});

test('Keras 2 calls the rate lr; Keras 3 sorts by name, then validation, then what callbacks add', () => {
  const logs: Logs = [
    ['loss', 1],
    ['accuracy', 2],
    ['val_loss', 3],
    ['val_accuracy', 4],
    ['learning_rate', 5],
  ];
  const trained = new Set(['loss', 'accuracy']);
  expect(orderLogs('keras2', logs, trained)).toEqual([...logs.slice(0, 4), ['lr', 5]]);
  expect(orderLogs('keras3', logs, trained).map(([name]) => name)).toEqual([
    'accuracy',
    'loss',
    'val_accuracy',
    'val_loss',
    'learning_rate',
  ]);
});

test('what callbacks say is printed as it is, whatever is shown besides; what the run says is not', () => {
  const texts = ([0, 1, 2] as const).map((verbose) => {
    const log = new EpochLog({ style: 'keras2', verbose, display: 'final', color: false });
    return (['callback', 'run'] as const).map((said) =>
      log.write({ kind: 'message', said, text: `a ${said} speaks` }, 0),
    );
  });
  const both = ['a callback speaks\n', 'a run speaks\n'];
  expect(texts).toEqual([['a callback speaks\n', ''], both, both]);
});

test('running values are asked for where they are shown: at the first step of Keras 3, for its order', () => {
  const asked = (style: Style, display: 'final' | 'in-place', verbose: 1 | 2) => {
    const steps: number[] = [];
    const log = new EpochLog({ style, verbose, display, color: false });
    log.write({ kind: 'epoch-begin', epoch: 0, epochs: 1, steps: 4, done: 0 }, 0);
    for (const step of [1, 2, 3, 4]) {
      const logs = (): Logs => {
        steps.push(step);
        return [['loss', 1]];
      };
      log.write({ kind: 'batch-end', step, steps: 4, logs }, step * 0.03);
    }
    return steps;
  };
  expect([asked('keras2', 'final', 1), asked('keras2', 'in-place', 2)]).toEqual([[], []]);
  expect([asked('keras3', 'final', 1), asked('keras3', 'in-place', 2)]).toEqual([[1], [1]]);
  // A bar is drawn again after a twentieth of a second.
  expect(asked('keras2', 'in-place', 1)).toEqual([1, 3]);
});
