/** What a probe has seen, in a few numbers for each layer. */
import { activations } from '../nn/activations.ts';
import type { Network, NetworkLayer } from '../nn/network.ts';
import type { LayerDiagnosis, WeightDiagnosis } from '../records.ts';
import { largest } from './extremes.ts';
import type { Seen } from './probe.ts';

/** Outputs within this share of the range from an end of a bounded activation are saturated. */
const MARGIN = 0.01;

/**
 * All layers, in order.
 *
 * @param before  the weights an epoch before, to say how far they have moved; null where nobody asks
 */
export function statisticsOf(
  { layers }: Network,
  seen: Seen,
  before: Seen | null,
): LayerDiagnosis[] {
  return layers.map((layer, index) => ({
    layer: layer.name,
    ...outputStatistics(layer, seen.output(index)),
    gradient: rootMeanSquare(seen.outputGradient(index)),
    weights: layer.weights.map((spec): WeightDiagnosis => {
      const { values, gradient } = seen.weight(spec);
      return {
        name: spec.name,
        norm: norm(values),
        gradientNorm: gradient && norm(gradient),
        gradientMax: gradient && largest(gradient),
        moved: before && moved(before.weight(spec).values, values),
      };
    }),
  }));
}

function outputStatistics(layer: NetworkLayer, values: Float32Array) {
  const count = values.length;
  let sum = 0;
  let zeros = 0;
  for (const value of values) {
    sum += value;
    if (value === 0) zeros++;
  }
  const mean = sum / count;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return {
    mean,
    std: Math.sqrt(squares / count),
    zero: zeros / count,
    saturated: saturated(layer, values),
  };
}

function saturated({ spec }: NetworkLayer, values: Float32Array): number | null {
  if (!('activation' in spec) || spec.activation.kind === 'formula') return null;
  const { bounds } = activations[spec.activation.name];
  if (bounds === undefined) return null;
  const [least, most] = bounds;
  const margin = MARGIN * (most - least);
  let count = 0;
  for (const value of values) {
    if (value <= least + margin || value >= most - margin) count++;
  }
  return count / values.length;
}

function moved(before: Float32Array, after: Float32Array): number | null {
  const size = norm(before);
  return size === 0 ? null : norm(after.map((value, i) => value - before[i])) / size;
}

function norm(values: Float32Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
}

function rootMeanSquare(values: Float32Array): number {
  return norm(values) / Math.sqrt(values.length);
}
