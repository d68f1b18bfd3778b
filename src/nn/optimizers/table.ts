/** The optimizers by name. A new one is an entry of the file of its kin; a file of its own needs a line here. */
import type { StepOptimizerSpec } from '../../spec/optimizers.ts';
import { factoredMoments } from './adafactor.ts';
import { adamAndKin } from './adam.ts';
import { fullBatch } from './full-batch.ts';
import { gradientDescent } from './gradient-descent.ts';
import { layerwise } from './lamb.ts';
import { orthogonalised } from './muon.ts';
import type { Optimizer } from './optimizer.ts';

/** Those that go from batch to batch: Keras's. */
export const stepOptimizers = Object.freeze({
  ...gradientDescent,
  ...adamAndKin,
  ...factoredMoments,
  ...layerwise,
  ...orthogonalised,
});

/** All of them. */
export const optimizers = Object.freeze({ ...stepOptimizers, ...fullBatch });

/** The optimizer of a spec. */
export function optimizerOf(spec: StepOptimizerSpec): Optimizer<StepOptimizerSpec> {
  return stepOptimizers[spec.type];
}
