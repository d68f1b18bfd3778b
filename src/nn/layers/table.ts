/** All layers by the type that a spec names. */
import type { LayerOf, LayerSpec } from '../../spec/spec.ts';
import { activation } from './activation.ts';
import { activityRegularization } from './activity-regularization.ts';
import { elu, leakyRelu, prelu, reluLayer, softmaxLayer } from './advanced-activations.ts';
import { batchNormalization } from './batch-normalization.ts';
import { dense } from './dense.ts';
import type { LayerDefinition } from './layer.ts';
import { alphaDropout, dropout, gaussianDropout, gaussianNoise } from './noise.ts';
import { normalization, rescaling } from './preprocessing.ts';
import { flatten, permutation, reshaping } from './reshaping.ts';
import { layerNormalization, rmsNormalization, unitNormalization } from './row-normalization.ts';

const layers: {
  readonly [K in LayerSpec['type']]: LayerDefinition<LayerOf<K>>;
} = {
  Dense: dense,
  Activation: activation,
  ReLU: reluLayer,
  LeakyReLU: leakyRelu,
  PReLU: prelu,
  ELU: elu,
  Softmax: softmaxLayer,
  Dropout: dropout,
  GaussianDropout: gaussianDropout,
  GaussianNoise: gaussianNoise,
  AlphaDropout: alphaDropout,
  ActivityRegularization: activityRegularization,
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  UnitNormalization: unitNormalization,
  Normalization: normalization,
  Rescaling: rescaling,
  Flatten: flatten,
  Reshape: reshaping,
  Permute: permutation,
};

/** The definition of a spec's layer. */
export function layerOf<S extends LayerSpec>(spec: S): LayerDefinition<S> {
  // The table's type pairs each definition with its own spec; an index by a union loses the pair.
  return layers[spec.type] as unknown as LayerDefinition<S>;
}
