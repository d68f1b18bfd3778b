/** Whether a run's numbers are still numbers; and if not, what is said: where it showed and what to do. */
import type { Session } from '../engine/engine.ts';
import { ExitCode, UserError } from '../errors.ts';
import { BLOCKS, type Parameters } from '../nn/forward.ts';
import type { Network } from '../nn/network.ts';
import { escapeControls, quote } from '../words.ts';
import { GRADIENT } from './compile.ts';

/** The first number that is NaN or infinite. */
export interface NonFinite {
  readonly what: 'weights' | 'gradients';
  /** `dense/kernel` */
  readonly tensor: string;
  readonly value: number;
}

/**
 * Looks through all weights.
 *
 * @param hasGradient  whether the session holds the gradient, too: where no op moves the weights by it,
 *   they do not show what it is
 * @returns null where all are finite
 */
export function findNonFinite(
  session: Session,
  { trainable, frozen, weights }: Parameters,
  hasGradient: boolean,
): NonFinite | null {
  const blocks = [
    { what: 'weights', place: BLOCKS.trainable, block: trainable },
    { what: 'weights', place: BLOCKS.frozen, block: frozen },
    { what: 'gradients', place: GRADIENT, block: hasGradient ? trainable : null },
  ] as const;
  for (const { what, place, block } of blocks) {
    const found = block && session.firstNonFinite(place, block.shape.cols);
    if (!found) continue;
    const owner = weights.findLast(
      ({ spec, offset }) => spec.trainable === (block === trainable) && offset <= found.index,
    );
    if (!owner) throw new Error('internal: a number that is of no weight');
    const { layer, name } = owner.spec;
    return { what, tensor: escapeControls(`${layer}/${name}`), value: found.value };
  }
  return null;
}

const SCALE = 'try a lower --learning-rate, or bring the inputs to a similar scale';

/**
 * The loss of a batch is not finite.
 *
 * @param epoch   from 0
 * @param after   what the batch made of the weights
 */
export function lossFailed(
  network: Network,
  { epoch, batch, loss }: { readonly epoch: number; readonly batch: number; readonly loss: number },
  after: NonFinite | null,
): UserError {
  const also = after ? ` (and ${after.value} in ${after.tensor})` : '';
  const problem = `epoch ${epoch + 1}, batch ${batch}: expected a finite loss; found ${loss}${also}`;
  return new UserError(ExitCode.numbers, problem, [SCALE, ...formulaHint(network)].join('\n'));
}

/** Weights or gradients are not finite though the loss of each batch was. */
export function weightsFailed(
  network: Network,
  epoch: number,
  { what, tensor, value }: NonFinite,
): UserError {
  const problem = `epoch ${epoch + 1}: expected finite ${what}; found ${value} in ${tensor}`;
  return new UserError(ExitCode.numbers, problem, [...formulaHint(network), SCALE].join('\n'));
}

/** The validation loss is not finite though the weights are. */
export function validationFailed(epoch: number, loss: number): UserError {
  return new UserError(
    ExitCode.numbers,
    `epoch ${epoch + 1}: expected a finite val_loss; found ${loss}`,
    'bring the validation rows to the scale of the training rows, or try a lower --learning-rate',
  );
}

/** Keras's own functions are safe where formulas may not be. */
function formulaHint({ layers }: Network): string[] {
  for (const { name, spec } of layers) {
    if (!('activation' in spec) || spec.activation.kind !== 'formula') continue;
    const which = `the formula ${quote(spec.activation.text)} of layer ${quote(name)}`;
    return [`look at ${which}: it may have no value or no slope somewhere, as sqrt(x) at 0`];
  }
  return [];
}
