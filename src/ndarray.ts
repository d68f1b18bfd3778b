/** Float arrays of any rank, as files and data know them: a shape and the values in row-major order. */
export interface NdArray {
  /** Axis lengths; `[]` is a scalar. Their product is `values.length`. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The product of the axis lengths: how many numbers an array of this shape holds. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** `(2, 3)`, `(5,)`, `()`: a shape as Python prints a tuple; null (any length) is `None`. */
export function formatShape(shape: readonly (number | null)[]): string {
  const lengths = shape.map((length) => length ?? 'None').join(', ');
  return shape.length === 1 ? `(${lengths},)` : `(${lengths})`;
}

/** One tensor of a layer, by its Keras name (`kernel`, `bias`). */
export interface NamedTensor extends NdArray {
  readonly name: string;
}

/** All tensors of one layer, in Keras's order. Layers without weights have an empty list. */
export interface LayerWeights {
  readonly layer: string;
  readonly tensors: readonly NamedTensor[];
}
