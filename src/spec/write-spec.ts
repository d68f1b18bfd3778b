/**
 * Documents → text: JSON with two spaces of indentation, in which an array of numbers stays on one
 * line, so that a weights matrix has one line per row and files can be read and compared.
 */
import { constants } from 'node:buffer';
import { ExitCode, UserError } from '../errors.ts';
import { shortestFloat32 } from '../float32.ts';
import type { NdArray } from '../ndarray.ts';
import { escapeJson } from '../words.ts';
import type { JsonValue } from './json.ts';
import { formatPath } from './path.ts';

/** What a document may hold besides JSON: float arrays, written as nested arrays of float32 decimals. */
export type Writable =
  | JsonValue
  | NdArray
  | readonly Writable[]
  | { readonly [key: string]: Writable | undefined };

/** Arrays of text up to this length stay on one line too. */
const MAX_LINE = 80;

/**
 * The text of a document, with a line end. Parsing it gives the document back, number for number
 * (negative zero included); keys with undefined are left out.
 *
 * @throws UserError  exit code 5 where a number is NaN or infinite: JSON has none; 6 for a text that is too long
 */
export function formatDocument(document: Writable): string {
  try {
    return `${format(document, '', [])}\n`;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(
      ExitCode.io,
      `document: expected at most ${constants.MAX_STRING_LENGTH} characters, as many as a text may have; found more`,
      'use fewer units; a checkpoint has the memory of the optimizer besides the weights',
    );
  }
}

type Keys = readonly (string | number)[];

function format(value: Writable, indent: string, path: Keys): string {
  if (typeof value === 'number') return formatNumber(value, path, String);
  if (value === null || typeof value !== 'object') return escapeJson(JSON.stringify(value));
  if (isList(value)) return formatList(value, indent, path);
  if (isNdArray(value)) return formatNdArray(value, indent, path);
  const inner = `${indent}  `;
  const lines = Object.entries(value).flatMap(([key, entry]) =>
    entry === undefined
      ? []
      : [`${inner}${escapeJson(JSON.stringify(key))}: ${format(entry, inner, [...path, key])}`],
  );
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
}

function isList(value: Writable): value is readonly Writable[] {
  return Array.isArray(value);
}

function isNdArray(value: object): value is NdArray {
  return 'values' in value && value.values instanceof Float32Array && 'shape' in value;
}

function formatList(list: readonly Writable[], indent: string, path: Keys): string {
  const simple = list.every((entry) => entry === null || typeof entry !== 'object');
  if (simple) {
    const line = `[${list.map((entry, index) => format(entry, '', [...path, index])).join(', ')}]`;
    const numbers = list.every((entry) => entry === null || typeof entry === 'number');
    if (numbers || line.length <= MAX_LINE) return line;
  }
  const inner = `${indent}  `;
  return lines(
    list.map((entry, index) => format(entry, inner, [...path, index])),
    indent,
  );
}

/** `[`, each entry on a line of its own, `]`. */
function lines(entries: readonly string[], indent: string): string {
  return `[\n${entries.map((entry) => `${indent}  ${entry}`).join(',\n')}\n${indent}]`;
}

/** Nested arrays by the shape, the last axis on one line. */
function formatNdArray({ shape, values }: NdArray, indent: string, path: Keys): string {
  const nest = (axis: number, start: number, end: number, outer: string): string => {
    if (axis === shape.length)
      return formatNumber(values[start], [...path, start], shortestFloat32);
    const last = axis === shape.length - 1;
    const step = shape[axis] === 0 ? 0 : (end - start) / shape[axis];
    const entries = Array.from({ length: shape[axis] }, (_, index) => {
      const from = start + index * step;
      return nest(axis + 1, from, from + step, `${outer}  `);
    });
    return last || entries.length === 0 ? `[${entries.join(', ')}]` : lines(entries, outer);
  };
  return nest(0, 0, values.length, indent);
}

function formatNumber(value: number, path: Keys, text: (value: number) => string): string {
  if (!Number.isFinite(value)) {
    const place = formatPath(path);
    throw new UserError(ExitCode.numbers, `${place}: expected a finite number; found ${value}`);
  }
  return Object.is(value, -0) ? '-0' : text(value);
}
