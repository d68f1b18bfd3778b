/** Which rows a run is trained on, in few words: a checkpoint goes on with these and no others. */
import { createHash } from 'node:crypto';
import { isObject } from '../is-object.ts';
import type { NdArray } from '../ndarray.ts';
import type { Samples } from '../training/run.ts';

/** Of a SHA-256 in hexadecimal: 64 bits, which no other rows have by accident. */
const DIGITS = 16;

/** The number of rows, and the first digits of the SHA-256 of the float32 numbers of inputs, targets and weights. */
export function digestsOf(train: Samples, validation: Samples | null) {
  return { training: digestOf(train), validation: validation && digestOf(validation) };
}

/** What the digests are of, for people. */
const PARTS: readonly (readonly [keyof ReturnType<typeof digestOf>, string])[] = [
  ['inputs', 'inputs'],
  ['targets', 'targets'],
  ['sample_weights', 'sample weights'],
];

/**
 * What two digests differ in, a line for each; where the number of rows is another, nothing else is said.
 *
 * @param was  what a checkpoint says, which may be anything
 */
export function rowDifferences(was: unknown, is: ReturnType<typeof digestsOf>): string[] {
  return (['training', 'validation'] as const).flatMap((kind) =>
    differencesOf(`${kind} rows`, digestIn(was, kind), is[kind]),
  );
}

function digestIn(digests: unknown, kind: string): Readonly<Record<string, unknown>> | null {
  const digest = isObject(digests) ? digests[kind] : null;
  return isObject(digest) ? digest : null;
}

function differencesOf(
  rows: string,
  was: Readonly<Record<string, unknown>> | null,
  is: ReturnType<typeof digestOf> | null,
): string[] {
  const count = was?.rows ?? 0;
  if (count !== (is?.rows ?? 0)) {
    return [`${rows}: expected ${count}, as when it was written; found ${is?.rows ?? 'none'}`];
  }
  return PARTS.flatMap(([key, what]) => {
    const [before, now] = [was?.[key] ?? null, is?.[key] ?? null];
    if (before === now) return [];
    if (before === null)
      return [`${rows}: expected no ${what}, as when it was written; found some`];
    const found = now === null ? 'none' : 'other values, or another order of the rows';
    return [`${rows}: expected the ${what} of when it was written; found ${found}`];
  });
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
