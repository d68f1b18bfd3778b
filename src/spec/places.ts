/** Which family of names stands under which key, as all layers and optimizers have it. */
import type * as v from 'valibot';
import { isObject } from '../is-object.ts';
import { constraint, constraints } from './constraints.ts';
import { initializer, initializers } from './initializers.ts';
import type { Kind } from './named.ts';
import { regularizer, regularizers } from './regularizers.ts';
import { schedule, schedules } from './schedules.ts';

/** A family: its table, the schema of a place where one of it stands, and its module in Keras. */
export interface Family {
  readonly table: Readonly<Record<string, Kind>>;
  readonly schema: v.GenericSchema;
  readonly module: string;
}

const byKey: readonly (readonly [end: string, Family])[] = [
  ['_initializer', { table: initializers, schema: initializer, module: 'keras.initializers' }],
  ['_regularizer', { table: regularizers, schema: regularizer, module: 'keras.regularizers' }],
  ['_constraint', { table: constraints, schema: constraint, module: 'keras.constraints' }],
  ['learning_rate', { table: schedules, schema: schedule, module: 'keras.optimizers.schedules' }],
];

/**
 * The family of what stands under a key.
 *
 * @throws {Error} where no family does
 */
export function familyAt(key: string): Family {
  const found = byKey.find(([end]) => key.endsWith(end));
  if (!found) throw new Error(`internal: no family stands under ${key}`);
  return found[1];
}

/** A value that says by its `type` which entry of a family it is. */
export interface Typed {
  readonly type: string;
  readonly [key: string]: unknown;
}

export function isTyped(value: unknown): value is Typed {
  return isObject(value) && typeof value.type === 'string';
}

/** What a layer says of the input, and its name: each form of a model has its own place for them. */
export const OUTSIDE_ARGUMENTS: ReadonlySet<string> = new Set([
  'name',
  'input_shape',
  'input_dim',
  'batch_input_shape',
]);

/** Nested arrays of the shape; a number where it has no axes. */
export function nestNumbers<T>(
  shape: readonly number[],
  values: readonly number[],
  leaf: (value: number) => T,
): T | Nested<T>[] {
  const [length, ...inner] = shape;
  if (length === undefined) return leaf(values[0]);
  const step = values.length / length;
  return Array.from({ length }, (_, i) =>
    nestNumbers(inner, values.slice(i * step, (i + 1) * step), leaf),
  );
}

/** Arrays of arrays, to any depth. */
export type Nested<T> = T | Nested<T>[];
