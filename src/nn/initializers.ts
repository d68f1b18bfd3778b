/**
 * Initializers: the first numbers of a weight, by Keras's laws (keras.initializers). The laws are
 * Keras's, the bits are ours: seed and purpose decide them, on every machine the same.
 */
import { formatShape, sizeOf } from '../ndarray.ts';
import { normal, type Random } from '../random.ts';
import type { InitializerSpec } from '../spec/initializers.ts';
import { orthonormalColumns } from './orthonormal.ts';
import { ShapeError } from './shape-error.ts';

/** The standard deviation of a standard normal cut at ±2: dividing by it restores the wanted one. */
const TRUNCATED_STDDEV = 0.87962566103423978;

type Shape = readonly number[];
type SpecOf<T extends InitializerSpec['type']> = Extract<InitializerSpec, { type: T }>;

/** A number of the law, one per call. */
type Draw = (random: Random) => number;

/** The numbers of a weight of this shape, in row-major order. */
export function initialize(spec: InitializerSpec, shape: Shape, random: Random): Float32Array {
  switch (spec.type) {
    case 'given':
      return Float32Array.from(spec.values);
    case 'identity':
      return identity(shape, spec.gain);
    case 'orthogonal':
      return orthogonal(shape, spec.gain, random);
    default: {
      const draw = lawOf(spec, shape);
      const values = new Float32Array(sizeOf(shape));
      for (let i = 0; i < values.length; i++) values[i] = draw(random);
      return values;
    }
  }
}

/** @throws {ShapeError} where an initializer cannot make a weight of this shape */
export function checkInitializer(spec: InitializerSpec, shape: Shape, key: string): void {
  const found = `found ${formatShape(shape)}`;
  if (spec.type === 'given' && formatShape(spec.shape) !== formatShape(shape)) {
    const given = formatShape(spec.shape);
    throw new ShapeError(`expected numbers of shape ${formatShape(shape)}; found ${given}`, key);
  }
  if (spec.type === 'identity' && shape.length !== 2) {
    throw new ShapeError(`identity: expected a weight of 2 axes; ${found}`, key);
  }
  if (spec.type === 'orthogonal' && shape.length < 2) {
    throw new ShapeError(`orthogonal: expected a weight of 2 axes or more; ${found}`, key);
  }
  if ('input_axes' in spec) checkAxes(spec.input_axes, shape, `${key}.input_axes`);
  if ('output_axes' in spec) checkAxes(spec.output_axes, shape, `${key}.output_axes`);
}

function checkAxes(axes: readonly number[] | null | undefined, shape: Shape, key: string): void {
  const wrong = axes?.find((axis) => axis < -shape.length || axis >= shape.length);
  if (wrong === undefined) return;
  const expected = `expected axes of the weight, -${shape.length} to ${shape.length - 1}`;
  throw new ShapeError(`${expected}; found ${wrong}`, key);
}

function lawOf(
  spec: Exclude<InitializerSpec, { type: 'given' | 'identity' | 'orthogonal' }>,
  shape: Shape,
): Draw {
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
    case 'variance_scaling':
      return scaledLaw(spec, spec, shape);
    default:
      return scaledLaw(scalings[spec.type], spec, shape);
  }
}

type Scaling = Pick<SpecOf<'variance_scaling'>, 'scale' | 'mode' | 'distribution'>;
type FanAxes = Pick<SpecOf<'variance_scaling'>, 'input_axes' | 'output_axes'>;

/** What the named laws are of variance scaling. */
const scalings = {
  glorot_uniform: { scale: 1, mode: 'fan_avg', distribution: 'uniform' },
  glorot_normal: { scale: 1, mode: 'fan_avg', distribution: 'truncated_normal' },
  he_uniform: { scale: 2, mode: 'fan_in', distribution: 'uniform' },
  he_normal: { scale: 2, mode: 'fan_in', distribution: 'truncated_normal' },
  lecun_uniform: { scale: 1, mode: 'fan_in', distribution: 'uniform' },
  lecun_normal: { scale: 1, mode: 'fan_in', distribution: 'truncated_normal' },
} as const satisfies Readonly<Record<string, Scaling>>;

/** Numbers whose variance is `scale / fan`. */
function scaledLaw({ scale, mode, distribution }: Scaling, axes: FanAxes, shape: Shape): Draw {
  const { fanIn, fanOut } = fans(shape, axes);
  const fan = { fan_in: fanIn, fan_out: fanOut, fan_avg: (fanIn + fanOut) / 2 }[mode];
  const variance = scale / Math.max(1, fan);
  switch (distribution) {
    case 'uniform':
      return uniformLaw(-Math.sqrt(3 * variance), Math.sqrt(3 * variance));
    case 'truncated_normal':
      return truncatedLaw(0, Math.sqrt(variance) / TRUNCATED_STDDEV);
    case 'untruncated_normal':
      return (random) => Math.sqrt(variance) * normal(random);
  }
}

/** How many inputs and outputs a weight joins: `(in, out)` of a kernel, `(n, n)` of a bias. */
function fans(shape: Shape, axes: FanAxes): { fanIn: number; fanOut: number } {
  const { input_axes, output_axes } = axes;
  if (input_axes && output_axes) {
    const along = (own: readonly number[]) => sizeOf(own.map((axis) => shape.at(axis) ?? 1));
    return { fanIn: along(input_axes), fanOut: along(output_axes) };
  }
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

/** `gain` on the diagonal; a matrix need not be square. */
function identity([rows, cols]: Shape, gain: number): Float32Array {
  return Float32Array.from({ length: rows * cols }, (_, i) => {
    const isDiagonal = Math.floor(i / cols) === i % cols;
    return gain * (isDiagonal ? 1 : 0);
  });
}

/**
 * `gain` times a random matrix whose rows or columns, whichever are fewer, are at right angles and of
 * length 1, every such matrix being equally likely. Leading axes count as rows.
 */
function orthogonal(shape: Shape, gain: number, random: Random): Float32Array {
  const cols = shape[shape.length - 1];
  const rows = sizeOf(shape) / cols;
  const isTall = rows >= cols;
  const [length, count] = isTall ? [rows, cols] : [cols, rows];
  const matrix = Float64Array.from({ length: length * count }, () => normal(random));
  orthonormalColumns(matrix, length, count);
  return Float32Array.from({ length: rows * cols }, (_, i) => {
    const [row, col] = [Math.floor(i / cols), i % cols];
    return gain * (isTall ? matrix[row * count + col] : matrix[col * count + row]);
  });
}
