/** The engines by name, apart from their code: help needs no more. */

/**
 * What a user may ask for: `auto` is the fastest that this machine and the plan allow. The numbers are the
 * same but for `native`, whose last digits differ.
 */
export const ENGINE_NAMES = ['auto', 'wasm', 'reference', 'native'] as const;

export type EngineName = (typeof ENGINE_NAMES)[number];

/** As many threads as may be asked for. */
export const MAX_THREADS = 64;

/** How a plan is to be computed; the numbers depend on it with `native` alone. */
export interface Computing {
  /** `auto` where nothing is said. */
  readonly engine?: EngineName;
  /** How many threads run a training step; `auto` takes several where steps are large enough. */
  readonly threads?: number | 'auto';
  /** The library that `native` computes with; by its usual names where nothing is said. */
  readonly blas?: string;
}
