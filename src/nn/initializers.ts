/**
 * Initializers: the first numbers of a weight, by Keras's laws (keras.initializers). The laws are
 * Keras's, the bits are ours: seed and purpose decide them, on every machine the same.
 */
import { sizeOf } from '../ndarray.ts';
import { normal, type Random } from '../random.ts';
import type { InitializerSpec } from '../spec/initializers.ts';

/** The standard deviation of a standard normal cut at ±2: dividing by it restores the wanted one. */
const TRUNCATED_STDDEV = 0.87962566103423978;

/** A number of the law, one per call. */
type Draw = (random: Random) => number;

/** Draws every number of a weight of this shape, in row-major order. */
export function initialize(
  spec: InitializerSpec,
  shape: readonly number[],
  random: Random,
): Float32Array {
  const draw = lawOf(spec, shape);
  const values = new Float32Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = draw(random);
  return values;
}

function lawOf(spec: InitializerSpec, shape: readonly number[]): Draw {
  const { fanIn, fanOut } = fans(shape);
  const average = (fanIn + fanOut) / 2;
  switch (spec.type) {
    case 'zeros':
      return () => 0;
    case 'ones':
      return () => 1;
    case 'constant':
      return () => spec.value;
    case 'random_normal':
      return (random) => spec.mean + spec.stddev * normal(random);
    case 'random_uniform':
      return uniformLaw(spec.minval, spec.maxval);
    case 'truncated_normal':
      return truncatedLaw(spec.mean, spec.stddev);
    case 'glorot_uniform':
      return varianceUniform(1, average);
    case 'glorot_normal':
      return varianceNormal(1, average);
    case 'he_uniform':
      return varianceUniform(2, fanIn);
    case 'he_normal':
      return varianceNormal(2, fanIn);
    case 'lecun_uniform':
      return varianceUniform(1, fanIn);
    case 'lecun_normal':
      return varianceNormal(1, fanIn);
  }
}

/** How many inputs and outputs a weight joins: `(in, out)` of a kernel, `(n, n)` of a bias. */
function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const receptive = sizeOf(shape.slice(0, -2));
  const [inputs, outputs] = shape.slice(-2);
  return { fanIn: inputs * receptive, fanOut: outputs * receptive };
}

/** Uniform on [low, high). Rounding to float32 may reach `high` itself. */
function uniformLaw(low: number, high: number): Draw {
  return (random) => low + (high - low) * random();
}

/** Normal, drawn again while it is more than two deviations from the mean. */
function truncatedLaw(mean: number, stddev: number): Draw {
  return (random) => {
    let z = normal(random);
    while (Math.abs(z) > 2) z = normal(random);
    return mean + stddev * z;
  };
}

/** Variance `scale / fan`: uniform within ±√(3 scale / fan). */
function varianceUniform(scale: number, fan: number): Draw {
  const limit = Math.sqrt((3 * scale) / Math.max(1, fan));
  return uniformLaw(-limit, limit);
}

/** Variance `scale / fan` after the cut at two deviations. */
function varianceNormal(scale: number, fan: number): Draw {
  return truncatedLaw(0, Math.sqrt(scale / Math.max(1, fan)) / TRUNCATED_STDDEV);
}
