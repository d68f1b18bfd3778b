/** Whether the outputs of a network can be what its targets are: what no training mends. */
import { type Bounds, boundsOf } from '../graph/bounds.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import type { NdArray } from '../ndarray.ts';
import { activations } from '../nn/activations.ts';
import { forward, parametersOf } from '../nn/forward.ts';
import { losses } from '../nn/losses.ts';
import type { Network } from '../nn/network.ts';
import type { LossSpec } from '../spec/losses.ts';
import { formatMagnitude, quote } from '../words.ts';
import { inputOf } from './compile.ts';
import { type Range, rangeOf } from './extremes.ts';

/** By how much of the largest number at hand another may be beyond a bound, by rounding alone. */
const ROUNDING = 1e-6;

/** From this share of the targets on, what goes wrong follows from it: few may be outliers. */
const MOST = 0.1;

/**
 * Targets beyond what the outputs can be, whatever the weights: a sentence for people; null where there are none, or
 * where the loss does not want outputs to be the targets.
 *
 * @param y  targets as the loss takes them
 */
export function outOfReach(network: Network, loss: LossSpec, y: NdArray): string | null {
  const { isDistance, takesNegative = true } = losses[loss.type];
  if (!isDistance || !takesNegative) return null;
  const bounds = outputBounds(network);
  const targets = rangeOf(y.values);
  return isWithin(targets, bounds) ? null : beyond(network, bounds, targets);
}

/** Whether no weights can help: many targets are beyond reach, or all outputs are one and the same number. */
export function cannotFit(network: Network, loss: LossSpec, y: NdArray): boolean {
  const bounds = outputBounds(network);
  if (bounds.least === bounds.most) return true;
  if (outOfReach(network, loss, y) === null) return false;
  const outside = y.values.reduce((count, value) => {
    return count + Number(!isWithin({ least: value, most: value }, bounds));
  }, 0);
  return outside >= MOST * y.values.length;
}

function outputOf(network: Network): Tensor {
  const graph = new Graph();
  const x = inputOf(graph, 'x', network.inputShape);
  return forward(network, parametersOf(graph, network), x, false).output;
}

/** An activation that is known by name may know its bounds better than its ops show. */
function outputBounds(network: Network): Bounds {
  const { spec } = network.layers[network.layers.length - 1];
  if ('activation' in spec && spec.activation.kind !== 'formula') {
    const { bounds } = activations[spec.activation.name];
    if (bounds !== undefined) return { least: bounds[0], most: bounds[1] };
  }
  return boundsOf(outputOf(network));
}

function isWithin(targets: Range, { least, most }: Bounds): boolean {
  const sizes = [least, most, targets.least, targets.most].map(Math.abs).filter(Number.isFinite);
  const rounding = ROUNDING * Math.max(...sizes);
  const isBelow = targets.least < least - rounding;
  const isAbove = targets.most > most + rounding;
  return !isBelow && !isAbove;
}

function beyond({ layers }: Network, bounds: Bounds, targets: Range): string {
  const last = layers[layers.length - 1];
  const where = `layers[${layers.length - 1}] (${quote(last.name)})`;
  const [least, most] = [targets.least, targets.most].map(formatMagnitude);
  const wanted = least === most ? `are all ${least}` : `are from ${least} to ${most}`;
  const remedy =
    'activation' in last.spec
      ? 'give it "activation": "linear"'
      : 'end the model in a Dense layer without an activation';
  return `the outputs of ${where} are ${describe(bounds)}, and the targets ${wanted}: ${remedy}`;
}

/** `from 0 to 1`, `0 or more`, `always 1` */
function describe(bounds: Bounds): string {
  const [least, most] = [bounds.least, bounds.most].map(formatMagnitude);
  if (least === most) return `always ${least}`;
  if (bounds.most === Number.POSITIVE_INFINITY) return `${least} or more`;
  if (bounds.least === Number.NEGATIVE_INFINITY) return `${most} or less`;
  return `from ${least} to ${most}`;
}
