/**
 * BatchNormalization: in training by mean and variance of the batch, in inference, and where the
 * layer does not learn, by their moving means.
 */
import type { Tensor } from '../../graph/graph.ts';
import { add, batchSize, div, mul, rsqrt, square, sub, sumRows } from '../../graph/ops.ts';
import type { LayerOf } from '../../spec/spec.ts';
import { alongAxes, sampleAxes } from '../axes.ts';
import { type ForwardContext, type LayerDefinition, sameShape, statistic } from './layer.ts';
import { scaleAndShiftWeights } from './scale-and-shift.ts';

type Spec = LayerOf<'BatchNormalization'>;

export const batchNormalization: LayerDefinition<Spec> = {
  className: 'BatchNormalization',
  outputShape: sameShape,

  weights(spec, inputShape) {
    const shape = [inputShape[axisOf(spec, inputShape)]];
    return [
      ...scaleAndShiftWeights(spec, shape),
      statistic('moving_mean', shape, spec.moving_mean_initializer),
      statistic('moving_variance', shape, spec.moving_variance_initializer),
    ];
  },

  forward(spec, x, context) {
    const { inputShape } = context;
    return alongAxes(x, inputShape, [axisOf(spec, inputShape)], (rows) => {
      const { mean, variance } =
        context.training && spec.trainable
          ? batchStatistics(rows, spec, context)
          : { mean: context.weight('moving_mean'), variance: context.weight('moving_variance') };
      return normalized(rows, mean, variance, spec, context);
    });
  },
};

/**
 * (x − mean) / √(variance + ε) · gamma + beta, computed as TensorFlow does, with one factor and one
 * offset for each column: where the mean is large this rounds differently from subtracting first.
 */
function normalized(
  x: Tensor,
  mean: Tensor,
  variance: Tensor,
  { epsilon, scale, center }: Spec,
  { weight }: ForwardContext,
): Tensor {
  const inverse = rsqrt(add(variance, epsilon));
  const factor = scale ? mul(inverse, weight('gamma')) : inverse;
  return add(mul(x, factor), sub(center ? weight('beta') : 0, mul(mean, factor)));
}

function axisOf({ axis }: Spec, inputShape: readonly number[]): number {
  return sampleAxes([axis], inputShape.length, 'axis')[0];
}

/**
 * Mean and variance of each column over the batch, `[1, c]`, which also move the moving ones. The
 * variance is that of the population, in two passes: E[x²] − E[x]² is lost where the mean is large.
 */
function batchStatistics(x: Tensor, { momentum }: Spec, { weight, updateWeight }: ForwardContext) {
  const count = mul(batchSize(x.graph), x.shape.rows);
  const mean = div(sumRows(x), count);
  const variance = div(sumRows(square(sub(x, mean))), count);
  const move = (name: string, value: Tensor) =>
    updateWeight(name, add(mul(weight(name), momentum), mul(value, 1 - momentum)));
  move('moving_mean', mean);
  move('moving_variance', variance);
  return { mean, variance };
}
