/** Activations in Keras's files: a name alone, or the object that does the same with arguments. */
import { activations } from '../../nn/activations.ts';
import { PythonFloat, type PythonValue } from '../../records.ts';
import { quote } from '../../words.ts';
import type { Activation } from '../activations.ts';
import { snakeCase } from '../layer-names.ts';
import type { Path } from '../path.ts';
import type { Problems } from '../problems.ts';
import { serialised } from './argument.ts';

type Named = Extract<Activation, { kind: 'named' }>;

/** Those that are layers, too: so they stand in files where somebody gives one its arguments. */
const layerFor: ReadonlyMap<string, string> = new Map([
  ['relu', 'ReLU'],
  ['leaky_relu', 'LeakyReLU'],
  ['elu', 'ELU'],
  ['softmax', 'Softmax'],
]);
/** Where Keras has a class with arguments for each of the others; in files it has this name. */
const OPERATIONS = 'keras.src.ops.nn';
const FLOAT32 = serialised('keras', 'DTypePolicy', { name: 'float32' });

/** What stands in Keras's `activation`; where nothing can, the problem is added. */
export function kerasActivation(
  activation: Activation,
  path: Path,
  problems: Problems,
): PythonValue {
  if (activation.kind === 'formula') {
    const message = `expected an activation of Keras's; found the formula ${quote(activation.text)}`;
    problems.add(
      path,
      message,
      'Keras\'s files hold no formulas: see "mlp help activations" for names',
    );
    return null;
  }
  const { name, arguments: given } = activation;
  const usual = Object.entries(activations[name].arguments);
  if (usual.every(([key, value]) => (given[key] ?? null) === value)) return name;
  const own = usual.map(([key]): [string, PythonValue] => [key, numberOf(key, given[key])]);
  const config = Object.fromEntries(own);
  const negative = Object.entries(given).find(([, value]) => Number(value) < 0);
  const layer = layerFor.get(name);
  const isLayer = layer !== undefined && !(name === 'leaky_relu' && negative);
  if (!isLayer) return operation(activation, config);
  if (name === 'relu' && negative) {
    const [key, value] = negative;
    const message = `expected a number, 0 or more, which Keras's ${layer} takes; found ${value}`;
    problems.add([...path, key], message);
  }
  const common = { name: snakeCase(layer), trainable: true, dtype: FLOAT32 };
  return serialised('keras.layers', layer, { ...common, ...config });
}

/** `log_softmax` is the class LogSoftmax, registered under that name. */
function operation({ name }: Named, config: Readonly<Record<string, PythonValue>>): PythonValue {
  const words = name.split('_').map((word) => `${word[0].toUpperCase()}${word.slice(1)}`);
  const className = words.join('');
  const written = serialised(OPERATIONS, className, { name, ...config });
  return { ...written, registered_name: className };
}

function numberOf(key: string, value: number | boolean | undefined): PythonValue {
  if (typeof value !== 'number') return value ?? null;
  return key === 'axis' ? value : new PythonFloat(value);
}
