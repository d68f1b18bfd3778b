/** What is most likely wrong with a run that goes on, by numbers. The page on reliability states them. */
import type { Network, NetworkLayer } from '../nn/network.ts';
import type { LayerDiagnosis } from '../records.ts';
import { formatMagnitude, quote } from '../words.ts';

/** When something is said. A false alarm is worse than none: most healthy runs are far from all of these. */
export const LIMITS = Object.freeze({
  /** Share of a hidden layer's outputs at the ends of its activation, after the first epoch. */
  saturated: 0.95,
  /** Between the gradients by the outputs of the first and of the last hidden layer. */
  gradientRatio: 1e5,
  /** Epochs after which the loss should have fallen, and each class be predicted. */
  epochs: 8,
  /** By what share of the first epoch's. */
  fall: 1e-3,
  /** Rows of a class, and the share of all, from which it should be predicted. */
  classRows: 10,
  classShare: 0.01,
});

/** Each is said once in a run, however often it is stopped: a checkpoint has those that were. */
export const WARNING_KINDS = [
  'dead',
  'saturated',
  'vanishing',
  'exploding',
  'not falling',
  'never predicted',
] as const;
export type WarningKind = (typeof WARNING_KINDS)[number];

export interface Warning {
  readonly kind: WarningKind;
  readonly text: string;
}

/** `layers[1] ("dense")` */
function nameOf({ layers }: Network, index: number): string {
  return `layers[${index}] (${quote(layers[index].name)})`;
}

/** Whether a layer has a function that may be 0 everywhere, as relu. */
function isNonLinear({ spec }: NetworkLayer): boolean {
  if (spec.type === 'ReLU') return true;
  if (!('activation' in spec)) return false;
  return spec.activation.kind === 'formula' || spec.activation.name !== 'linear';
}

/** The first layer all of whose outputs are 0; undefined where there is none. */
export function deadLayer(
  { layers }: Network,
  seen: readonly LayerDiagnosis[],
): number | undefined {
  const found = seen.findIndex(({ zero }, index) => zero === 1 && isNonLinear(layers[index]));
  return found === -1 ? undefined : found;
}

export function dead(network: Network, layer: number): Warning {
  const text = `the outputs of ${nameOf(network, layer)} are 0 for all training rows, so it learns no more: start anew with smaller steps (--learning-rate), inputs of one size (--normalize zscore), or leaky_relu`;
  return { kind: 'dead', text };
}

/** A hidden layer that is saturated from the start. An output layer that is may just be sure. */
export function saturatedLayer(
  network: Network,
  seen: readonly LayerDiagnosis[],
): Warning | undefined {
  const hidden = seen.slice(0, -1);
  const layer = hidden.findIndex(({ saturated }) => (saturated ?? 0) >= LIMITS.saturated);
  if (layer === -1) return undefined;
  const share = Math.floor(100 * (hidden[layer].saturated ?? 0));
  const text = `${share}% of the outputs of ${nameOf(network, layer)} are at the ends of its activation, where it hardly learns: bring the inputs to one size (--normalize zscore), or start from smaller weights`;
  return { kind: 'saturated', text };
}

/**
 * Gradients that are lost or run away on their way from the last hidden layer to the first.
 *
 * @param isClipped  whether the optimizer bounds them already
 */
export function gradientWarning(
  network: Network,
  seen: readonly LayerDiagnosis[],
  isClipped: boolean,
): Warning | undefined {
  const hidden = seen.flatMap((_, index) => {
    const learns = network.layers[index].weights.some(({ trainable }) => trainable);
    return learns && index < seen.length - 1 ? [index] : [];
  });
  const [first] = hidden;
  const last = hidden.at(-1);
  if (last === undefined || last === first) return undefined;
  const [early, late] = [seen[first].gradient, seen[last].gradient];
  // Nothing to learn, or nothing that comes through: neither is a matter of size.
  if (early === 0 || late === 0) return undefined;
  const where = `from ${nameOf(network, last)} back to ${nameOf(network, first)}`;
  if (late / early >= LIMITS.gradientRatio) {
    const text = `gradients shrink ${formatMagnitude(late / early)} times ${where}, which hardly learns: use relu, BatchNormalization, or fewer layers`;
    return { kind: 'vanishing', text };
  }
  if (early / late >= LIMITS.gradientRatio) {
    const text = `gradients grow ${formatMagnitude(early / late)} times ${where}: start from smaller weights${isClipped ? '' : ', or use --clip-norm 1'}`;
    return { kind: 'exploding', text };
  }
  return undefined;
}

export function notFalling(epochs: number, loss: number, first: number, constant: number): Warning {
  const values = [loss, first, constant].map(formatMagnitude);
  const text = `the loss does not fall: ${values[0]} after ${epochs} epochs, ${values[1]} after the first, and ${values[2]} for one and the same answer to all rows: try another --learning-rate, or --normalize zscore`;
  return { kind: 'not falling', text };
}

/** @param names  of the classes that no row is said to be of, though some are */
export function neverPredicted(names: readonly string[]): Warning {
  const which = names.length === 1 ? `class ${names[0]} is` : `classes ${names.join(', ')} are`;
  const text = `${which} never predicted for the training rows: train longer, or try --class-weight balanced`;
  return { kind: 'never predicted', text };
}
