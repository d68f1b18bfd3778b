/** The names of a model's layers: as given, or made by Keras's rule. */
import { quote } from '../words.ts';
import type { Problems } from './problems.ts';

/**
 * Keras's snake_case of a class name: `InputLayer` → `input_layer`, `ReLU` → `re_lu`,
 * `PReLU` → `p_re_lu`.
 */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/**
 * A name for each layer, in order. One without a name is called `dense`, `dense_1`, …, counted per
 * class; a given name does not move the count. As in Keras a name made this way may meet a given one.
 *
 * @param layers    class and given name of each layer, with its index in the document
 * @param problems  gets every name that is taken already
 */
export function layerNames(
  layers: readonly { readonly index: number; readonly type: string; readonly name?: string }[],
  problems: Problems,
): string[] {
  const counts = new Map<string, number>();
  const holders = new Map<string, number>();
  return layers.map(({ index, type, name: given }) => {
    const base = snakeCase(type);
    const count = counts.get(base) ?? 0;
    if (given === undefined) counts.set(base, count + 1);
    const name = given ?? (count === 0 ? base : `${base}_${count}`);
    const holder = holders.get(name);
    if (holder === undefined) {
      holders.set(name, index);
    } else {
      const found = `${quote(name)}${given === undefined ? ', made from its type' : ''}`;
      const message = `expected a name of its own; found ${found}, the name of ${problems.place(['layers', holder])}`;
      problems.add(['layers', index, 'name'], message);
    }
    return name;
  });
}
