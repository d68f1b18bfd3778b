/**
 * What Normalization layers take from the training rows before the first step: Keras's `adapt`,
 * which there has to be called and here happens by itself, once.
 */
import type { Computing } from '../engine/names.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { LayerWeights, NdArray } from '../ndarray.ts';
import { sizeOf } from '../ndarray.ts';
import { lengthsOf } from '../nn/axes.ts';
import { keptAxes } from '../nn/layers/preprocessing.ts';
import type { Network, NetworkLayer } from '../nn/network.ts';
import { quote } from '../words.ts';
import { createPredictor } from './predict.ts';

/**
 * The weights with the mean and the variance (of the population) that each Normalization layer sees
 * when the rows pass through the layers before it. A layer that has them already keeps them: one
 * whose mean and variance are not the 0 and 1 it began with, or that was given them as arguments.
 *
 * @param x  `[n, ...input shape]`, n at least 1
 * @throws {UserError} exit 2 for a new layer that inverts: what comes in says nothing about what it
 *   is to give back
 */
export function adapt(
  network: Network,
  weights: readonly LayerWeights[],
  x: NdArray,
  computing: Computing = {},
): readonly LayerWeights[] {
  let adapted = weights;
  network.layers.forEach((layer, index) => {
    const own = adapted.find((entry) => entry.layer === layer.name);
    const axes = layer.spec.type === 'Normalization' ? axesOf(layer) : null;
    if (!own || !axes || !isNew(own)) return;
    if (layer.spec.type === 'Normalization' && layer.spec.invert) throw nothingToInvert(layer);
    const statistics = statisticsOf(
      rowsBefore(network, index, adapted, x, computing),
      layer.inputShape,
      axes,
    );
    const tensors = own.tensors.map((tensor) => ({
      ...tensor,
      values: statistics.get(tensor.name) ?? tensor.values,
    }));
    adapted = adapted.map((entry) => (entry === own ? { ...own, tensors } : entry));
  });
  return adapted;
}

function nothingToInvert({ name }: NetworkLayer): UserError {
  return new UserError(
    ExitCode.usage,
    `layer ${quote(name)}: expected mean and variance, since it inverts; found neither`,
    'give the layer "mean" and "variance"',
  );
}

function axesOf({ spec, inputShape }: NetworkLayer): readonly number[] | null {
  if (spec.type !== 'Normalization' || spec.mean !== null) return null;
  return keptAxes(spec, inputShape.length);
}

/** Whether mean and variance are still those of a new layer. */
function isNew({ tensors }: LayerWeights): boolean {
  const first = new Map([
    ['mean', 0],
    ['variance', 1],
  ]);
  return tensors.every(({ name, values }) => {
    const start = first.get(name);
    return start === undefined || values.every((value) => value === start);
  });
}

/** Rows in blocks, as often as they are asked for. */
type Rows = () => Iterable<Float32Array>;

/** What a layer gets when the rows pass through those before it. They are never all in memory. */
function rowsBefore(
  network: Network,
  index: number,
  weights: readonly LayerWeights[],
  x: NdArray,
  computing: Computing = {},
): Rows {
  if (index === 0) return () => [x.values];
  const layers = network.layers.slice(0, index);
  const before: Network = {
    ...network,
    layers,
    weights: layers.flatMap((layer) => layer.weights),
    outputShape: network.layers[index].inputShape,
  };
  const { predict, blockRows, inputSize } = createPredictor(before, weights, computing);
  const rows = x.shape[0];
  return function* () {
    for (let first = 0; first < rows; first += blockRows) {
      const count = Math.min(blockRows, rows - first);
      yield predict(x.values.subarray(first * inputSize, (first + count) * inputSize), count);
    }
  };
}

/** Mean and variance over all but these axes, in two passes and in doubles. */
function statisticsOf(
  rows: Rows,
  shape: readonly number[],
  axes: readonly number[],
): ReadonlyMap<string, Float32Array> {
  const places = placesOf(shape, axes);
  const count = sizeOf(lengthsOf(shape, axes));
  const average = (value: (x: number, place: number) => number) => {
    const sums = new Float64Array(count);
    let total = 0;
    for (const values of rows()) {
      for (let i = 0; i < values.length; i++) {
        const place = places[i % places.length];
        sums[place] += value(values[i], place);
      }
      total += values.length;
    }
    return sums.map((sum) => sum / (total / count));
  };
  const mean = average((x) => x);
  const variance = average((x, place) => (x - mean[place]) * (x - mean[place]));
  return new Map([
    ['mean', Float32Array.from(mean)],
    ['variance', Float32Array.from(variance)],
  ]);
}

/** For each number of a sample, which of the means and variances along these axes is its own. */
function placesOf(shape: readonly number[], axes: readonly number[]): Int32Array {
  return Int32Array.from({ length: sizeOf(shape) }, (_, index) =>
    axes.reduce((place, axis) => {
      const along = Math.floor(index / sizeOf(shape.slice(axis + 1))) % shape[axis];
      return place * shape[axis] + along;
    }, 0),
  );
}
