/** Changes to bytes: flipped bits, other bytes, cuts, parts twice or elsewhere, parts of other inputs. */
import type { Random } from '../../src/random.ts';

/** A whole number from 0 to `end` − 1. */
export function below(random: Random, end: number): number {
  return Math.floor(random() * end);
}

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[below(random, list.length)];
}

/** What breaks readers of text and numbers. */
const TOKENS = [
  ...['"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\r\n', '\t', ' ', '\0', '\ufeff', '\u2028'],
  ...['null', 'true', 'NaN', 'Infinity', '1e999', '-0', '1e39', '9007199254740993', '0x10', '-'],
  ...['__proto__', 'constructor', 'toString', 'length', '\u001b[31m', 'é', '漢', '\ud83d\ude00'],
  ...['""', "'", ';', '#', '//', '(', ')', '*', '^', '/', '%', '1', '0', '.5', '1_000', '½'],
].map((token) => Buffer.from(token));

type Mutation = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array;

const mutations: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const copy = Uint8Array.from(bytes);
    if (copy.length > 0) copy[below(random, copy.length)] ^= 1 << below(random, 8);
    return copy;
  },
  function setByte(bytes, random) {
    const copy = Uint8Array.from(bytes);
    if (copy.length > 0) copy[below(random, copy.length)] = below(random, 256);
    return copy;
  },
  function changeDigit(bytes, random) {
    const digits = [...bytes.keys()].filter((i) => bytes[i] >= 48 && bytes[i] < 58);
    const copy = Uint8Array.from(bytes);
    if (digits.length > 0) copy[pick(random, digits)] = 48 + below(random, 10);
    return copy;
  },
  function cutOff(bytes, random) {
    return bytes.slice(0, below(random, bytes.length + 1));
  },
  function leaveOut(bytes, random) {
    const { from, to } = part(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  function repeat(bytes, random) {
    const { from, to } = part(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  function move(bytes, random) {
    const { from, to } = part(bytes, random);
    const rest = Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
    const at = below(random, rest.length + 1);
    return Buffer.concat([rest.subarray(0, at), bytes.subarray(from, to), rest.subarray(at)]);
  },
  function insertToken(bytes, random) {
    const at = below(random, bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), pick(random, TOKENS), bytes.subarray(at)]);
  },
  function splice(bytes, random, others) {
    const other = pick(random, others);
    const { from, to } = part(other, random);
    const hole = part(bytes, random);
    return Buffer.concat([
      bytes.subarray(0, hole.from),
      other.subarray(from, to),
      bytes.subarray(hole.to),
    ]);
  },
];

function part(bytes: Uint8Array, random: Random): { from: number; to: number } {
  const from = below(random, bytes.length + 1);
  const longest = random() < 0.5 ? 8 : bytes.length;
  return { from, to: Math.min(bytes.length, from + below(random, longest + 1)) };
}

/**
 * One of `seeds`, changed `changes` times.
 *
 * @param changes  from 1 to so many
 */
export function mutated(seeds: readonly Uint8Array[], random: Random, changes = 4): Uint8Array {
  let bytes = pick(random, seeds);
  for (let left = 1 + below(random, changes); left > 0; left--) {
    bytes = pick(random, mutations)(bytes, random, seeds);
  }
  return bytes;
}
