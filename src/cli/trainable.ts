/** `--freeze` and `--unfreeze`: the one thing of a layer that may change after its weights are made. */
import { ExitCode, UserError } from '../errors.ts';
import { isObject } from '../is-object.ts';
import type { JsonObject, JsonValue } from '../spec/json.ts';
import { fromKeras, isSerialised } from '../spec/keras-json.ts';
import type { ModelSpec } from '../spec/spec.ts';
import { nearest, quote } from '../words.ts';

export interface TrainableOptions {
  readonly freeze?: readonly string[];
  readonly unfreeze?: readonly string[];
}

/**
 * The model with `trainable` set on the named layers, in the document and in the spec. A document
 * in Keras's form comes out in ours, which means the same.
 *
 * @throws {UserError} exit 2 for a name that no layer has
 */
export function setTrainable(
  document: JsonObject,
  spec: ModelSpec,
  { freeze = [], unfreeze = [] }: TrainableOptions,
): { document: JsonObject; spec: ModelSpec } {
  const wishes = new Map<string, boolean>();
  for (const name of freeze) wishes.set(known(name, spec, '--freeze'), false);
  for (const name of unfreeze) wishes.set(known(name, spec, '--unfreeze'), true);
  if (wishes.size === 0) return { document, spec };
  const own = isSerialised(document) ? fromKeras(document) : document;
  const written = Array.isArray(own.layers) ? own.layers : [];
  // An InputLayer can only be the first one, and the spec has none.
  const offset = written.length - spec.layers.length;
  const layers = written.map((layer, index): JsonValue => {
    const trainable = wishes.get(spec.layers[index - offset]?.name ?? '');
    return trainable === undefined || !isObject(layer) ? layer : { ...layer, trainable };
  });
  const specLayers = spec.layers.map((layer) => ({
    ...layer,
    trainable: wishes.get(layer.name) ?? layer.trainable,
  }));
  return { document: { ...own, layers }, spec: { ...spec, layers: specLayers } };
}

function known(name: string, spec: ModelSpec, flag: string): string {
  const names = spec.layers.map((layer) => layer.name);
  if (names.includes(name)) return name;
  const near = nearest(name, names);
  throw new UserError(
    ExitCode.usage,
    `${flag}: expected the name of a layer; found ${quote(name)}`,
    near ? `did you mean ${quote(near)}?` : `there is ${names.map(quote).join(', ')}`,
  );
}
