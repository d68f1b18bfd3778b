/** Which trainings are told of `--engine native`. */
import { describe, expect, test } from 'vitest';
import { isTwiceAsFast, kernelTime } from '../../src/engine/native/worth.ts';
import { nativeHint, workOf } from '../../src/training/native-hint.ts';
import { build } from '../keras-goldens.ts';

function networkOf(...widths: readonly number[]) {
  const layers = widths.slice(1).map((units) => ({ units, activation: 'relu' }));
  return build({ input_shape: [widths[0]], layers }).network;
}

const large = networkOf(784, 512, 512, 10);
const small = networkOf(20, 64, 32, 5);

describe('the work of a step', () => {
  test('is the products of each layer, forwards and backwards, and all that is beside them', () => {
    expect(workOf(small, 32)).toEqual({
      products: [
        ...[32 * 20 * 64, 32 * 20 * 64],
        ...[32 * 64 * 32, 32 * 64 * 32, 32 * 64 * 32],
        ...[32 * 32 * 5, 32 * 32 * 5, 32 * 32 * 5],
      ],
      parameters: 21 * 64 + 65 * 32 + 33 * 5,
      activations: (32 * (20 + 64 + 64 + 32 + 32 + 5)) / 2,
    });
  });

  test('counts the rows of inputs with more axes', () => {
    const { network } = build({ input_shape: [7, 20], layers: [{ units: 3 }] });
    expect(workOf(network, 2).products).toEqual([2 * 7 * 20 * 3, 2 * 7 * 20 * 3]);
  });

  test('takes about as long as was measured', () => {
    // Microseconds, docs/performance.md.
    expect(kernelTime(workOf(large, 128), 1) / 1000).toBeCloseTo(11_400, -3);
    expect(isTwiceAsFast(workOf(large, 128), { kernels: 1, blas: 1 })).toBe(true);
    expect(isTwiceAsFast(workOf(small, 32), { kernels: 1, blas: 1 })).toBe(false);
    expect(isTwiceAsFast(workOf(large, 128), { kernels: 4, blas: 2 })).toBe(false);
  });
});

describe('the hint', () => {
  const long = { batchSize: 128, mostAtOnce: 128, steps: 10_000 };
  const auto = { engine: 'auto', threads: 1 } as const;

  test('comes once where half the time can be saved', () => {
    expect(nativeHint(large, long, auto)).toEqual([
      'hint: --engine native (OpenBLAS or another BLAS) should take half the time at most, and gives other last digits',
    ]);
  });

  test('comes not where the network is small, the training short, or the engine chosen', () => {
    expect(nativeHint(small, { batchSize: 32, mostAtOnce: 32, steps: 1e6 }, auto)).toEqual([]);
    expect(nativeHint(large, { batchSize: 128, mostAtOnce: 128, steps: 100 }, auto)).toEqual([]);
    // What validation takes at once makes no step longer.
    expect(nativeHint(large, { batchSize: 1, mostAtOnce: 4096, steps: 10_000 }, auto)).toEqual([]);
    for (const engine of ['wasm', 'reference', 'native'] as const) {
      expect(nativeHint(large, long, { engine, threads: 1 })).toEqual([]);
    }
  });

  test('is a note where the native engine was chosen and has nothing to do', () => {
    const native = { engine: 'native', threads: 1 } as const;
    const note =
      'note: no matrix product of this training is large enough for it (16,384 multiplications at most; 32,768 are worth a call), so it computes as --engine wasm does';
    expect(nativeHint(small, { batchSize: 8, mostAtOnce: 8, steps: 1 }, native)).toEqual([note]);
    expect(nativeHint(small, { batchSize: 16, mostAtOnce: 16, steps: 1 }, native)).toEqual([]);
  });
});
