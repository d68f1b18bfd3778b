/**
 * The column contract: which columns of a table are features, which are targets, and how the cells of
 * each become numbers. It is decided once, from the training table, stored in the model file, and holds
 * for every later table.
 */
import { quote } from '../words.ts';
import type { DatePart } from './dates.ts';

/** What every column record has. */
export interface Column {
  /** The header's cell as it is; the position as text where the table has no header. */
  readonly name: string;
  /** Where the column stood in the training table, from 1. */
  readonly position: number;
}

/** How one input of the network is made of a number: `(x − shift) / scale`, in doubles, then float32. */
export interface NumericInput {
  /** What stands in for a missing value. */
  readonly fill?: number;
  /** 0 where it is not given. */
  readonly shift?: number;
  /** Not 0; 1 where it is not given. */
  readonly scale?: number;
}

/** Ways to bring numbers to one size; they say how shift and scale were computed. */
export const SCALINGS = ['zscore', 'minmax', 'robust'] as const;
export type Scaling = (typeof SCALINGS)[number];

/**
 * What a missing value becomes: the mean, median or commonest value of the training rows; `indicator`:
 * the mean, and one more input that is 1 where a value is missing; `category`: a category of its own;
 * `drop`: its row is left out.
 */
export type MissingPolicy = 'mean' | 'median' | 'mode' | 'indicator' | 'category' | 'drop';

/** What every feature has. */
interface Feature extends Column {
  /** Where it is not given, a missing value is a mistake. */
  readonly missing?: MissingPolicy;
}

/** A column of numbers: one input. */
export interface NumberFeature extends Feature, NumericInput {
  readonly kind: 'number';
  readonly normalize?: Scaling;
}

/** A column of two words: 0 for the first, 1 for the second. */
export interface BooleanFeature extends Feature, NumericInput {
  readonly kind: 'boolean';
  /** In lower case; cells may have any. */
  readonly values: readonly [string, string];
}

/** A column of names: an input for each that is 1 where the cell has it, else 0. */
export interface CategoryFeature extends Feature {
  readonly kind: 'category';
  readonly categories: readonly string[];
  /** With `"missing": "mode"`: the category that stands in. */
  readonly fill?: string;
  /** `other`: a category that is not among them is all zeros; else it is a mistake. */
  readonly unknown?: 'other';
}

/** A column of dates: an input for each part that varies. */
export interface DateFeature extends Feature {
  readonly kind: 'date';
  readonly parts: readonly (NumericInput & { readonly part: DatePart })[];
  readonly normalize?: Scaling;
}

export type FeatureColumn = NumberFeature | BooleanFeature | CategoryFeature | DateFeature;

/** A column of numbers; the network learns `(x − shift) / scale`, and predictions are turned back. */
interface NumberTarget extends Column {
  readonly kind: 'number';
  readonly shift?: number;
  readonly scale?: number;
}

/** A column of classes: a cell's class index is its place in `classes`. */
interface ClassTarget extends Column {
  readonly kind: 'class';
  readonly classes: readonly string[];
}

export type TargetColumn = NumberTarget | ClassTarget;

/** A column that the network does not see. */
export interface UnusedColumn extends Column {
  /** Why, in a few words. */
  readonly reason: string;
}

/** The contract, ready for JSON. */
export interface Columns {
  /** Whether the training table had a header: then columns are matched by name. */
  readonly header: boolean;
  /** The texts of missing values, where they are not the usual ones. */
  readonly na?: readonly string[];
  /** Whether numbers are written `1,5`. */
  readonly decimal_comma?: boolean;
  /** In the training table's order. */
  readonly features: readonly FeatureColumn[];
  /** In the order in which they were asked for. */
  readonly targets: readonly TargetColumn[];
  /** What each row counts for. */
  readonly sample_weight?: Column;
  /** In the training table's order; left out where there are none. */
  readonly unused?: readonly UnusedColumn[];
}

/** How many inputs of the network a feature is. */
export function inputsOf(feature: FeatureColumn): number {
  switch (feature.kind) {
    case 'category':
      return feature.categories.length + Number(feature.missing === 'category');
    case 'date':
      return feature.parts.length + Number(feature.missing === 'indicator');
    default:
      return 1 + Number(feature.missing === 'indicator');
  }
}

/** What each input of the network is called: as its column is. */
export function inputNames({ header, features }: Columns): string[] {
  return features.flatMap((feature) => {
    const name = header ? quote(feature.name) : `column ${feature.position}`;
    return Array<string>(inputsOf(feature)).fill(name);
  });
}

/** How many inputs of the network all features are. */
export function totalInputs({ features }: Columns): number {
  return features.reduce((sum, feature) => sum + inputsOf(feature), 0);
}

/** What the network's outputs mean: multiplied by the scale, then moved by the shift, of each target. */
export function outputUnits({
  targets,
}: Columns): { readonly scales: readonly number[]; readonly shifts: readonly number[] } | null {
  const scales = targets.map((target) => (target.kind === 'number' ? (target.scale ?? 1) : 1));
  const shifts = targets.map((target) => (target.kind === 'number' ? (target.shift ?? 0) : 0));
  const isScaled = scales.some((scale) => scale !== 1) || shifts.some((shift) => shift !== 0);
  return isScaled ? { scales, shifts } : null;
}

/** All columns of the training table that the contract knows. */
export function allColumns({ features, targets, sample_weight, unused }: Columns): Column[] {
  return [...features, ...targets, ...(sample_weight ? [sample_weight] : []), ...(unused ?? [])];
}

/** Whether the inputs are the numbers of the features as they stand. */
export function isPlain({ features, na }: Columns): boolean {
  return features.every(
    (feature) =>
      na === undefined &&
      feature.kind === 'number' &&
      feature.missing === undefined &&
      feature.shift === undefined &&
      feature.scale === undefined,
  );
}
