/**
 * The `weights` section of a model file: JSON → checked float32 tensors, and back. The file never
 * decides how much is allocated: shapes come from the network, and the section has to fit them.
 */
import { ExitCode, UserError } from '../errors.ts';
import { isObject } from '../is-object.ts';
import {
  formatShape,
  type LayerWeights,
  type NamedTensor,
  type NdArray,
  sizeOf,
} from '../ndarray.ts';
import { describe, escapeControls, nearest, quote } from '../words.ts';

/** A layer as far as its weights go: what a network says of each of its layers. */
interface WeightedLayer {
  readonly name: string;
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/** So much of a place is shown: names may have any length. */
const MAX_PLACE = 200;

/** Wrong numbers named one by one in a tensor; the rest of them are counted. As many lines are printed. */
const MAX_NAMED = 10;

/**
 * The weights of a model file, checked against the layers they belong to.
 *
 * @param section  the value of `weights`: tensors by layer name and tensor name, nested arrays
 * @param layers   the network's layers, in order
 * @param source   the file's name, in front of each message
 * @returns one entry per layer, in the order of `layers`; those without weights are empty
 * @throws {UserError} exit 4, naming every layer, tensor, row or number that does not fit
 */
export function checkWeights(
  section: unknown,
  layers: readonly WeightedLayer[],
  source: string,
): LayerWeights[] {
  const problems = new Problems(`${escapeControls(source)}: weights`);
  const byLayer = asRecord(section, '', problems);
  const known = new Set(layers.map((layer) => layer.name));
  for (const name of byLayer?.keys() ?? []) {
    if (!known.has(name)) problems.unknown(`.${name}`, 'layer', name, known);
  }
  const checked = layers.map((layer) => checkLayer(byLayer, layer, problems));
  if (problems.list.length > 0) {
    throw new UserError(
      ExitCode.model,
      problems.list,
      'weights belong to the layers they were made for: change the layers back, or initialise anew with "mlp init"',
    );
  }
  return checked;
}

/** Tensors by layer name and tensor name, as `weights` has them in a file. */
export type WeightsSection = Record<string, Record<string, NdArray>>;

/** The `weights` section for a file. Layers without weights are left out. */
export function weightsSection(weights: readonly LayerWeights[]): WeightsSection {
  const section: WeightsSection = Object.create(null);
  for (const { layer, tensors } of weights) {
    if (tensors.length === 0) continue;
    section[layer] = Object.create(null);
    for (const { name, shape, values } of tensors) section[layer][name] = { shape, values };
  }
  return section;
}

function checkLayer(
  byLayer: ReadonlyMap<string, unknown> | undefined,
  layer: WeightedLayer,
  problems: Problems,
): LayerWeights {
  const path = `.${layer.name}`;
  const given = byLayer?.get(layer.name);
  if (given === undefined) {
    if (byLayer && layer.weights.length > 0) problems.add(path, 'weights of this layer', given);
    return { layer: layer.name, tensors: [] };
  }
  const byName = asRecord(given, path, problems);
  const known = new Set(layer.weights.map((weight) => weight.name));
  for (const name of byName?.keys() ?? []) {
    if (!known.has(name)) problems.unknown(`${path}.${name}`, 'tensor', name, known);
  }
  const tensors: NamedTensor[] = [];
  for (const { name, shape } of byName ? layer.weights : []) {
    const values = checkTensor(byName?.get(name), shape, `${path}.${name}`, problems);
    if (values) tensors.push({ name, shape, values });
  }
  return { layer: layer.name, tensors };
}

function checkTensor(
  value: unknown,
  shape: readonly number[],
  path: string,
  problems: Problems,
): Float32Array | undefined {
  if (value === undefined || (shape.length > 0 && !Array.isArray(value))) {
    problems.add(path, `numbers of shape ${formatShape(shape)}`, value);
    return undefined;
  }
  const found = regularShape(value);
  if (found && !isSameShape(found, shape)) {
    problems.say(path, `expected shape ${formatShape(shape)}; found shape ${formatShape(found)}`);
    return undefined;
  }
  const wrong = new Problems(problems.source);
  // A ragged tensor is walked for its mistakes only.
  const values = new Float32Array(found ? sizeOf(shape) : 0);
  fill(values, value, shape, path, wrong);
  problems.list.push(...wrong.list.slice(0, MAX_NAMED));
  const more = wrong.list.length - MAX_NAMED;
  if (more > 0) problems.say(path, `expected numbers only; found ${more} more mistakes`);
  return wrong.list.length > 0 ? undefined : values;
}

/** Writes the numbers of `value` into `values` in row-major order, or a problem for each that is none. */
function fill(
  values: Float32Array,
  value: unknown,
  shape: readonly number[],
  path: string,
  problems: Problems,
): void {
  let next = 0;
  const visit = (entry: unknown, axis: number, place: () => string): void => {
    if (axis === shape.length) {
      if (isFloat32(entry)) values[next++] = entry;
      else problems.number(place(), entry);
    } else if (!Array.isArray(entry)) {
      problems.add(place(), `an array of ${shape[axis]}`, entry);
    } else if (entry.length !== shape[axis]) {
      const unit = axis === shape.length - 1 ? 'numbers' : 'rows';
      problems.say(place(), `expected ${shape[axis]} ${unit}; found ${entry.length}`);
    } else {
      for (let i = 0; i < entry.length; i++) visit(entry[i], axis + 1, () => `${place()}[${i}]`);
    }
  };
  visit(value, 0, () => path);
}

function isFloat32(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(Math.fround(value));
}

/** The axis lengths of nested arrays; null where rows differ in length or depth. */
function regularShape(value: unknown): number[] | null {
  if (!Array.isArray(value)) return [];
  if (!value.some(Array.isArray)) return [value.length];
  let rest: number[] | null = null;
  for (const entry of value) {
    const shape = regularShape(entry);
    if (shape === null || (rest !== null && !isSameShape(shape, rest))) return null;
    rest = shape;
  }
  return rest && [value.length, ...rest];
}

function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

function asRecord(
  value: unknown,
  path: string,
  problems: Problems,
): ReadonlyMap<string, unknown> | undefined {
  if (isObject(value)) return new Map(Object.entries(value));
  problems.add(path, 'an object', value);
  return undefined;
}

/** The mistakes of one section, each with its path. */
class Problems {
  readonly list: string[] = [];

  constructor(readonly source: string) {}

  say(path: string, message: string): void {
    const place = path.length > MAX_PLACE ? `${path.slice(0, MAX_PLACE)}…` : path;
    this.list.push(`${this.source}${escapeControls(place)}: ${message}`);
  }

  add(path: string, expected: string, found: unknown): void {
    this.say(path, `expected ${expected}; found ${describe(found)}`);
  }

  number(path: string, found: unknown): void {
    const tooLarge = typeof found === 'number' && Number.isFinite(found);
    this.add(path, tooLarge ? 'a number that fits in 32-bit floats' : 'a finite number', found);
  }

  unknown(path: string, what: string, name: string, known: ReadonlySet<string>): void {
    // Only the first problems are printed, and a search among thousands of layers takes its time.
    const near = this.list.length < MAX_NAMED ? nearest(name, known) : undefined;
    const hint = near ? `; did you mean ${quote(near)}?` : '';
    this.say(path, `unknown ${what}${hint}`);
  }
}
