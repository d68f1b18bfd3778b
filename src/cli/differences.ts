/** Where two values as JSON has them differ, for people. */
import { isObject } from '../is-object.ts';
import { formatPath, type Path } from '../spec/path.ts';
import { describe } from '../words.ts';

export interface Difference {
  /** `optimizer.learning_rate`; the top is the empty text. */
  readonly path: string;
  readonly was: string;
  readonly is: string;
}

/** All places at which two values differ: keys of one alone included, the order of keys not. */
export function differences(was: unknown, is: unknown, path: Path): Difference[] {
  if (isObject(was) && isObject(is)) {
    const keys = new Set([...Object.keys(was), ...Object.keys(is)]);
    return [...keys].flatMap((key) => differences(was[key], is[key], [...path, key]));
  }
  if (Array.isArray(was) && Array.isArray(is) && was.length === is.length) {
    return was.flatMap((entry, index) => differences(entry, is[index], [...path, index]));
  }
  if (Object.is(was, is)) return [];
  return [{ path: formatPath(path), was: describe(was), is: describe(is) }];
}
