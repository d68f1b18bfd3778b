/** For which training steps the native engine is at least twice as fast as the WebAssembly engine. */

/**
 * Multiplications of a product from which a BLAS is faster, the call (0.3 µs) and an epilogue of its own
 * included; docs/performance.md has the measure.
 */
export const WORTH_CALL: number = 2 ** 15;

/** What the time of a step depends on. */
export interface StepWork {
  /** Multiplications of each matrix product. */
  readonly products: readonly number[];
  readonly parameters: number;
  /** Numbers of all layers' inputs and outputs in a batch. */
  readonly activations: number;
}

/**
 * Measured in nanoseconds on one thread of a Zen 4 core, with OpenBLAS 0.3.21 and Adam: a multiplication
 * with its addition in a kernel and in a BLAS, a parameter's update, and what is done to an activation, which
 * costs more where kernels do not do it along with the product.
 */
const KERNEL = 0.053;
const BLAS = 0.021;
const UPDATE = 0.6;
const FUSED_ACTIVATION = 0.9;
const ACTIVATION = 1.8;

/** Nanoseconds of a step on so many threads, which divide all of it. */
export function kernelTime(
  { products, parameters, activations }: StepWork,
  threads: number,
): number {
  const rest = UPDATE * parameters + FUSED_ACTIVATION * activations;
  return (KERNEL * sum(products) + rest) / speedUp(threads);
}

/** Nanoseconds of a step where so many threads divide what a BLAS computes, and one does the rest. */
function nativeTime({ products, parameters, activations }: StepWork, threads: number): number {
  const large = sum(products.filter((multiplications) => multiplications >= WORTH_CALL));
  const small = sum(products) - large;
  const rest = UPDATE * parameters + ACTIVATION * activations;
  return (BLAS * large) / speedUp(threads) + KERNEL * small + rest;
}

/** @param threads  of the one engine and of the other */
export function isTwiceAsFast(
  work: StepWork,
  threads: { readonly kernels: number; readonly blas: number },
): boolean {
  return kernelTime(work, threads.kernels) >= 2 * nativeTime(work, threads.blas);
}

/** What several threads are faster by, products of several milliseconds in mind. */
function speedUp(threads: number): number {
  return 1 + 0.9 * (threads - 1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
