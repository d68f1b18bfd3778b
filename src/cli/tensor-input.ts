/** Weights that a user hands over: `ones`, `0.5`, `[[1, 2]]`, `@kernel.npy`, or a whole file of them. */
import { readCsv } from '../data/csv.ts';
import { readNdArray } from '../data/json-arrays.ts';
import { decodeNpy } from '../data/npy.ts';
import { parseNumber } from '../data/number.ts';
import { textsOf } from '../data/row.ts';
import { openSource, readBytes, type Source, WHOLE_JSON } from '../data/source.ts';
import { ExitCode, UserError } from '../errors.ts';
import { checkWeightsDigest } from '../files/digest.ts';
import { decodeText } from '../files/read-text.ts';
import { checkWeights } from '../files/weights.ts';
import { isObject } from '../is-object.ts';
import { formatShape, type LayerWeights, type NdArray, sizeOf } from '../ndarray.ts';
import type { Network } from '../nn/network.ts';
import { parseJson } from '../spec/json.ts';
import { quote } from '../words.ts';
import type { Io } from './io.ts';
import type { Trust } from './model-input.ts';
import { parseOption } from './option-values.ts';

/** Words that stand for a number in every place of the tensor. */
const fillWords: Readonly<Record<string, number>> = Object.freeze({ zeros: 0, ones: 1 });

/** Numbers as other programs write them that no weight can be: too large, infinite, none. */
const NUMBER_ABOVE =
  /^\s*[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|nan|inf(?:inity)?)\s*$/i;

/**
 * The tensor that the value of an option stands for.
 *
 * @param value  `ones`, `zeros`, a number, a JSON array, or `@FILE` (.json, .csv, .tsv, .npy)
 * @param shape  that the layer has
 * @param flag   the option, for messages
 * @throws {UserError} exit 4 where shapes differ or a number is none; exit 2 for other text
 */
export async function readTensor(
  io: Io,
  value: string,
  shape: readonly number[],
  flag: string,
): Promise<NdArray> {
  const fill = Object.hasOwn(fillWords, value) ? fillWords[value] : parseNumber(value);
  if (fill !== undefined) return { shape, values: new Float32Array(sizeOf(shape)).fill(fill) };
  if (value.startsWith('@'))
    return fitted(await readTensorFile(io, value.slice(1), shape), shape, flag);
  if (!/^\s*\[/.test(value)) {
    const expected = NUMBER_ABOVE.test(value)
      ? 'a number within float32 (3.4e38)'
      : 'ones, zeros, a number, a JSON array or @FILE';
    throw new UserError(ExitCode.usage, `${flag}: expected ${expected}; found ${quote(value)}`);
  }
  const json = parseOption(value, flag);
  const place = { source: flag, path: '', exitCode: ExitCode.model };
  return fitted(readNdArray(json, place), shape, flag);
}

/**
 * All weights of a network from a model file, or from what `get-weights --format json` prints.
 *
 * @throws {UserError} exit 4 where they do not fit, or have changed since they were written
 */
export async function readWeightsFile(
  io: Io,
  path: string,
  network: Network,
  { verify }: Trust,
): Promise<LayerWeights[]> {
  const source = await openSource(path, io.stdin);
  const document = await readJson(source);
  const isModel = isObject(document) && Object.hasOwn(document, 'layers');
  const section = isModel ? document.weights : document;
  const weights = checkWeights(section, network.layers, source.name);
  if (isModel && verify) checkWeightsDigest(document.digest, weights, source.name);
  return weights;
}

async function readJson(source: Source) {
  const text = decodeText(await readBytes(source, WHOLE_JSON), source.name, ExitCode.model);
  return parseJson(text, source.name, ExitCode.model);
}

async function readTensorFile(io: Io, path: string, shape: readonly number[]): Promise<NdArray> {
  const source = await openSource(path, io.stdin);
  if (/\.npy$/i.test(path)) return decodeNpy(await readBytes(source), source.name, ExitCode.model);
  if (/\.json$/i.test(path)) {
    const place = { source: source.name, path: '', exitCode: ExitCode.model };
    return readNdArray(await readJson(source), place);
  }
  if (/\.[ct]sv$/i.test(path)) return asVector(await readMatrix(source), shape);
  throw new UserError(
    ExitCode.usage,
    `${source.name}: expected a file that ends in .json, .csv, .tsv or .npy; found another name`,
  );
}

/** A CSV file of numbers alone, without a header. */
async function readMatrix(source: Source): Promise<NdArray> {
  const values: number[] = [];
  let rows = 0;
  for await (const batch of readCsv(source)) {
    for (const { cells, line } of textsOf(batch)) {
      cells.forEach((cell, column) => {
        const value = parseNumber(cell);
        if (value === undefined) {
          throw new UserError(
            ExitCode.model,
            `${source.name}:${line} column ${column + 1}: expected a number; found ${quote(cell)}`,
            'a file of weights has numbers only, no header',
          );
        }
        values.push(value);
      });
      rows++;
    }
  }
  return { shape: [rows, values.length / rows], values: Float32Array.from(values) };
}

/** A table always has two axes; where one axis is wanted, a single row or column is that axis. */
function asVector(array: NdArray, shape: readonly number[]): NdArray {
  if (shape.length !== 1 || !array.shape.includes(1)) return array;
  return { shape: [array.values.length], values: array.values };
}

function fitted(array: NdArray, shape: readonly number[], flag: string): NdArray {
  const isSame =
    array.shape.length === shape.length && array.shape.every((n, axis) => n === shape[axis]);
  if (isSame) return array;
  throw new UserError(
    ExitCode.model,
    `${flag}: expected shape ${formatShape(shape)}; found shape ${formatShape(array.shape)}`,
  );
}
