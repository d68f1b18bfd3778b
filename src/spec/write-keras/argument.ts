/** Arguments of an entry → its config in Keras's files: floats as floats, families as their classes. */
import * as v from 'valibot';
import { isObject } from '../../is-object.ts';
import { PythonFloat, type PythonValue } from '../../records.ts';
import type { Kind } from '../named.ts';
import { commonArguments } from '../optimizers.ts';
import { type Family, familyAt, isTyped, nestNumbers, type Typed } from '../places.ts';

type Config = Readonly<Record<string, PythonValue>>;

/** Keras's form of an object: where its class is, and what it is made with. */
export function serialised(module: string, class_name: string, config: Config) {
  return { module, class_name, config, registered_name: null };
}

/** Keras's class for an entry: the last of its words. */
export function classOf({ words }: Kind): string {
  return words[words.length - 1];
}

/** An entry of a family, with all its arguments. */
function serialiseKind(value: Typed, { table, module }: Family): PythonValue {
  if (value.type === 'given') return givenNumbers(value);
  const kind = table[value.type];
  // Schedules are called by their classes, in snake_case as another word.
  const name =
    kind.words[0] === value.type && /^[A-Z]/.test(value.type) ? value.type : classOf(kind);
  return serialised(module, name, configOf(value, kind.entries));
}

/** All the numbers of a weight: Keras holds them as a constant that is an array. */
function givenNumbers(value: Typed): PythonValue {
  const config = { value: nested(value), dtype: 'float32' };
  return serialised('keras.initializers', 'Constant', {
    value: { class_name: '__numpy__', config },
  });
}

function nested({ shape, values }: Readonly<Record<string, unknown>>): PythonValue {
  if (!Array.isArray(shape) || !Array.isArray(values)) throw new Error('internal: no numbers');
  return nestNumbers<PythonValue>(
    shape,
    values,
    (number) => new PythonFloat(number),
  ) as PythonValue;
}

/** What a spec leaves out where it says nothing, as Keras writes it. */
const UNSAID: Readonly<Record<string, PythonValue>> = {
  reduction: 'sum_over_batch_size',
  axis: -1,
};

/**
 * The config of an entry: its arguments by name.
 *
 * @param except  keys that stand elsewhere
 */
export function configOf(
  fields: Readonly<Record<string, unknown>>,
  entries: v.ObjectEntries,
  except: ReadonlySet<string> = new Set(),
): Config {
  const own = Object.entries(entries).filter(([key]) => !except.has(key));
  return Object.fromEntries(
    own.map(([key, schema]) => {
      const value = fields[key];
      return [key, value === undefined ? unsaid(key) : argument(value, key, schema)];
    }),
  );
}

function unsaid(key: string): PythonValue {
  if (!(key in commonArguments)) return UNSAID[key] ?? null;
  const usual = v.getDefault(commonArguments[key as keyof typeof commonArguments]);
  return typeof usual === 'number' ? new PythonFloat(usual) : (usual ?? null);
}

function argument(value: unknown, key: string, schema: v.GenericSchema): PythonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return asksWhole(schema) ? value : new PythonFloat(value);
  if (Array.isArray(value)) {
    // One axis is a number in Keras's files; not every layer takes an array of one.
    if (key === 'axis' && value.length === 1) return argument(value[0], key, schema);
    return value.map((entry) => argument(entry, key, schema));
  }
  if (isTyped(value)) return serialiseKind(value, familyAt(key));
  if (isObject(value)) return nested(value);
  throw new Error(`internal: ${key} cannot be written`);
}

/** Whether the numbers of an argument are whole ones: somewhere in its schema it says so. */
function asksWhole(schema: unknown): boolean {
  if (!isObject(schema)) return false;
  const { type, pipe, wrapped, options, item } = schema;
  if (type === 'integer' || (type === 'literal' && Number.isInteger(schema.literal))) return true;
  const inner = [wrapped, item, ...(Array.isArray(options) ? options : [])];
  // The first of a pipe is the schema itself, without its pipe.
  const steps = Array.isArray(pipe) ? pipe : [];
  return [...inner, ...steps].some(asksWhole);
}
