/** The engines by name, apart from their code: help needs no more. */

/** What a user may ask for: `auto` is the fastest that this machine and the plan allow. */
export const ENGINE_NAMES = ['auto', 'wasm', 'reference'] as const;

export type EngineName = (typeof ENGINE_NAMES)[number];
