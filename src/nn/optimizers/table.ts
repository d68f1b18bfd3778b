/** The optimizers by name. An optimizer that the spec knows and this table does not is a type error. */
import type { StepOptimizerSpec } from '../../spec/optimizers.ts';
import { adafactor } from './adafactor.ts';
import { adam, adamax, adamw, nadam, schedulefreeadamw } from './adam.ts';
import { adadelta, adagrad, ftrl, lion, rmsprop, sgd } from './gradient-descent.ts';
import { lamb } from './lamb.ts';
import { muon } from './muon.ts';
import type { Optimizer, OptimizerTable } from './optimizer.ts';

const optimizers: OptimizerTable = {
  sgd,
  rmsprop,
  adam,
  adamw,
  adamax,
  nadam,
  adagrad,
  adadelta,
  ftrl,
  adafactor,
  lion,
  lamb,
  muon,
  schedulefreeadamw,
};

/** The optimizer of a spec. */
export function optimizerOf(spec: StepOptimizerSpec): Optimizer<StepOptimizerSpec> {
  // The table's type ties each name to its own spec; looked up by name, that is lost.
  return optimizers[spec.type] as Optimizer<StepOptimizerSpec>;
}
