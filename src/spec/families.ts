/**
 * The families of things that a model file names, for `mlp help`. Nothing is loaded before it is
 * asked for: what each entry is takes text that no other command needs.
 */
import type { Family } from '../records.ts';

/** In the order in which help lists them. */
export const families = Object.freeze({
  activations: async () => (await import('./families/activations.ts')).family,
  layers: async () => (await import('./families/layers.ts')).family,
  losses: async () => (await import('./families/losses.ts')).family,
  metrics: async () => (await import('./families/metrics.ts')).family,
  optimizers: async () => (await import('./families/optimizers.ts')).family,
  schedules: async () => (await import('./families/schedules.ts')).family,
  initializers: async () => (await import('./families/initializers.ts')).family,
  regularizers: async () => (await import('./families/regularizers.ts')).family,
  constraints: async () => (await import('./families/constraints.ts')).family,
  callbacks: async () => (await import('./families/callbacks.ts')).family,
  formulas: async () => (await import('./families/formulas.ts')).family,
} satisfies Record<string, () => Promise<Family>>);

export type FamilyName = keyof typeof families;

export function isFamily(name: string): name is FamilyName {
  return Object.hasOwn(families, name);
}
