/**
 * Keras's serialised forms → ours: `{"class_name": "Dense", "config": {…}}` → `{"type": "Dense", …}`
 * anywhere in a document, and the whole text of `model.to_json()` of a Sequential (Keras 2 and 3).
 * Decides nothing about names and values: the schema does that afterwards.
 */
import { isObject, type JsonObject, type JsonValue, ownValue } from './json.ts';
import type { Path } from './path.ts';

/** Keys of ours that hold no Keras objects. They may be large and are passed on as they are. */
const PASSED_ON: ReadonlySet<string> = new Set([
  'weights',
  'columns',
  'history',
  'training',
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
    PASSED_ON.has(key) ? value : unwrap(value),
  ]);
  if (!isSerialised(document) || !isObject(document.config)) return Object.fromEntries(own);
  const model = configEntries(document.config).filter(
    ([key, value]) => key !== 'build_input_shape' && !(key === 'trainable' && value === true),
  );
  return Object.fromEntries([
    ...builtShape(document.config),
    ...compileEntries(document),
    ...model,
    ...own.filter(([key]) => !WRAPPING.has(key)),
  ]);
}

/**
 * Where a place of the document that `fromKeras` made stands in the user's own document: below
 * `config`, under `class_name` in place of `type`, and so on.
 */
export function locateInKeras(document: JsonObject, path: Path): Path {
  const located: (string | number)[] = [];
  let value: JsonValue | undefined = document;
  for (const key of path) {
    const steps: Path = isSerialised(value) ? stepsTo(value, key) : [key];
    for (const step of steps) {
      located.push(step);
      if (Array.isArray(value) && typeof step === 'number') value = value[step];
      else value = isObject(value) ? ownValue(value, String(step)) : undefined;
    }
  }
  return located;
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

function unwrap(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(unwrap);
  if (!isObject(value)) return value;
  if (!isSerialised(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrap(inner)]));
  }
  const { class_name, config } = value;
  // Functions are `{"class_name": "function", "config": "relu"}`.
  if (typeof config === 'string' && class_name === 'function') return config;
  if (class_name === '__numpy__' && isObject(config)) return ownValue(config, 'value') ?? null;
  return Object.fromEntries([
    ['type', class_name],
    ...(isObject(config) ? configEntries(config, class_name) : []),
    ...Object.entries(value).filter(([key]) => !WRAPPING.has(key)),
  ]);
}

/** Where null is a value, and not the default: all axes in one. */
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
    if (value === null && NULL_IS_A_VALUE.get(className) === key) return [[key, null]];
    const isLeftOut = value === null && !SAYS_NULL.has(key);
    if (isLeftOut || AT_REST.get(key)?.(value)) return [];
    return [[key, unwrap(value)]];
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
