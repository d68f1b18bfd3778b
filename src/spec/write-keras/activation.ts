/** Activations in Keras's files: a name alone, or the layer that does the same with arguments. */

import { activations, REQUIRED } from '../../nn/activations.ts';
import { PythonFloat, type PythonValue } from '../../records.ts';
import { describe, quote } from '../../words.ts';
import type { Activation } from '../activations.ts';
import { snakeCase } from '../layer-names.ts';
import type { Path } from '../path.ts';
import type { Problems } from '../problems.ts';
import { serialised } from './argument.ts';

const REMEDY =
  "Keras's files hold no formulas, and arguments of relu, leaky_relu, elu and softmax only";

/** The layers that are activations with arguments. */
const layerFor: ReadonlyMap<string, string> = new Map([
  ['relu', 'ReLU'],
  ['leaky_relu', 'LeakyReLU'],
  ['elu', 'ELU'],
  ['softmax', 'Softmax'],
]);
const FLOAT32 = serialised('keras', 'DTypePolicy', { name: 'float32' });

/** What stands in Keras's `activation`; where nothing can, the problem is added. */
export function kerasActivation(
  activation: Activation,
  path: Path,
  problems: Problems,
): PythonValue {
  if (activation.kind === 'formula') {
    const message = `expected an activation of Keras's; found the formula ${quote(activation.text)}`;
    problems.add(path, message, REMEDY);
    return null;
  }
  const { name, arguments: given } = activation;
  const usual = Object.entries(activations[name].arguments);
  const isUsual = usual.every(([key, value]) => (given[key] ?? null) === value);
  if (isUsual) return name;
  const layer = layerFor.get(name);
  if (layer === undefined) {
    for (const [key, value] of usual) argumentProblem(name, key, value, given[key], path, problems);
    return null;
  }
  for (const [key, value] of Object.entries(given)) {
    if (layer === 'Softmax' || layer === 'ELU' || Number(value) >= 0) continue;
    const message = `expected a number, 0 or more, which Keras's ${layer} takes; found ${value}`;
    problems.add([...path, key], message);
  }
  const own = usual.map(([key]): [string, PythonValue] => [key, numberOf(key, given[key])]);
  const config = { name: snakeCase(layer), trainable: true, dtype: FLOAT32 };
  return serialised('keras.layers', layer, { ...config, ...Object.fromEntries(own) });
}

function numberOf(key: string, value: number | boolean | undefined): PythonValue {
  if (typeof value !== 'number') return value ?? null;
  return key === 'axis' ? value : new PythonFloat(value);
}

/** An argument that is not as Keras has it where it holds the name alone. */
function argumentProblem(
  name: string,
  key: string,
  usual: unknown,
  value: number | boolean | undefined,
  path: Path,
  problems: Problems,
): void {
  if ((value ?? null) === usual) return;
  const wanted =
    usual === REQUIRED
      ? `another activation, since Keras's files hold ${name} without its arguments`
      : `${describe(usual)}, since Keras's files hold ${name} by its name alone`;
  problems.add([...path, key], `expected ${wanted}; found ${describe(value)}`, REMEDY);
}
