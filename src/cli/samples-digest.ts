/** Which rows a run is trained on, in few words: a checkpoint goes on with these and no others. */
import { createHash } from 'node:crypto';
import type { NdArray } from '../ndarray.ts';
import type { Samples } from '../training/run.ts';

/** Of a SHA-256 in hexadecimal: 64 bits, which no other rows have by accident. */
const DIGITS = 16;

/** The number of rows, and the first digits of the SHA-256 of the float32 numbers of inputs, targets and weights. */
export function digestsOf(train: Samples, validation: Samples | null) {
  return { training: digestOf(train), validation: validation && digestOf(validation) };
}

function digestOf({ x, y, sampleWeight }: Samples) {
  return {
    rows: x.shape[0],
    inputs: hash(x),
    targets: hash(y),
    sample_weights: sampleWeight ? hash(sampleWeight) : null,
  };
}

function hash({ shape, values }: NdArray): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return createHash('sha256')
    .update(`${shape.join()} `)
    .update(bytes)
    .digest('hex')
    .slice(0, DIGITS);
}
