/**
 * ModelSpec → our own document, in its shortest words: canonical names, and nothing that is the
 * default anyway. What was learnt is no part of it.
 */
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { isObject } from '../is-object.ts';
import { activations } from '../nn/activations.ts';
import type { Activation } from './activations.ts';
import type { GivenNumbers } from './arrays.ts';
import { callback, callbacks } from './callbacks.ts';
import { compileSection, dataSection, fitSection } from './compile.ts';
import { type JsonObject, type JsonValue, ownValue } from './json.ts';
import { snakeCase } from './layer-names.ts';
import { layers } from './layers.ts';
import { loss, losses } from './losses.ts';
import { metric, metrics } from './metrics.ts';
import type { Kind } from './named.ts';
import { optimizer, optimizers } from './optimizers.ts';
import {
  type Family,
  familyAt,
  isTyped,
  nestNumbers,
  OUTSIDE_ARGUMENTS,
  type Typed,
} from './places.ts';
import { Problems } from './problems.ts';
import type { ModelDocument } from './read-spec.ts';
import { ownActivations } from './resolve-activations.ts';
import { documentSchema } from './schema.ts';
import type { LayerSpec, ModelSpec } from './spec.ts';

type Place = Pick<Family, 'table' | 'schema'>;

const compilePlaces: Readonly<Record<string, Place>> = {
  optimizer: { table: optimizers, schema: optimizer },
  loss: { table: losses, schema: loss },
  metrics: { table: metrics, schema: metric },
  weighted_metrics: { table: metrics, schema: metric },
};

/** The document of a spec that was read. Reading it gives the same spec. */
export function ownForm({ document, spec }: ModelDocument): JsonObject {
  const { $schema, activations: table } = document;
  const usual = v.parse(documentSchema, { layers: [{ units: 1 }] });
  return withoutUndefined({
    $schema,
    name: spec.name === usual.name ? undefined : spec.name,
    input_shape: spec.input_shape === null ? undefined : [...spec.input_shape],
    activations: table,
    layers: layerList(spec, table),
    compile: compileOf(spec),
    fit: sectionOf(spec.fit, v.parse(fitSection, {})),
    data: sectionOf(spec.data, v.parse(dataSection, {})),
  });
}

function withoutUndefined(entries: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const said = Object.entries(entries).flatMap(([key, value]): [string, JsonValue][] =>
    value === undefined ? [] : [[key, value]],
  );
  return Object.fromEntries(said);
}

/** The layers; a name that Keras's rule makes anyway is left out. */
function layerList(spec: ModelSpec, table: JsonValue | undefined): JsonValue[] {
  const named = ownActivations(table, new Problems('', (path) => path));
  const counts = new Map<string, number>();
  return spec.layers.map((layer) => {
    const base = snakeCase(layer.type);
    const count = counts.get(base) ?? 0;
    const isMade = layer.name === (count === 0 ? base : `${base}_${count}`);
    if (isMade) counts.set(base, count + 1);
    const activation = 'activation' in layer ? shortActivation(layer.activation, named) : undefined;
    const isUsual = activation === 'linear' && layer.type !== 'Activation';
    return withoutUndefined({
      type: layer.type,
      ...requiredFirst(layer),
      activation: isUsual ? undefined : activation,
      ...argumentsOf(layer, layers[layer.type]),
      name: isMade ? undefined : layer.name,
    });
  });
}

/** `units` stands before the activation, as everybody writes it. */
function requiredFirst(layer: LayerSpec): { units?: number } {
  return layer.type === 'Dense' ? { units: layer.units } : {};
}

/** The arguments of an entry that must be given, and those that are not as they are by default. */
function argumentsOf(value: Typed, kind: Kind): JsonObject {
  const own = Object.entries(kind.entries).filter(
    ([key]) => key !== 'activation' && !OUTSIDE_ARGUMENTS.has(key),
  );
  const required = new Set(own.filter(([, schema]) => !isOptional(schema)).map(([key]) => key));
  const given = Object.fromEntries([...required].map((key) => [key, written(value[key], key)]));
  const usual = v.safeParse(kind.schema, { type: value.type, ...placeholders(kind), ...given });
  if (!usual.success || !isObject(usual.output)) throw new Error('internal: defaults are right');
  const output = usual.output;
  return Object.fromEntries(
    own.flatMap(([key]): [string, JsonValue][] => {
      const isUsual = isDeepStrictEqual(value[key], output[key]);
      if (isUsual && !required.has(key)) return [];
      return [[key, value[key] === undefined ? null : written(value[key], key)]];
    }),
  );
}

/** A layer that needs an activation gets one to be parsed with. */
function placeholders({ entries }: Kind): object {
  const { activation } = entries;
  return activation && !isOptional(activation) ? { activation: 'linear' } : {};
}

function isOptional({ type }: v.ObjectEntries[string]): boolean {
  return type === 'optional' || type === 'nullish';
}

/** A value of a spec as it is written in a document. */
function written(value: unknown, key: string): JsonValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const [only] = value;
    if (key === 'axis' && value.length === 1) return written(only, key);
    return value.map((entry) => written(entry, key));
  }
  if (isGiven(value)) return nestNumbers(value.shape, value.values, (number) => number);
  if (isTyped(value)) return shorten(value, familyAt(key));
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([own, x]) => [own, written(x, own)]));
  }
  throw new Error(`internal: ${key} cannot be written`);
}

function isGiven(value: unknown): value is GivenNumbers {
  return isObject(value) && Array.isArray(value.shape) && Array.isArray(value.values);
}

/** One word where it means the same; else an object with what is not as by default. */
function shorten(value: Typed, { table, schema }: Place): JsonValue {
  const words = [value.type, ...(typeof value.name === 'string' ? [value.name] : [])];
  const word = words.find((text) => {
    const read = v.safeParse(schema, text);
    return read.success && isDeepStrictEqual(read.output, value);
  });
  if (word !== undefined) return word;
  const kind = table[value.type];
  const own = argumentsOf(value, kind);
  if (typeof value.name !== 'string') {
    // `{"l2": 0.1}` says by its key what it is.
    const read = v.safeParse(schema, own);
    const isImplied = read.success && isDeepStrictEqual(read.output, value);
    return isImplied ? own : { name: value.type, ...own };
  }
  // A metric's name is its own, so that the word for it stands in `type`.
  const { type, name } = value;
  const isUsual = v.getDefault(kind.entries.name) === name;
  return withoutUndefined({ type, name: isUsual ? undefined : name, ...own });
}

function shortActivation(
  activation: Activation,
  named: ReadonlyMap<string, Activation>,
): JsonValue {
  if (activation.kind === 'formula') {
    const own = [...named].find(([, formula]) => isDeepStrictEqual(formula, activation));
    const { text, parameters } = activation;
    if (own) return own[0];
    return Object.keys(parameters).length === 0 ? text : { formula: text, ...parameters };
  }
  const { name, arguments: given } = activation;
  const usual = new Map<string, unknown>(Object.entries(activations[name].arguments));
  const own = Object.entries(given).filter(([key, value]) => usual.get(key) !== value);
  return own.length === 0 ? name : { name, ...Object.fromEntries(own) };
}

function compileOf({ compile }: ModelSpec): JsonObject | undefined {
  if (compile.optimizer === null) return undefined;
  const usual = v.parse(compileSection, { optimizer: null });
  const entries = Object.entries(compile).map(([key, value]): [string, JsonValue | undefined] => {
    if (key !== 'optimizer' && isDeepStrictEqual(value, usual[key as keyof typeof usual])) {
      return [key, undefined];
    }
    const place = compilePlaces[key];
    return [
      key,
      Array.isArray(value) ? value.map((one) => shorten(one, place)) : shorten(value, place),
    ];
  });
  return withoutUndefined(Object.fromEntries(entries));
}

/** A section without what is as by default; undefined where nothing is left. */
function sectionOf(section: object, usual: object): JsonObject | undefined {
  const defaults = new Map<string, unknown>(Object.entries(usual));
  const own = Object.entries(section).flatMap(([key, value]): [string, JsonValue][] =>
    isDeepStrictEqual(value, defaults.get(key)) ? [] : [[key, settingOf(key, value)]],
  );
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

function settingOf(key: string, value: unknown): JsonValue {
  if (key === 'callbacks' && Array.isArray(value)) {
    return value.map((one) => callbackOf(one));
  }
  if (key === 'target' && Array.isArray(value) && value.length === 1) return written(value[0], key);
  return written(value, key);
}

/** A schedule is kept as the formula's text beside its tree. */
function callbackOf(value: Typed): JsonValue {
  const short = 'schedule' in value && isObject(value.schedule) ? value.schedule.text : undefined;
  if (typeof short === 'string') {
    return { type: value.type, schedule: short, ...(value.verbose === 1 ? { verbose: 1 } : {}) };
  }
  const shown = shorten(value, { table: callbacks, schema: callback });
  if (!isObject(shown)) return shown;
  const { name: _, ...rest } = shown;
  return { type: ownValue(shown, 'name') ?? value.type, ...rest };
}
