/**
 * ModelSpec → what `to_json()` of Keras 3 writes for the same model, with all arguments said. What
 * Keras's files cannot hold is a problem of the layer and argument where it stands.
 */
import { ExitCode } from '../errors.ts';
import { isObject } from '../is-object.ts';
import type { PythonValue } from '../records.ts';
import { quote } from '../words.ts';
import type { JsonObject } from './json.ts';
import { fromKeras, locateInKeras } from './keras-json.ts';
import { layers } from './layers.ts';
import type { Path } from './path.ts';
import { OUTSIDE_ARGUMENTS } from './places.ts';
import { Problems } from './problems.ts';
import type { ModelDocument } from './read-spec.ts';
import type { LayerSpec, ModelSpec } from './spec.ts';
import { kerasActivation } from './write-keras/activation.ts';
import { configOf, serialised } from './write-keras/argument.ts';
import { compileConfig } from './write-keras/compile.ts';

type Config = Readonly<Record<string, PythonValue>>;

const FLOAT32 = serialised('keras', 'DTypePolicy', { name: 'float32' });

/** The layers whose weights have the shape of what comes in. */
const SHAPED: ReadonlySet<LayerSpec['type']> = new Set([
  'Dense',
  'PReLU',
  'BatchNormalization',
  'LayerNormalization',
  'RMSNormalization',
  'Normalization',
]);

/**
 * The model as Keras 3 writes it.
 *
 * @param source  the file's name, for messages
 * @throws {UserError} exit 2 with everything that Keras's files cannot hold
 */
export function kerasModel(model: ModelDocument, source: string): PythonValue {
  const { document, spec } = model;
  const problems = new Problems(source, (path) => locateInKeras(document, path));
  const first = firstLayer(document, spec);
  const shape = spec.input_shape && [null, ...spec.input_shape];
  const own = spec.layers.map((layer, index) => {
    const path: Path = ['layers', first + index];
    checkGlu(layer, spec.layers.slice(index + 1), path, problems);
    return serialised('keras.layers', layer.type, layerConfig(layer, path, problems));
  });
  const config = {
    name: spec.name,
    trainable: true,
    dtype: FLOAT32,
    layers: shape ? [inputLayer(shape, spec), ...own] : own,
    ...(shape && { build_input_shape: shape }),
  };
  const compile_config = compileConfig(spec.compile, problems);
  problems.throwIfAny(ExitCode.usage);
  return {
    ...serialised('keras', 'Sequential', config),
    ...(shape && { build_config: { input_shape: shape } }),
    compile_config,
  };
}

/** Where the spec's first layer stands in the document: behind the InputLayer, if there is one. */
function firstLayer(document: JsonObject, spec: ModelSpec): number {
  const { layers: listed } = fromKeras(document);
  return Array.isArray(listed) ? listed.length - spec.layers.length : 0;
}

function inputLayer(batch_shape: readonly (number | null)[], { layers: others }: ModelSpec) {
  const taken = new Set(others.map(({ name }) => name));
  let name = 'input_layer';
  for (let i = 1; taken.has(name); i++) name = `input_layer_${i}`;
  const config = { batch_shape, dtype: 'float32', sparse: false, ragged: false, name };
  return serialised('keras.layers', 'InputLayer', config);
}

function layerConfig(layer: LayerSpec, path: Path, problems: Problems): Config {
  const { name, trainable, activity_regularizer: penalty, type } = layer;
  const { activity_regularizer, ...entries } = layers[type].entries;
  if (penalty !== null && type === 'ActivityRegularization') {
    const message = `expected none, since Keras's ${type} has l1 and l2 in its place`;
    problems.add([...path, 'activity_regularizer'], `${message}; found ${quote(penalty.type)}`);
  }
  const common = penalty && configOf({ activity_regularizer: penalty }, { activity_regularizer });
  const own = configOf(ownFields(layer), entries, type === 'LeakyReLU' ? NOT_OF_LEAKY : NOT_OWN);
  const activation = 'activation' in layer && {
    activation: kerasActivation(layer.activation, [...path, 'activation'], problems),
  };
  return { name, trainable, dtype: FLOAT32, ...common, ...own, ...activation };
}

/** What stands elsewhere in a layer's config than among its own arguments. */
const NOT_OWN: ReadonlySet<string> = new Set([...OUTSIDE_ARGUMENTS, 'trainable', 'activation']);

/** Keras 2's name of the slope. */
const NOT_OF_LEAKY: ReadonlySet<string> = new Set([...NOT_OWN, 'alpha']);

/** A slope that has the name of Keras 2, under that of Keras 3. */
function ownFields(layer: LayerSpec): Readonly<Record<string, unknown>> {
  if (layer.type !== 'LeakyReLU') return { ...layer };
  return { ...layer, negative_slope: layer.alpha ?? layer.negative_slope };
}

/** Keras takes glu to have as many outputs as inputs, and makes the weights behind it too large. */
function checkGlu(
  layer: LayerSpec,
  after: readonly LayerSpec[],
  path: Path,
  problems: Problems,
): void {
  if (!('activation' in layer) || layer.activation.kind === 'formula') return;
  if (layer.activation.name !== 'glu') return;
  const next = after.find(({ type }) => SHAPED.has(type));
  if (next === undefined) return;
  const message = 'expected no layer with weights behind glu, whose outputs Keras does not halve';
  problems.add([...path, 'activation'], `${message}; found ${quote(next.name)}`);
}

/** What TensorFlow takes as a name of its own: of a layer, and of a model, which stands first. */
const LAYER_NAME = /^[A-Za-z0-9_.>-]*$/;
const MODEL_NAME = /^[A-Za-z0-9.][A-Za-z0-9_.>-]*$/;
const TAKEN = 'it takes letters, digits, "_", ".", "-" and ">"';

/** The names with which Keras reads the model and TensorFlow, under it, does not run it. */
export function namesNotRun({ document, spec }: ModelDocument): string[] {
  const warning = (place: string, name: string, rest: string) =>
    `warning: ${place}: Keras on TensorFlow does not run what is called ${quote(name)}: ${rest}`;
  const model = MODEL_NAME.test(spec.name)
    ? []
    : [warning('name', spec.name, `${TAKEN}, a letter, a digit or "." first`)];
  const first = firstLayer(document, spec);
  const place = new Problems('', (path) => locateInKeras(document, path));
  const own = spec.layers.flatMap(({ name }, index) =>
    LAYER_NAME.test(name) ? [] : [warning(place.place(['layers', first + index]), name, TAKEN)],
  );
  return [...model, ...own];
}

/** The sections of a document that Keras's text has no place for. */
export function leftOutOfKeras({ document }: ModelDocument): string[] {
  const inOrder = ['fit', 'data', 'columns', 'weights', 'history', 'training'];
  return inOrder.filter((key) => isObject(document[key]));
}
