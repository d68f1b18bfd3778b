/**
 * NumPy's `.npy` files: bytes to float32 arrays and back. The format is NEP 1; written bytes are
 * those of `numpy.save` for a C-ordered float32 array.
 */
import { ExitCode, UserError } from '../errors.ts';
import { type NdArray, sizeOf } from '../ndarray.ts';
import { describe, quote } from '../words.ts';

const MAGIC = '\x93NUMPY';

/** The data begin at a multiple of this. */
const ALIGNMENT = 64;

/** NumPy leaves room for the first axis to grow to this many digits. */
const GROWTH_DIGITS = 21;

/** NumPy's own limit of axes. */
const MAX_RANK = 64;

/** A header is a line of Python with a few names and lengths in it. */
const MAX_HEADER = 2 ** 16;

type ReadElement = (view: DataView, offset: number, littleEndian: boolean) => number;

/** How an element of each type is read, by NumPy's type code. The digit is its size in bytes. */
const elements: Readonly<Record<string, ReadElement>> = Object.freeze({
  f4: (view, offset, little) => view.getFloat32(offset, little),
  f8: (view, offset, little) => view.getFloat64(offset, little),
  i1: (view, offset) => view.getInt8(offset),
  i2: (view, offset, little) => view.getInt16(offset, little),
  i4: (view, offset, little) => view.getInt32(offset, little),
  i8: (view, offset, little) => Number(view.getBigInt64(offset, little)),
  u1: (view, offset) => view.getUint8(offset),
  u2: (view, offset, little) => view.getUint16(offset, little),
  u4: (view, offset, little) => view.getUint32(offset, little),
  u8: (view, offset, little) => Number(view.getBigUint64(offset, little)),
  b1: (view, offset) => view.getUint8(offset),
} satisfies Record<string, ReadElement>);

/** What a header says. */
interface NpyHeader {
  readonly littleEndian: boolean;
  /** A key of `elements`. */
  readonly type: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/**
 * An array from the bytes of a `.npy` file, version 1 to 3, of numbers or booleans, either byte
 * order, C or Fortran order; as float32 in C order.
 *
 * @param source  the file, for messages
 * @throws {UserError} exit `exitCode` for other element types, a header that is not NumPy's, a
 *   length that does not fit the shape (before anything is allocated), and numbers that are not
 *   finite in float32
 */
export function decodeNpy(
  bytes: Uint8Array,
  source: string,
  exitCode: ExitCode = ExitCode.data,
): NdArray {
  const fail = failing(source, exitCode);
  const { header, view } = openBytes(bytes, fail);
  const values = readElements(view, header);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) {
    const place = unravel(bad, header.shape).map((index) => `[${index}]`);
    throw fail(
      `${place.join('')}: expected a number within float32 (3.4e38); found ${values[bad]}`,
    );
  }
  return { shape: header.shape, values };
}

/** An array whose elements are read one by one. */
export interface NpyElements {
  readonly shape: readonly number[];
  /** NumPy's type code: `f4`, `i8`, … */
  readonly type: string;
  /** The element at this place in C order, exactly; of 64-bit integers as far as a double goes. */
  at(flat: number): number;
  /** The same for integers of 64 bits, of which a double has too few. */
  integerAt(flat: number): bigint;
}

/**
 * The elements of a `.npy` file as they are there, not rounded to float32.
 *
 * @throws {UserError} exit 3 for what `decodeNpy` refuses but for numbers that are not finite
 */
export function openNpy(bytes: Uint8Array, source: string): NpyElements {
  const { header, view } = openBytes(bytes, failing(source, ExitCode.data));
  const { shape, type, littleEndian } = header;
  const place = placesOf(header);
  const read = elements[type];
  return {
    shape,
    type,
    at: (flat) => read(view, place(flat), littleEndian),
    integerAt: (flat) =>
      type === 'u8'
        ? view.getBigUint64(place(flat), littleEndian)
        : view.getBigInt64(place(flat), littleEndian),
  };
}

/** The bytes that `numpy.save` writes for a float32 array: version 1.0, `<f4`, C order. */
export function encodeNpy(array: NdArray): Uint8Array {
  const [first] = array.shape;
  const comma = array.shape.length === 1 ? ',' : '';
  const shape = `(${array.shape.join(', ')}${comma})`;
  const entries = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const growth = first === undefined ? 0 : GROWTH_DIGITS - String(first).length;
  const start = MAGIC.length + 4;
  const length = start + entries.length + growth + 1;
  // Not rounded up: where the length fits, NumPy adds a whole row of blanks.
  const dataStart = (Math.floor(length / ALIGNMENT) + 1) * ALIGNMENT;
  const bytes = new Uint8Array(dataStart + 4 * array.values.length);
  const header = `${entries.padEnd(dataStart - start - 1)}\n`;
  bytes.set(Buffer.from(MAGIC, 'latin1'));
  const view = new DataView(bytes.buffer);
  view.setUint8(MAGIC.length, 1);
  view.setUint16(MAGIC.length + 2, header.length, true);
  bytes.set(Buffer.from(header, 'latin1'), start);
  array.values.forEach((value, i) => {
    view.setFloat32(dataStart + 4 * i, value, true);
  });
  return bytes;
}

type Fail = (problem: string, remedy?: string) => UserError;

function failing(source: string, exitCode: ExitCode): Fail {
  return (problem, remedy) => new UserError(exitCode, `${source}: ${problem}`, remedy);
}

/** The header, checked against the bytes that there are, and the elements. */
function openBytes(bytes: Uint8Array, fail: Fail): { header: NpyHeader; view: DataView } {
  const { text, dataStart } = splitHeader(bytes, fail);
  const header = parseHeader(text, fail);
  const size = Number(header.type[1]);
  const expected = sizeOf(header.shape) * size;
  const found = bytes.length - dataStart;
  if (expected !== found) {
    const shape = `the shape (${header.shape.join(', ')}) of ${size}-byte elements`;
    throw fail(`expected ${expected} bytes of data for ${shape}; found ${found}`);
  }
  return { header, view: new DataView(bytes.buffer, bytes.byteOffset + dataStart, found) };
}

function splitHeader(bytes: Uint8Array, fail: Fail): { text: string; dataStart: number } {
  const latin1 = (from: number, to: number) =>
    Buffer.from(bytes.subarray(from, to)).toString('latin1');
  if (latin1(0, MAGIC.length) !== MAGIC || bytes.length < MAGIC.length + 2) {
    throw fail('expected a .npy file; found other data', 'write it with numpy.save');
  }
  const version = bytes[MAGIC.length];
  if (version < 1 || version > 3) {
    throw fail(`expected .npy format version 1, 2 or 3; found ${version}`);
  }
  const lengthBytes = version === 1 ? 2 : 4;
  const start = MAGIC.length + 2 + lengthBytes;
  if (bytes.length < start) throw fail('expected a header; found the end of the file');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER)
    throw fail(`expected a header of at most ${MAX_HEADER} bytes; found ${length}`);
  if (bytes.length < start + length)
    throw fail('expected a whole header; found the end of the file');
  return { text: latin1(start, start + length), dataStart: start + length };
}

/** Reads the header's Python dictionary, in any order of its three keys. */
function parseHeader(text: string, fail: Fail): NpyHeader {
  const descr = /'descr':\s*'([<>|=][a-zA-Z]\d*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const axes = /'shape':\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  const otherType = /'descr':\s*('[^']*'|\[)/.exec(text)?.[1];
  if (otherType === undefined || order === undefined || axes === undefined) {
    throw fail(
      `expected a header with descr, fortran_order and shape; found ${quote(text.trim())}`,
    );
  }
  const type = descr?.slice(1);
  if (descr === undefined || type === undefined || !Object.hasOwn(elements, type)) {
    const known = Object.keys(elements).join(' ');
    const found = otherType === '[' ? 'several fields' : describe(otherType.slice(1, -1));
    throw fail(
      `expected elements of one of the types ${known}; found ${found}`,
      "convert the array first: array.astype('float32')",
    );
  }
  const shape = axes
    .split(',')
    .filter((axis) => axis.trim() !== '')
    .map((axis) => Number.parseInt(axis, 10));
  if (shape.length > MAX_RANK)
    throw fail(`expected at most ${MAX_RANK} axes; found ${shape.length}`);
  return { littleEndian: descr[0] !== '>', type, fortranOrder: order === 'True', shape };
}

function readElements(view: DataView, header: NpyHeader): Float32Array {
  const read = elements[header.type];
  const place = placesOf(header);
  const values = new Float32Array(sizeOf(header.shape));
  for (let i = 0; i < values.length; i++) values[i] = read(view, place(i), header.littleEndian);
  return values;
}

/** Where in the bytes the element is that has this place in C order. */
function placesOf({ shape, type, fortranOrder }: NpyHeader): (flat: number) => number {
  const size = Number(type[1]);
  if (!fortranOrder) return (flat) => flat * size;
  // In Fortran order the first axis runs fastest: the place of an element is its index ravelled
  // with these strides.
  const strides = shape.map((_, axis) => size * sizeOf(shape.slice(0, axis)));
  return (flat) =>
    unravel(flat, shape).reduce((sum, index, axis) => sum + index * strides[axis], 0);
}

/** The index along each axis of element `flat` in C order. */
function unravel(flat: number, shape: readonly number[]): number[] {
  const indices: number[] = [];
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    indices[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return indices;
}
