/** What a training would gain from a BLAS, where that is much, or nothing though it was asked for. */
import { availableParallelism } from 'node:os';
import type { Computing } from '../engine/names.ts';
import { INSTALL_BLAS } from '../engine/native/find-blas.ts';
import { hasLibraries } from '../engine/native/library.ts';
import { isTwiceAsFast, kernelTime, type StepWork, WORTH_CALL } from '../engine/native/worth.ts';
import { threadsOf } from '../engine/threads.ts';
import { sizeOf } from '../ndarray.ts';
import type { Network } from '../nn/network.ts';
import { formatThousands } from '../words.ts';

/** Nanoseconds of a training below which nobody waits. */
const WORTH_WORDS = 5e9;

/**
 * A hint for a training with the engine that nobody chose, where `--engine native` would take half the time
 * at most; a note where that engine was chosen and finds no product that is large enough. Nothing is loaded for it.
 *
 * @param batchSize   rows of a step
 * @param mostAtOnce  the most rows that are computed at once, in training or in validation
 * @param steps       of the whole training
 */
export function nativeHint(
  network: Network,
  { batchSize, mostAtOnce, steps }: Record<'batchSize' | 'mostAtOnce' | 'steps', number>,
  { engine, threads = 1 }: Computing,
): string[] {
  if (engine === 'native') return smallNote(workOf(network, mostAtOnce));
  if (engine !== 'auto') return [];
  const work = workOf(network, batchSize);
  const multiplications = work.products.reduce((sum, product) => sum + product, 0);
  const kernels = threadsOf(multiplications, threads);
  const blas = threads === 'auto' ? availableParallelism() : threads;
  const isLong = steps * kernelTime(work, kernels) >= WORTH_WORDS;
  if (!isLong || !isTwiceAsFast(work, { kernels, blas })) return [];
  const missing = hasLibraries() ? '' : `; it needs "npm install koffi" and "${INSTALL_BLAS}"`;
  return [
    `hint: --engine native (OpenBLAS or another BLAS) should take half the time at most, and gives other last digits${missing}`,
  ];
}

function smallNote({ products }: StepWork): string[] {
  const largest = Math.max(0, ...products);
  if (largest >= WORTH_CALL) return [];
  const [found, least] = [largest, WORTH_CALL].map(formatThousands);
  return [
    `note: no matrix product of this training is large enough for it (${found} multiplications at most; ${least} are worth a call), so it computes as --engine wasm does`,
  ];
}

/** What a step of training is made of. */
export function workOf({ layers }: Network, batch: number): StepWork {
  const products = layers.flatMap(({ weights, outputShape }, index) => {
    const matrices = weights.filter(({ shape }) => shape.length === 2);
    return matrices.flatMap(({ shape }) => {
      const rows = batch * (sizeOf(outputShape) / (outputShape.at(-1) ?? 1));
      const product = rows * sizeOf(shape);
      // Forward, the kernel's gradient, and the input's, which nobody needs of the first layer.
      return index === 0 ? [product, product] : [product, product, product];
    });
  });
  const weights = layers.flatMap((layer) => layer.weights);
  const sizes = layers.flatMap(({ inputShape, outputShape }) => [inputShape, outputShape]);
  return {
    products,
    parameters: weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    activations: (batch * sizes.reduce((sum, shape) => sum + sizeOf(shape), 0)) / 2,
  };
}
