/**
 * A first network for data: what the target is decides the output layer and the loss. Pure: the
 * data are described, not read.
 */
import { quote } from '../words.ts';
import type { JsonObject } from './json.ts';
import type { OptimizerSpec } from './optimizers.ts';

/** What a table's target is. */
export type TargetKind =
  | { readonly kind: 'number'; readonly outputs: number }
  | { readonly kind: 'class'; readonly classes: readonly string[] };

/** What has to be known of the data. */
interface DataDescription {
  /** Of one input row. */
  readonly inputShape: readonly number[];
  readonly target: TargetKind;
  /** The target columns of a table; null for arrays, which have `y`. */
  readonly columns: TargetColumns | null;
  /** What else the `data` section says of the columns of a table. */
  readonly data: JsonObject;
}

/** Where the targets of a table stand. */
export interface TargetColumns {
  /** With a header its cells, without one the positions from 1. */
  readonly names: readonly string[];
  readonly header: boolean;
  /** Whether it is the last column alone, which is the target where nobody says. */
  readonly isLast: boolean;
}

/** Units of the hidden layers where nobody says. */
export const DEFAULT_HIDDEN: readonly number[] = [64, 32];

interface OutputChoice {
  readonly units: number;
  readonly activation: 'linear' | 'sigmoid' | 'softmax';
  readonly loss: string;
  readonly metrics: readonly string[];
  /** Why, for people. */
  readonly reason: string;
}

/**
 * A spec for the data, and why it is as it is.
 *
 * @param hidden  units of the relu layers before the output, from first to last
 * @returns the document, and two lines for people: about the target, about the layers
 */
export function specFromData(
  { inputShape, target, columns, data }: DataDescription,
  hidden: readonly number[],
  optimizer: OptimizerSpec['type'] = 'adam',
): { document: JsonObject; reasons: readonly [string, string] } {
  const output = outputFor(target);
  const flatten: JsonObject[] = inputShape.length > 1 ? [{ type: 'Flatten' }] : [];
  const relu = hidden.map((units): JsonObject => ({ type: 'Dense', units, activation: 'relu' }));
  const { units, activation, loss, metrics } = output;
  const last: JsonObject =
    activation === 'linear' ? { type: 'Dense', units } : { type: 'Dense', units, activation };
  const compile: JsonObject = { optimizer, loss };
  if (metrics.length > 0) compile.metrics = [...metrics];
  const document: JsonObject = {
    input_shape: [...inputShape],
    layers: [...flatten, ...relu, last],
    compile,
  };
  const section = { ...targetSection(columns), ...data };
  if (Object.keys(section).length > 0) document.data = section;
  const layers = hidden.length > 0 ? `${hidden.join(', ')} relu units` : 'none';
  return {
    document,
    reasons: [
      `target ${labelOf(columns)}: ${output.reason}`,
      `hidden layers: ${layers}; optimizer: ${optimizer}; inputs: ${inputShape.join(' × ')}`,
    ],
  };
}

/** Without a header, the last column is what is taken anyway. */
function targetSection(columns: TargetColumns | null): JsonObject {
  if (!columns || (!columns.header && columns.isLast)) return {};
  const { names } = columns;
  return { target: names.length === 1 ? names[0] : [...names] };
}

/** `"price"`, `column 14`, `columns 1, 2`, `y`. */
function labelOf(columns: TargetColumns | null): string {
  if (!columns) return 'y';
  const { names, header } = columns;
  if (header) return names.map(quote).join(', ');
  return `${names.length === 1 ? 'column' : 'columns'} ${names.join(', ')}`;
}

/** The loss and metrics for targets of a kind, for a spec whose output layer stands already. */
export function lossFor(target: TargetKind, units: number): { loss: string; metrics: string[] } {
  const isBinary = target.kind === 'class' && target.classes.length === 2 && units === 1;
  const { loss, metrics } = isBinary || target.kind === 'number' ? outputFor(target) : SPARSE;
  return { loss, metrics: [...metrics] };
}

const SPARSE = { loss: 'sparse_categorical_crossentropy', metrics: ['accuracy'] } as const;

function outputFor(target: TargetKind): OutputChoice {
  if (target.kind === 'number') {
    const { outputs } = target;
    const loss = 'mean_squared_error';
    const what =
      outputs === 1 ? 'numbers, so 1 linear unit' : `numbers, so ${outputs} linear units`;
    return { units: outputs, activation: 'linear', loss, metrics: [], reason: `${what}, ${loss}` };
  }
  const count = target.classes.length;
  if (count === 2) {
    const [no, yes] = target.classes.map(quote);
    const loss = 'binary_crossentropy';
    const reason = `2 classes (${no}, ${yes}), so 1 sigmoid unit, ${loss}, accuracy`;
    return { units: 1, activation: 'sigmoid', loss, metrics: ['accuracy'], reason };
  }
  const reason = `${count} classes, so ${count} softmax units, ${SPARSE.loss}, accuracy`;
  return { units: count, activation: 'softmax', ...SPARSE, reason };
}
