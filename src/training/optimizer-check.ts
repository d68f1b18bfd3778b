/** What does not go together with an optimizer or its schedule: said before the first epoch. */
import { ExitCode, UserError } from '../errors.ts';
import type { Network } from '../nn/network.ts';
import type { CallbackSpec } from '../spec/callbacks.ts';
import type { OptimizerSpec } from '../spec/optimizers.ts';
import { quote } from '../words.ts';

/** Callbacks that set the learning rate. */
const RATE_SETTERS: ReadonlySet<CallbackSpec['type']> = new Set([
  'ReduceLROnPlateau',
  'LearningRateScheduler',
]);

interface Settings {
  readonly optimizer: OptimizerSpec;
  readonly callbacks: readonly CallbackSpec[];
  readonly batchSize: number;
}

/**
 * @param rows  to train on
 * @throws {UserError} exit 2: a callback that would set the rate of a schedule or of lbfgs; lbfgs in
 *   batches, or with constraints
 */
export function checkOptimizer(
  network: Network,
  { optimizer, callbacks, batchSize }: Settings,
  rows: number,
): void {
  if (optimizer.type === 'lbfgs') checkFullBatch(network, batchSize, rows);
  const setter = callbacks.find(({ type }) => RATE_SETTERS.has(type));
  const isFixed = optimizer.type === 'lbfgs';
  const rate = optimizer.learning_rate;
  if (setter && (isFixed || typeof rate !== 'number')) {
    const found = typeof rate === 'number' ? 'lbfgs, which finds its own' : rate.type;
    throw new UserError(
      ExitCode.usage,
      `${setter.type}: expected a learning rate that is a number; found ${found}`,
      isFixed ? undefined : 'use either a schedule or a callback that sets the rate, as in Keras',
    );
  }
}

/** L-BFGS needs one function that stays the same, and may put the weights anywhere. */
function checkFullBatch({ weights }: Network, batchSize: number, rows: number): void {
  if (batchSize < rows) {
    throw new UserError(
      ExitCode.usage,
      `lbfgs: expected a batch of all ${rows} rows; found a batch_size of ${batchSize}`,
      'leave batch_size out: lbfgs goes over all rows in each step',
    );
  }
  const constrained = weights.find(({ constraint }) => constraint !== null);
  if (!constrained) return;
  const { layer, name, constraint } = constrained;
  throw new UserError(
    ExitCode.usage,
    `lbfgs: expected no constraints; found ${constraint?.type} on ${name} of layer ${quote(layer)}`,
    'use another optimizer, or a regularizer in the place of the constraint',
  );
}
