/** WebAssembly's binary format, as far as chains need it. */

/** Instructions on vectors, by their number behind the prefix. */
export const V = {
  load: 0x00,
  loadSplat: 0x09,
  store: 0x0b,
  const: 0x0c,
  eq: 0x41,
  ne: 0x42,
  lt: 0x43,
  gt: 0x44,
  le: 0x45,
  ge: 0x46,
  and: 0x4e,
  or: 0x50,
  bitselect: 0x52,
  storeLane: 0x5a,
  floor: 0x68,
  abs: 0xe0,
  neg: 0xe1,
  sqrt: 0xe3,
  add: 0xe4,
  sub: 0xe5,
  mul: 0xe6,
  div: 0xe7,
  min: 0xe8,
  max: 0xe9,
  pmax: 0xeb,
} as const;

/** The other instructions. */
export const I = {
  loop: [0x03, 0x40],
  if: [0x04, 0x40],
  end: [0x0b],
  branch0: [0x0d, 0x00],
  load: 0x28,
  lessUnsigned: [0x49],
  moreUnsigned: [0x4b],
  add: [0x6a],
  sub: [0x6b],
  and: [0x71],
  shiftLeft: [0x74],
} as const;

const TYPE_I32 = 0x7f;
const TYPE_V128 = 0x7b;

/** A whole number from 0 on. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

/** A small whole number, for `i32.const`: −64 … 63. */
export function i32Const(value: number): number[] {
  return [0x41, value & 0x7f];
}

export function simd(code: number): number[] {
  return [0xfd, ...unsigned(code)];
}

/** Reads or writes a vector at the address on the stack plus `offset`. */
export function vectorAt(code: number, offset: number): number[] {
  return [...simd(code), 0, ...unsigned(offset)];
}

/** Writes one lane. */
export function storeLane(lane: number, offset: number): number[] {
  return [...simd(V.storeLane), 0, ...unsigned(offset), lane];
}

export function f32x4Const(value: number): number[] {
  const bytes = new Uint8Array(new Float32Array(4).fill(value).buffer);
  return [...simd(V.const), ...bytes];
}

export function local(index: number): number[] {
  return [0x20, ...unsigned(index)];
}

export function setLocal(index: number): number[] {
  return [0x21, ...unsigned(index)];
}

function section(id: number, bytes: readonly number[]): number[] {
  return [id, ...unsigned(bytes.length), ...bytes];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function name(text: string): number[] {
  return [...unsigned(text.length), ...Buffer.from(text, 'ascii')];
}

/** A function that takes one whole number and returns nothing. */
export interface FunctionBody {
  /** Locals behind the argument: first whole numbers, then vectors. */
  readonly wholes: number;
  readonly vectors: number;
  readonly code: readonly number[];
}

/** A module of such functions on the memory `env.memory`, exported as "0", "1", … */
export function moduleOf(bodies: readonly FunctionBody[]): Uint8Array {
  const type = [0x60, 1, TYPE_I32, 0];
  // Shared, of 1 … 65,536 pages.
  const memory = [...name('env'), ...name('memory'), 0x02, 0x03, 1, ...unsigned(65536)];
  const codes = bodies.map(({ wholes, vectors, code }) => {
    const locals = [...unsigned(wholes), TYPE_I32, ...unsigned(vectors), TYPE_V128];
    const body = [2, ...locals, ...code, ...I.end];
    return [...unsigned(body.length), ...body];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector([type])),
    ...section(2, vector([memory])),
    ...section(3, vector(bodies.map(() => [0]))),
    ...section(7, vector(bodies.map((_, i) => [...name(String(i)), 0x00, ...unsigned(i)]))),
    ...section(10, vector(codes)),
  ]);
}
