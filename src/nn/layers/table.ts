/** All layers by the type that a spec names. */
import type { LayerOf, LayerSpec } from '../../spec/spec.ts';
import { activation } from './activation.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import type { LayerDefinition } from './layer.ts';

const layers: {
  readonly [K in LayerSpec['type']]: LayerDefinition<LayerOf<K>>;
} = {
  Dense: dense,
  Activation: activation,
  Flatten: flatten,
  Dropout: dropout,
};

/** The definition of a spec's layer. */
export function layerOf<S extends LayerSpec>(spec: S): LayerDefinition<S> {
  // The table's type pairs each definition with its own spec; an index by a union loses the pair.
  return layers[spec.type] as unknown as LayerDefinition<S>;
}
