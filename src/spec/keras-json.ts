/**
 * Keras's serialised forms → ours: `{"class_name": "Dense", "config": {…}}` → `{"type": "Dense", …}`
 * anywhere in a document, and the whole text of `model.to_json()` (Keras 2 and 3) of a Sequential or of
 * a graph that is a chain. Decides nothing about names and values: the schema does that afterwards.
 */
import { isObject } from '../is-object.ts';
import { type JsonObject, type JsonValue, ownValue } from './json.ts';
import { chainOf, GRAPH_KEYS, isGraph } from './keras-chain.ts';
import { snakeCase } from './layer-names.ts';
import type { Path } from './path.ts';

/** Keys of ours that hold no Keras objects. They may be large and are passed on as they are. */
const PASSED_ON: ReadonlySet<string> = new Set([
  'weights',
  'columns',
  'digest',
  'history',
  'training',
  'state',
  'format',
  'version',
]);

/** What stands beside `class_name` and `config` and says nothing about the model. */
const WRAPPING: ReadonlySet<string> = new Set([
  'module',
  'class_name',
  'config',
  'registered_name',
  'build_config',
  'compile_config',
  'keras_version',
  'backend',
]);

/**
 * Arguments that Keras writes and that change nothing as long as they have these values. With
 * another value they stay, and the schema refuses them.
 */
const AT_REST: ReadonlyMap<string, (value: JsonValue) => boolean> = new Map([
  ['dtype', isFloat32],
  ['sparse', isFalse],
  ['ragged', isFalse],
  ['optional', isFalse],
  ['data_format', (value) => value === 'channels_last'],
  ['decay', (value) => value === 0],
  ['is_legacy_optimizer', isFalse],
  ['jit_compile', () => true],
  ['auto_scale_loss', () => true],
  ['run_eagerly', isFalse],
  ['steps_per_execution', (value) => value === 1],
  ['synchronized', isFalse],
  ['renorm', isFalse],
  ['renorm_momentum', () => true],
  ['rms_scaling', isFalse],
]);

function isFalse(value: JsonValue): boolean {
  return value === false;
}

/** `"float32"`, or Keras 3's policy of that name. */
function isFloat32(value: JsonValue): boolean {
  if (!isSerialised(value)) return value === 'float32';
  return isObject(value.config) && ownValue(value.config, 'name') === 'float32';
}

interface Serialised extends JsonObject {
  class_name: string;
  config: JsonValue;
}

/** True for Keras's serialised form. */
export function isSerialised(value: JsonValue | undefined): value is Serialised {
  return (
    isObject(value) &&
    typeof ownValue(value, 'class_name') === 'string' &&
    ownValue(value, 'config') !== undefined
  );
}

/** The document in our own form. What is in it already stays as it is. */
export function fromKeras(document: JsonObject): JsonObject {
  const own = Object.entries(document).map(([key, value]): [string, JsonValue] => [
    key,
    PASSED_ON.has(key) ? value : unwrap(value, key),
  ]);
  if (!isSerialised(document) || !isObject(document.config)) return Object.fromEntries(own);
  const config = isGraph(document) ? asSequential(document.config) : document.config;
  const model = configEntries(config).filter(
    ([key, value]) => key !== BUILT_SHAPE && !(key === 'trainable' && value === true),
  );
  return Object.fromEntries([
    ...builtShape(config),
    ...compileEntries(document),
    ...model,
    ...own.filter(([key]) => !WRAPPING.has(key)),
  ]);
}

/** A graph's config with its layers in the order of the chain, and without what makes it a graph. */
function asSequential(config: JsonObject): JsonObject {
  const { input_layers: _, output_layers: __, layers, ...rest } = config;
  if (!Array.isArray(layers)) return config;
  return { ...rest, layers: chainOf(config).order.map((index) => withoutGraph(layers[index])) };
}

function withoutGraph(layer: JsonValue): JsonValue {
  if (!isSerialised(layer)) return layer;
  return Object.fromEntries(Object.entries(layer).filter(([key]) => !GRAPH_KEYS.has(key)));
}

/**
 * Where a place of the document that `fromKeras` made stands in the user's own document: below
 * `config`, under `class_name` in place of `type`, and so on.
 */
export function locateInKeras(document: JsonObject, path: Path): Path {
  const located: (string | number)[] = [];
  let value: JsonValue | undefined = document;
  const order = orderOf(document);
  for (const [depth, own] of path.entries()) {
    const isLayer = depth === 1 && path[0] === 'layers' && typeof own === 'number';
    const key = isLayer ? (order[own] ?? own) : own;
    const steps: Path = isSerialised(value) ? stepsTo(value, key) : [key];
    for (const step of steps) {
      located.push(step);
      if (Array.isArray(value) && typeof step === 'number') value = value[step];
      else value = isObject(value) ? ownValue(value, String(step)) : undefined;
    }
  }
  return located;
}

/** Where each layer of the chain stands in a graph; nothing for what is no graph. */
function orderOf(document: JsonObject): readonly number[] {
  const { config } = document;
  return isGraph(document) && isObject(config) ? chainOf(config).order : [];
}

function stepsTo(serialised: JsonObject, key: string | number): Path {
  if (Object.hasOwn(serialised, key)) return [key];
  if (key === 'type') return ['class_name'];
  if (key === 'compile' && Object.hasOwn(serialised, 'compile_config')) return ['compile_config'];
  const { config } = serialised;
  const built = isObject(config) && !Object.hasOwn(config, key) && ownValue(config, BUILT_SHAPE);
  return key === 'input_shape' && built ? ['config', BUILT_SHAPE] : ['config', key];
}

const BUILT_SHAPE = 'build_input_shape';

/** How Keras 3 writes arrays of numbers. */
const ARRAYS: ReadonlySet<string> = new Set(['__numpy__', '__tensor__']);

/** An activation with arguments is a layer in Keras's files, or an operation. */
const activationLayers: ReadonlyMap<string, string> = new Map([
  ['ReLU', 'relu'],
  ['LeakyReLU', 'leaky_relu'],
  ['ELU', 'elu'],
  ['Softmax', 'softmax'],
]);

/** Operations of Keras are called as activations are: `LogSoftmax` is `log_softmax`. */
function activationOf({ module }: JsonObject, className: string): string | undefined {
  return module === 'keras.src.ops.nn' ? snakeCase(className) : activationLayers.get(className);
}

/** The slope of the layer LeakyReLU where nothing is said, which is not the activation's. */
const LEAKY_SLOPE = 0.3;

function asActivation(name: string, config: JsonObject): JsonValue {
  const { name: _, trainable: __, ...rest } = config;
  if (name !== 'leaky_relu') return Object.fromEntries([['name', name], ...configEntries(rest)]);
  // Keras 2 calls the slope alpha.
  const { alpha = LEAKY_SLOPE, negative_slope = alpha, ...others } = rest;
  return Object.fromEntries([
    ['name', name],
    ['negative_slope', negative_slope],
    ...configEntries(others),
  ]);
}

/** @param place  the key under which the value stands */
function unwrap(value: JsonValue, place = ''): JsonValue {
  if (Array.isArray(value)) return value.map((entry) => unwrap(entry));
  if (!isObject(value)) return value;
  if (!isSerialised(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, unwrap(inner, key)]),
    );
  }
  const { class_name, config } = value;
  // Functions are `{"class_name": "function", "config": "relu"}`.
  if (typeof config === 'string' && class_name === 'function') return config;
  if (isObject(config)) {
    if (ARRAYS.has(class_name)) return ownValue(config, 'value') ?? null;
    const activation = place === 'activation' && activationOf(value, class_name);
    if (activation) return asActivation(activation, config);
  }
  return Object.fromEntries([
    ['type', class_name],
    ...(isObject(config) ? configEntries(config, class_name) : []),
    ...Object.entries(value).filter(([key]) => !WRAPPING.has(key)),
  ]);
}

/** Where null is a value, and not the default: all axes in one, for which Keras 3 writes `[]`, too. */
const NULL_IS_A_VALUE: ReadonlyMap<string, string> = new Map([['Normalization', 'axis']]);

/** Arguments whose default is not null, so that null says something. */
const SAYS_NULL: ReadonlySet<string> = new Set([
  'class_aggregation',
  'weight_decay',
  'adam_weight_decay',
  'rms_rate',
]);

/** The entries that say something: null is Keras's "not given". */
function configEntries(config: JsonObject, className = ''): [string, JsonValue][] {
  return Object.entries(config).flatMap(([key, value]): [string, JsonValue][] => {
    const isNothing = value === null || (Array.isArray(value) && value.length === 0);
    if (isNothing && NULL_IS_A_VALUE.get(className) === key) return [[key, null]];
    const isLeftOut = value === null && !SAYS_NULL.has(key);
    if (isLeftOut || AT_REST.get(key)?.(value)) return [];
    return [[key, unwrap(value, key)]];
  });
}

/** Keras 3 writes `{}` for a model that is not compiled. */
function compileEntries({ compile_config }: JsonObject): [string, JsonValue][] {
  if (!isObject(compile_config) || Object.keys(compile_config).length === 0) return [];
  return [['compile', Object.fromEntries(configEntries(compile_config))]];
}

/** Keras writes no InputLayer where the model was built from data, but the shape of a batch of it. */
function builtShape(config: JsonObject): [string, JsonValue][] {
  const built = ownValue(config, BUILT_SHAPE);
  return Array.isArray(built) ? [['input_shape', built.slice(1)]] : [];
}
