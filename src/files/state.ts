/**
 * The `state` section of a checkpoint: plain values as they are, arrays of numbers as the base64 of their
 * bytes, bit for bit, and numbers that JSON lacks by name. A digest tells whether any of it was changed.
 */
import { createHash } from 'node:crypto';
import { ExitCode, UserError } from '../errors.ts';
import { isObject } from '../is-object.ts';
import type { StateValue } from '../records.ts';
import type { JsonObject, JsonValue } from '../spec/json.ts';
import { describe, escapeControls } from '../words.ts';

/** Arrays by the key that marks them. All machines that Node runs on store numbers in the same order of bytes. */
const kinds = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;

/** Numbers without a JSON form, by the key that marks them. */
const NUMBER = 'number';
const strangers: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

/** The section, its digest first. */
export function stateSection(state: StateValue): JsonObject {
  const content = encode(state);
  return { digest: digestOf(content), content };
}

/**
 * The state in a section.
 *
 * @param source  the file's name, in front of messages
 * @throws {UserError} exit 4 where it is not what was written
 */
export function readState(section: JsonValue, source: string): StateValue {
  const place = `${escapeControls(source)}: state`;
  const { digest, content } = fieldsOf(section, place);
  if (digest !== digestOf(content)) {
    throw new UserError(
      ExitCode.model,
      `${place}: expected what mlp wrote, ${describe(digest)}; found other values, ${digestOf(content)}`,
      'the file is damaged: go on from another checkpoint',
    );
  }
  return decode(content, place);
}

function fieldsOf(section: JsonValue, place: string): { digest: JsonValue; content: JsonValue } {
  if (isObject(section) && Object.hasOwn(section, 'digest') && Object.hasOwn(section, 'content')) {
    return { digest: section.digest, content: section.content };
  }
  throw new UserError(
    ExitCode.model,
    `${place}: expected digest and content; found ${describe(section)}`,
  );
}

function digestOf(content: JsonValue): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(content)).digest('hex')}`;
}

function encode(value: StateValue): JsonValue {
  if (typeof value === 'number') {
    const isPlain = Number.isFinite(value) && !Object.is(value, -0);
    return isPlain ? value : { [NUMBER]: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (value === null || typeof value !== 'object') return value;
  for (const [name, kind] of Object.entries(kinds)) {
    if (!(value instanceof kind)) continue;
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { [name]: bytes.toString('base64') };
  }
  if (Array.isArray(value)) return value.map(encode);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, encode(entry)]));
}

function decode(value: JsonValue, place: string): StateValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((entry, i) => decode(entry, `${place}[${i}]`));
  const entries = Object.entries(value);
  if (entries.length === 1) {
    const [[key, content]] = entries;
    if (key === NUMBER) return stranger(content, place);
    for (const [name, kind] of Object.entries(kinds)) {
      if (key === name) return numbers(kind, content, place);
    }
  }
  return Object.fromEntries(entries.map(([key, entry]) => [key, decode(entry, `${place}.${key}`)]));
}

function stranger(text: JsonValue, place: string): number {
  const number = typeof text === 'string' ? strangers.get(text) : undefined;
  if (number !== undefined) return number;
  throw new UserError(
    ExitCode.model,
    `${escapeControls(place)}: expected ${[...strangers.keys()].join(', ')}; found ${describe(text)}`,
  );
}

function numbers(
  kind: (typeof kinds)[keyof typeof kinds],
  text: JsonValue,
  place: string,
): Float32Array | Float64Array | Int32Array {
  // Other characters than those of base64 are skipped; the digest has seen them.
  const bytes = typeof text === 'string' ? Buffer.from(text, 'base64') : null;
  if (bytes && bytes.length % kind.BYTES_PER_ELEMENT === 0) {
    return new kind(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  }
  throw new UserError(
    ExitCode.model,
    `${escapeControls(place)}: expected numbers as base64; found ${describe(text)}`,
  );
}
