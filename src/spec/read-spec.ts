/** Model text → ModelSpec: everything a document says about the network, checked and resolved. */
import { ExitCode, UserError } from '../errors.ts';
import { isObject } from '../is-object.ts';
import { describe, quote } from '../words.ts';
import type { Activation } from './activations.ts';
import { inputShapeOf, type PlacedLayer, type RealLayer, splitLayers } from './input-shape.ts';
import { type JsonObject, type JsonValue, ownValue, parseJson } from './json.ts';
import { chainOf, isGraph } from './keras-chain.ts';
import { fromKeras, isSerialised, locateInKeras } from './keras-json.ts';
import { layerNames } from './layer-names.ts';
import { formatPath } from './path.ts';
import { checkDocument, Problems } from './problems.ts';
import { ownActivations, resolveActivation } from './resolve-activations.ts';
import { type DocumentFields, FORMAT, FORMAT_VERSION } from './schema.ts';
import type { CompileSpec, LayerSpec, ModelSpec } from './spec.ts';

/** A model file's content. */
export interface ModelDocument {
  /** As the user wrote it, nothing taken away. */
  readonly document: JsonObject;
  readonly spec: ModelSpec;
  /** Not checked here: whoever uses them does. */
  readonly weights?: JsonValue;
  readonly columns?: JsonValue;
  readonly digest?: JsonValue;
  readonly history?: JsonValue;
  readonly training?: JsonValue;
  readonly state?: JsonValue;
}

/**
 * Reads a model document: our own form, or Keras's `to_json()` text of a model whose layers form a chain.
 *
 * @param source  the file's name, for messages
 * @throws UserError  exit code 2 with all mistakes of the spec; 4 for a model format that is not ours
 */
export function readSpec(text: string, source: string): ModelDocument {
  return readDocument(parseJson(text, source), source);
}

/** The same of a JSON value. */
export function readDocument(document: JsonValue, source: string): ModelDocument {
  if (!isObject(document)) {
    const found = describe(document);
    throw new UserError(ExitCode.usage, `${source}: expected an object; found ${found}`);
  }
  checkFormat(document, source);
  return {
    document,
    spec: specOf(document, source),
    weights: ownValue(document, 'weights'),
    columns: ownValue(document, 'columns'),
    digest: ownValue(document, 'digest'),
    history: ownValue(document, 'history'),
    training: ownValue(document, 'training'),
    state: ownValue(document, 'state'),
  };
}

/**
 * Where a layer of the spec stands in the user's document: `layers[1]`, `config.layers[2]`.
 *
 * @param key  an argument of it, dots between levels: `layers[1].activation.axis`
 */
export function placeOfLayer(
  { document, spec }: ModelDocument,
  index: number,
  key?: string,
): string {
  const { layers } = fromKeras(document);
  // An InputLayer can only be the first one, and the spec has none.
  const before = Array.isArray(layers) ? layers.length - spec.layers.length : 0;
  const within = key === undefined ? [] : key.split('.');
  return formatPath(locateInKeras(document, ['layers', index + before, ...within]));
}

/** A spec has neither key; a trained model has both. */
function checkFormat(document: JsonObject, source: string): void {
  const format = ownValue(document, 'format');
  const version = ownValue(document, 'version');
  if (format === undefined && version === undefined) return;
  if (format === FORMAT && version === FORMAT_VERSION) return;
  const wanted = `format ${quote(FORMAT)}, version ${FORMAT_VERSION}`;
  const found = `format ${describe(format)}, version ${describe(version)}${writer(document)}`;
  const newer = format === FORMAT && typeof version === 'number' && version > FORMAT_VERSION;
  throw new UserError(
    ExitCode.model,
    `${source}: expected ${wanted}; found ${found}`,
    newer ? 'a newer mlp wrote this file; update mlp to read it' : undefined,
  );
}

/** Which mlp wrote a file, if the file says it. */
function writer(document: JsonObject): string {
  const training = ownValue(document, 'training');
  const version = isObject(training) ? ownValue(training, 'tool_version') : undefined;
  return typeof version === 'string' ? `, written by mlp ${quote(version)}` : '';
}

function specOf(document: JsonObject, source: string): ModelSpec {
  const problems = new Problems(source, (path) => locateInKeras(document, path));
  checkKind(document, problems);
  const own = fromKeras(document);
  const fields = checkDocument(own, problems);
  const activations = activationsOf(own, problems);
  const spec = fields && assemble(fields, activations, problems);
  problems.throwIfAny(ExitCode.usage);
  if (!spec) throw new Error('internal: a document without problems has a spec');
  return spec;
}

function checkKind(document: JsonObject, problems: Problems): void {
  if (!isSerialised(document) || document.class_name === 'Sequential') return;
  const { class_name, config } = document;
  if (!isGraph(document)) {
    const remedy = 'Sequential models of Keras are read, and Functional ones that are a chain';
    const found = describe(class_name);
    problems.add(['type'], `expected "Sequential" or "Functional"; found ${found}`, remedy);
  } else if (isObject(config)) {
    const remedy =
      'models are read whose layers are a chain: each is called once, on what the one before gives';
    for (const { path, message } of chainOf(config).problems) problems.add(path, message, remedy);
  }
}

/**
 * The activation of each layer that names one, by index. It reads the layers before the schema has
 * passed them, so that mistakes in formulas are reported together with all others.
 */
function activationsOf(document: JsonObject, problems: Problems): Activation[] {
  const own = ownActivations(ownValue(document, 'activations'), problems);
  const layers = ownValue(document, 'layers');
  if (!Array.isArray(layers)) return [];
  return layers.map((layer, index) => {
    const value = isObject(layer) ? ownValue(layer, 'activation') : undefined;
    return resolveActivation(value, own, ['layers', index, 'activation'], problems);
  });
}

function assemble(
  fields: DocumentFields,
  activations: readonly Activation[],
  problems: Problems,
): ModelSpec {
  const { layers } = splitLayers(fields.layers);
  if (layers.length === 0) {
    problems.add(['layers'], 'expected at least one layer besides InputLayer; found none');
  }
  const input_shape = inputShapeOf(fields, problems);
  const named = layers.map(({ index, layer: { type, name } }) => ({ index, type, name }));
  const names = layerNames(named, problems);
  return {
    name: fields.name,
    input_shape,
    layers: layers.map((placed, position) =>
      layerSpec(placed, names[position], activations[placed.index]),
    ),
    compile: compileSpec(fields),
    fit: fields.fit,
    data: fields.data,
  };
}

/** The layer under its name, without what it said about the input. */
function layerSpec(
  { layer }: PlacedLayer<RealLayer>,
  name: string,
  activation: Activation,
): LayerSpec {
  const { input_shape: _, input_dim: __, batch_input_shape: ___, ...own } = layer;
  return 'activation' in own ? { ...own, name, activation } : { ...own, name };
}

/** Without a `compile` section nothing is chosen: the caller may choose by the data. */
function compileSpec({ compile }: DocumentFields): CompileSpec {
  return compile ?? { optimizer: null, loss: null, metrics: [], weighted_metrics: [] };
}
