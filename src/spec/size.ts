/** Refuses models that no memory holds, from their spec alone and before anything is allocated. */
import { sizeOf } from '../ndarray.ts';
import type { PlacedLayer, RealLayer } from './input-shape.ts';
import { MAX_INPUT_SIZE, MAX_PARAMETERS } from './limits.ts';
import type { Problems } from './problems.ts';
import { group } from './values.ts';

/** Bytes of a float32 in GiB. */
const GIB_PER_NUMBER = 4 / 2 ** 30;

/**
 * Adds a problem at the layer with which the model grows beyond MAX_PARAMETERS, or whose output row
 * grows beyond MAX_INPUT_SIZE. Without an input shape it counts with the smallest input there is,
 * one number, so that the count is a lower bound.
 */
export function checkSize(
  layers: readonly PlacedLayer<RealLayer>[],
  inputShape: readonly number[] | null,
  problems: Problems,
): void {
  let shape = inputShape ?? [1];
  let parameters = 0;
  for (const { index, layer } of layers) {
    parameters += parametersOf(layer, shape);
    shape = outputShape(layer, shape);
    if (parameters > MAX_PARAMETERS) {
      const size = `${group(parameters)} (${group(Math.round(parameters * GIB_PER_NUMBER))} GiB)`;
      const most = `at most ${group(MAX_PARAMETERS)} parameters in all`;
      problems.add(['layers', index], `expected ${most}; found ${size} up to this layer`);
      return;
    }
    if (sizeOf(shape) > MAX_INPUT_SIZE) {
      const most = `at most ${group(MAX_INPUT_SIZE)} outputs for one row`;
      problems.add(['layers', index], `expected ${most}; found ${group(sizeOf(shape))}`);
      return;
    }
  }
}

function parametersOf(layer: RealLayer, shape: readonly number[]): number {
  if (layer.type !== 'Dense') return 0;
  return (shape[shape.length - 1] + (layer.use_bias ? 1 : 0)) * layer.units;
}

function outputShape(layer: RealLayer, shape: readonly number[]): readonly number[] {
  if (layer.type === 'Dense') return [...shape.slice(0, -1), layer.units];
  return layer.type === 'Flatten' ? [sizeOf(shape)] : shape;
}
