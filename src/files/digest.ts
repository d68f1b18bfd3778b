/**
 * Checksums of what was learnt, by which a file that has changed since it was written is known and the
 * change is named. They are made of values and not of text: a file may be formatted anew.
 */
import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { ExitCode, UserError } from '../errors.ts';
import { isObject } from '../is-object.ts';
import { formatShape, type LayerWeights, type NamedTensor } from '../ndarray.ts';
import { describe, escapeControls, quote } from '../words.ts';

/**
 * So many hexadecimal digits of a SHA-256: 64 bits, so that a change by accident is not found in one of
 * 10¹⁹ cases. A change on purpose can bring its digest with it, however long that is.
 */
const DIGITS = 16;

/** Digests by layer name and tensor name, as the tensors themselves are in `weights`. */
export type WeightDigests = Record<string, Record<string, string>>;

/** The `digest` section of a model file. */
export type DigestSection = { readonly weights: WeightDigests; readonly columns?: string };

/**
 * The section for a file.
 *
 * @param columns  the contract as the file will have it: JSON, entries of undefined left out
 */
export function digestSection(weights: readonly LayerWeights[], columns?: unknown): DigestSection {
  const digests = weightDigests(weights);
  return columns === undefined
    ? { weights: digests }
    : { weights: digests, columns: jsonDigest(columns) };
}

/** The digests of all tensors. Layers without tensors are left out. */
export function weightDigests(weights: readonly LayerWeights[]): WeightDigests {
  const digests: WeightDigests = Object.create(null);
  for (const { layer, tensors } of weights) {
    if (tensors.length === 0) continue;
    digests[layer] = Object.create(null);
    for (const tensor of tensors) digests[layer][tensor.name] = tensorDigest(layer, tensor);
  }
  return digests;
}

/**
 * Checks that the tensors of a file are those that were written.
 *
 * @param section  the value of `digest`; undefined, as in files written by hand, for nothing to check
 * @param weights  what `checkWeights` made of the file
 * @param source   the file's name, in front of each message
 * @throws {UserError} exit 4, naming each tensor that has changed
 */
export function checkWeightsDigest(
  section: unknown,
  weights: readonly LayerWeights[],
  source: string,
): void {
  if (section === undefined) return;
  const said = recordOf(recordOf(section).get('weights'));
  const problems: string[] = [];
  for (const [layer, tensors] of Object.entries(weightDigests(weights))) {
    const saidOfLayer = recordOf(said.get(layer));
    for (const [tensor, digest] of Object.entries(tensors)) {
      const wanted = saidOfLayer.get(tensor);
      if (wanted !== digest) problems.push(changed(`weights.${layer}.${tensor}`, wanted, digest));
    }
  }
  refuse(problems, source);
}

/**
 * Checks that the contract of a file is the one that was written.
 *
 * @param section  the value of `digest`; undefined for nothing to check
 * @param columns  the value of `columns`, undefined where there is none
 * @throws {UserError} exit 4
 */
export function checkColumnsDigest(section: unknown, columns: unknown, source: string): void {
  if (section === undefined || columns === undefined) return;
  const wanted = recordOf(section).get('columns');
  const digest = jsonDigest(columns);
  if (wanted !== digest) refuse([changed('columns', wanted, digest)], source);
}

/**
 * A tensor as text and bytes: its name, `dense/kernel`, and its shape, `(4, 3)`, on a line each, and its numbers as
 * float32, little-endian, in row-major order. Negative zero is zero: not every program keeps it.
 */
function tensorDigest(layer: string, { name, shape, values }: NamedTensor): string {
  const numbers = values.map((value) => value + 0);
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  if (endianness() === 'BE') bytes.swap32();
  return digestOf(`${layer}/${name}\n${formatShape(shape)}\n`, bytes);
}

/** A JSON value as the JSON Canonicalization Scheme (RFC 8785) writes it. */
function jsonDigest(value: unknown): string {
  return digestOf(canonical(value));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, said]) => said !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, said]) => `${JSON.stringify(key)}:${canonical(said)}`).join(',')}}`;
}

function digestOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return `sha256:${hash.digest('hex').slice(0, DIGITS)}`;
}

/** The entries of an object; none of anything else. */
function recordOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(isObject(value) ? Object.entries(value) : []);
}

function changed(path: string, wanted: unknown, found: string): string {
  const place = escapeControls(path);
  if (wanted === undefined) return `${place}: expected its digest in the file; found none`;
  return `${place}: expected the digest ${describe(wanted)}, as the file says; found ${quote(found)}`;
}

function refuse(problems: readonly string[], source: string): void {
  if (problems.length === 0) return;
  throw new UserError(
    ExitCode.model,
    problems.map((problem) => `${escapeControls(source)}: ${problem}`),
    'it has changed since mlp wrote the file: copy the file again\nif the change is meant: --no-verify; "mlp set-weights FILE --from FILE --no-verify -o NEW" writes NEW with new digests',
  );
}
