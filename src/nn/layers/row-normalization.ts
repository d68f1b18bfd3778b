/** LayerNormalization, RMSNormalization, UnitNormalization: each sample by itself, along axes. */
import type { Tensor } from '../../graph/graph.ts';
import { add, max, meanCols, mul, reshape, rsqrt, square, sub, sumCols } from '../../graph/ops.ts';
import type { LayerOf } from '../../spec/spec.ts';
import { alongAxes, lengthsOf, sampleAxes } from '../axes.ts';
import { type ForwardContext, type LayerDefinition, noWeights, sameShape } from './layer.ts';
import { scaleAndShiftWeights } from './scale-and-shift.ts';

interface Axes {
  readonly axis: readonly number[];
}

function axesOf({ axis }: Axes, inputShape: readonly number[]): number[] {
  return sampleAxes(axis, inputShape.length, 'axis');
}

/** (x − mean) / √(variance + ε) · gamma + beta; the variance is that of the population. */
export const layerNormalization: LayerDefinition<LayerOf<'LayerNormalization'>> = {
  className: 'LayerNormalization',
  outputShape: sameShape,
  weights: (spec, inputShape) =>
    scaleAndShiftWeights(spec, lengthsOf(inputShape, axesOf(spec, inputShape))),
  forward(spec, x, context) {
    const { inputShape } = context;
    return alongAxes(x, inputShape, axesOf(spec, inputShape), (rows) => {
      const centred = sub(rows, meanCols(rows));
      const variance = meanCols(square(centred));
      return scaleAndShift(mul(centred, rsqrt(add(variance, spec.epsilon))), spec, context);
    });
  },
};

/** x · gamma + beta, each as far as the layer has it: one number for each column. */
function scaleAndShift(
  x: Tensor,
  spec: LayerOf<'LayerNormalization'>,
  { weight }: ForwardContext,
): Tensor {
  const row = (name: string) => reshape(weight(name), 1, x.shape.cols);
  const scaled = spec.scale ? mul(x, row('gamma')) : x;
  return spec.center ? add(scaled, row('beta')) : scaled;
}

/** x / √(mean of x² + ε) · scale. */
export const rmsNormalization: LayerDefinition<LayerOf<'RMSNormalization'>> = {
  className: 'RMSNormalization',
  outputShape: sameShape,
  weights: (spec, inputShape) => [
    {
      name: 'scale',
      shape: lengthsOf(inputShape, axesOf(spec, inputShape)),
      initializer: { type: 'ones' },
      regularizer: null,
      constraint: null,
    },
  ],
  forward(spec, x, { weight, inputShape }) {
    return alongAxes(x, inputShape, axesOf(spec, inputShape), (rows) => {
      const inverse = rsqrt(add(meanCols(square(rows)), spec.epsilon));
      return mul(mul(rows, inverse), reshape(weight('scale'), 1, rows.shape.cols));
    });
  },
};

/** Below this a sum of squares counts as this, so that zeros stay zeros. */
const LEAST_SQUARE = 1e-24;

/** x over its Euclidean length. */
export const unitNormalization: LayerDefinition<LayerOf<'UnitNormalization'>> = {
  className: 'UnitNormalization',
  outputShape(spec, inputShape) {
    axesOf(spec, inputShape);
    return inputShape;
  },
  weights: noWeights,
  forward: (spec, x, { inputShape }) => alongAxes(x, inputShape, axesOf(spec, inputShape), toUnit),
};

function toUnit(x: Tensor): Tensor {
  return mul(x, rsqrt(max(sumCols(square(x)), LEAST_SQUARE)));
}
