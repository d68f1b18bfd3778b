/** Class weights → sample weights, by the rules of Keras 3. */
import { ExitCode, UserError } from '../errors.ts';
import { formatShape, type NdArray } from '../ndarray.ts';
import { losses } from '../nn/losses.ts';
import type { Network } from '../nn/network.ts';
import type { LossSpec } from '../spec/losses.ts';
import type { FitSpec } from '../spec/spec.ts';
import { escapeControls, formatMagnitude, nearest, quote } from '../words.ts';
import { targetsOf } from './check.ts';
import type { Samples } from './run.ts';

/** What the rows of each class count for; `balanced` makes all classes count alike. */
export type ClassWeight = NonNullable<FitSpec['class_weight']>;

/** Where the weights were given, and what the classes are called in the data. */
interface ClassWeightSource {
  readonly source: string;
  /** The class texts in order, where the targets are class numbers of a table. */
  readonly classes: readonly string[] | null;
}

/**
 * The samples with the weights of their classes; classes that are not named count 1.
 *
 * @throws {UserError} exit 2 where the samples have weights already, where a class is not there, or
 *   where targets are no classes: more than one axis after the batch's, or with `balanced` numbers to be met
 */
export function withClassWeight(
  samples: Samples,
  classWeight: ClassWeight,
  network: Network,
  loss: LossSpec,
  { source, classes }: ClassWeightSource,
): Samples {
  if (samples.sampleWeight) {
    const problem = `${source}: expected either class weights or sample weights; found both`;
    throw new UserError(ExitCode.usage, problem, 'leave sample_weight out of the data');
  }
  const { shape } = samples.y;
  if (shape.length > 2) {
    const found = `found targets of shape ${formatShape([null, ...shape.slice(1)])}`;
    throw new UserError(ExitCode.usage, `${source}: expected one class for each row; ${found}`);
  }
  if (classWeight === 'balanced') checkAreClasses(loss, samples.y, source);
  const classOfRow = classNumbers(samples.y);
  const weights =
    classWeight === 'balanced'
      ? balanced(classOfRow)
      : weightsByNumber(classWeight, knownClasses(classOfRow, samples.y, network, loss, classes), {
          source,
          classes,
        });
  const values = Float32Array.from(classOfRow, (number) => weights.get(number) ?? 1);
  return { ...samples, sampleWeight: { shape: [shape[0], 1], values } };
}

/** Numbers that a loss measures the distance from are no classes, but for the two that are said as 0 and 1. */
function checkAreClasses(loss: LossSpec, { values }: NdArray, source: string): void {
  if (!losses[loss.type].isDistance) return;
  const other = values.find((value) => value !== 0 && value !== 1);
  if (other === undefined) return;
  throw new UserError(
    ExitCode.usage,
    `${source}: expected targets that are classes, which balanced counts; found numbers such as ${formatMagnitude(other)}, and ${loss.type}`,
    'for classes choose a loss such as sparse_categorical_crossentropy; rows of numbers are weighted with --sample-weight-col',
  );
}

/** The highest column of each row, or its one value as a whole number. */
function classNumbers({ shape, values }: NdArray): number[] {
  const width = shape[1] ?? 1;
  return Array.from({ length: shape[0] }, (_, row) => {
    if (width === 1) return roundHalfToEven(values[row]);
    return highestColumn(values.subarray(row * width, (row + 1) * width));
  });
}

/** NumPy's rule, by which Keras finds the class of a target such as 0.5. */
function roundHalfToEven(value: number): number {
  const up = Math.round(value);
  return up - value === 0.5 && up % 2 !== 0 ? up - 1 : up;
}

/** The first of the highest. A row may have more columns than a call may have arguments. */
function highestColumn(row: Float32Array): number {
  let highest = 0;
  for (let column = 1; column < row.length; column++) {
    if (row[column] > row[highest]) highest = column;
  }
  return highest;
}

/** rows / (classes · rows of the class), as scikit-learn has it. */
function balanced(classOfRow: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const number of classOfRow) counts.set(number, (counts.get(number) ?? 0) + 1);
  const rows = classOfRow.length;
  return new Map([...counts].map(([number, count]) => [number, rows / (counts.size * count)]));
}

/** The numbers of all classes there can be. */
function knownClasses(
  classOfRow: readonly number[],
  { shape }: NdArray,
  network: Network,
  loss: LossSpec,
  classes: readonly string[] | null,
): readonly number[] {
  const units = network.outputShape.at(-1) ?? 1;
  const width = shape[1] ?? 1;
  const hasNumbers = targetsOf(network, loss, shape) === 'class numbers';
  const count = classes?.length ?? (hasNumbers ? units : width > 1 ? width : 2);
  const numbers = Array.from({ length: count }, (_, number) => number);
  return classes || hasNumbers || width > 1 ? numbers : [...new Set([...numbers, ...classOfRow])];
}

function weightsByNumber(
  weights: Readonly<Record<string, number>>,
  known: readonly number[],
  { source, classes }: ClassWeightSource,
): Map<number, number> {
  const numbers = new Map(known.map((number) => [classes?.[number] ?? String(number), number]));
  const result = new Map<number, number>();
  for (const [name, weight] of Object.entries(weights)) {
    const number = numbers.get(name);
    if (number === undefined) throw unknownClass(name, [...numbers.keys()], source);
    result.set(number, weight);
  }
  return result;
}

const MAX_NAMED = 10;

function unknownClass(name: string, names: readonly string[], source: string): UserError {
  const named = names.slice(0, MAX_NAMED).map(escapeControls).join(', ');
  const all = names.length > MAX_NAMED ? `${named}, …` : named;
  // Of one or two letters, any other name is near.
  const near = name.length > 2 ? nearest(name, names) : undefined;
  return new UserError(
    ExitCode.usage,
    `${source}: expected classes of ${all}; found ${quote(name)}`,
    near === undefined ? undefined : `did you mean ${quote(near)}?`,
  );
}
