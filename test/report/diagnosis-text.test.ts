/** The table of `--diagnose`: whole where there is room, else one of outputs and one of weights. */
import { expect, test } from 'vitest';
import type { Diagnosis } from '../../src/records.ts';
import { formatDiagnosis } from '../../src/report/diagnosis-text.ts';

const weight = (name: string, norm: number, moved: number | null) => ({
  ...{ name, norm, moved },
  ...{ gradientNorm: 7680, gradientMax: -1.25e-10 },
});
const layer = (
  name: string,
  saturated: number | null,
  weights: readonly ReturnType<typeof weight>[],
) => ({
  ...{ layer: name, mean: -1.5e-10, std: 20.3, zero: 0.53, saturated, gradient: 3.75, weights },
});
const diagnosis: Diagnosis = {
  epoch: 0,
  rows: 32,
  layers: [
    layer('dense', null, [weight('kernel', 1.67, 0.0064), weight('bias', 0, null)]),
    layer('dropout', 0.25, []),
  ],
};

test('off a terminal, and where it is wide enough, each weight is a line', () => {
  const whole = `layers after epoch 1, on 32 rows:
layer        mean   std  zero  saturated  gradient  |weight|  |gradient|   largest  moved  weight
dense    -1.5e-10  20.3   53%                 3.75      1.67     7.68e+3  -1.3e-10  0.64%  kernel
                                                        0.00     7.68e+3  -1.3e-10         bias
dropout  -1.5e-10  20.3   53%        25%      3.75`;
  expect(formatDiagnosis(diagnosis)).toBe(whole);
  expect(formatDiagnosis(diagnosis, 120)).toBe(whole);
});

test('on a terminal of 80 columns no line is longer', () => {
  expect(formatDiagnosis(diagnosis, 80)).toBe(`layers after epoch 1, on 32 rows:
layer        mean   std  zero  saturated  gradient
dense    -1.5e-10  20.3   53%                 3.75
dropout  -1.5e-10  20.3   53%        25%      3.75
layer  weight  |weight|  |gradient|   largest  moved
dense  kernel      1.67     7.68e+3  -1.3e-10  0.64%
       bias        0.00     7.68e+3  -1.3e-10`);
});

test('long names are cut there', () => {
  const long = { ...diagnosis, layers: [{ ...diagnosis.layers[0], layer: 'l'.repeat(60) }] };
  const lines = formatDiagnosis(long, 80).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBe(80);
  expect(lines[2]).toMatch(/^l{20,}… /);
  expect(lines.slice(-2)).toEqual([
    expect.stringMatching(/^l{20,}… +kernel +1\.67/),
    expect.stringMatching(/^ +bias +0\.00/),
  ]);
});
