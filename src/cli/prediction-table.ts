/** Which columns a table of predictions has, and how the outputs of a row become its cells. */
import type { Columns } from '../data/columns.ts';
import { ExitCode, UserError } from '../errors.ts';
import { sizeOf } from '../ndarray.ts';
import { probabilitiesOf } from '../training/probabilities.ts';
import { quote } from '../words.ts';

/** What is asked about the outputs; by default the value, or of classes the likeliest. */
export interface PredictionWish {
  /** For classes: the probability of each. */
  readonly proba?: true;
  /** For classes: so many of the likeliest, and their probabilities. */
  readonly topK?: number;
  /** For two classes: the second one if its probability is no less than this. */
  readonly threshold?: number;
  /** A layer whose activations are wanted in place of the outputs. */
  readonly layer?: string;
}

interface OutputMeaning {
  /** The shape of one output row. */
  readonly outputShape: readonly number[];
  /** What the model says of its targets; null where it says nothing. */
  readonly columns: Columns | null;
  /** Whether outputs are logits, which the loss turned into probabilities. */
  readonly fromLogits: boolean;
}

type Probabilities = (outputs: Float32Array) => readonly number[];

/** One cell of a table: a number of the network, or the name of a class. */
export type Cell = number | string;

export interface PredictionTable {
  readonly names: readonly string[];
  /** The cells of one row from its outputs. */
  readonly cells: (outputs: Float32Array) => readonly Cell[];
  /** Whether the cells are the outputs as they are. */
  readonly areOutputs?: true;
}

/**
 * The table that was asked for.
 *
 * @throws {UserError} exit 2 for a question that outputs of this kind do not answer
 */
export function predictionTable(meaning: OutputMeaning, wish: PredictionWish): PredictionTable {
  const { columns, outputShape, fromLogits } = meaning;
  const width = sizeOf(outputShape);
  if (wish.layer !== undefined) return numbersOf(numbered(wish.layer, width));
  if (wish.topK !== undefined) {
    return topClasses(wish.topK, askedClasses('--top-k', meaning), classProbabilities(meaning));
  }
  const [target] = columns?.targets ?? [];
  const name = columns?.header && target?.kind === 'class' ? target.name : 'y';
  if (wish.threshold !== undefined) {
    const classes = askedClasses('--threshold', meaning);
    return eitherClass(wish.threshold, name, classes, classProbabilities(meaning));
  }
  const classes = classesOf(meaning);
  if (classes === null) return numbersOf(targetNames(columns, width));
  if (wish.proba) {
    const areOutputs = width > 1 && !fromLogits;
    return {
      names: classes,
      cells: classProbabilities(meaning),
      ...(areOutputs ? { areOutputs: true as const } : {}),
    };
  }
  return { names: [name], cells: (outputs) => [classes[likeliest(outputs, fromLogits)]] };
}

/**
 * A table beside columns that are passed on. A prediction whose name one of these has, as the target has
 * in a table with targets, is called `predicted_` and its name.
 *
 * @throws {UserError} exit 2 where that name is taken, too
 */
export function besides(
  passed: readonly string[],
  table: PredictionTable,
): { readonly passed: readonly string[]; readonly table: PredictionTable } {
  const taken = new Set(passed);
  const names = table.names.map((name) => (taken.has(name) ? `predicted_${name}` : name));
  const twice = names.find((name, i) => taken.has(name) || names.indexOf(name) !== i);
  if (twice === undefined) return { passed, table: { ...table, names } };
  throw new UserError(
    ExitCode.usage,
    `predict: expected no column ${quote(twice)} beside the prediction of that name; found one`,
    'pass other columns: --pass NAMES',
  );
}

function numbersOf(names: readonly string[]): PredictionTable {
  return { names, cells: (outputs) => Array.from(outputs), areOutputs: true };
}

function numbered(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${name}_${i + 1}`);
}

/** Outputs are called as the targets are, where these are as many and have names. */
function targetNames(columns: Columns | null, width: number): readonly string[] {
  const targets = columns?.targets ?? [];
  if (targets.length === width && columns?.header) return targets.map(({ name }) => name);
  return Array.from({ length: width }, (_, i) => (width === 1 ? 'y' : `y${i + 1}`));
}

function topClasses(
  count: number,
  classes: readonly string[],
  probabilities: Probabilities,
): PredictionTable {
  if (count > classes.length) {
    const problem = `--top-k: expected at most ${classes.length}, as many as there are classes; found ${count}`;
    throw new UserError(ExitCode.usage, problem);
  }
  const places = Array.from({ length: count }, (_, i) => i + 1);
  return {
    names: places.flatMap((place) => [`class_${place}`, `proba_${place}`]),
    cells: (outputs) => {
      const shares = probabilities(outputs);
      // Sorting keeps the order of equals: the first of the likeliest is the predicted class.
      const order = classes.map((_, index) => index).sort((a, b) => shares[b] - shares[a]);
      return order.slice(0, count).flatMap((index): Cell[] => [classes[index], shares[index]]);
    },
  };
}

function eitherClass(
  threshold: number,
  name: string,
  classes: readonly string[],
  probabilities: Probabilities,
): PredictionTable {
  if (classes.length !== 2) {
    const problem = `--threshold: expected a model of two classes; found ${classes.length}`;
    const remedy = 'of more classes, --proba and --top-k tell the probabilities';
    throw new UserError(ExitCode.usage, problem, remedy);
  }
  // In float32, like the probability: what is printed as 0.7 is no less than 0.7.
  const least = Math.fround(threshold);
  return {
    names: [name],
    cells: (outputs) => [classes[probabilities(outputs)[1] >= least ? 1 : 0]],
  };
}

/**
 * The classes that outputs stand for, where an option asks for them. A model that says nothing of its
 * targets may have classes; who asks knows.
 */
function askedClasses(flag: string, meaning: OutputMeaning): readonly string[] {
  const known = classesOf(meaning);
  if (known) return known;
  const [width, ...more] = meaning.outputShape;
  if (meaning.columns === null && more.length === 0) {
    return Array.from({ length: Math.max(2, width) }, (_, index) => String(index));
  }
  const targets = meaning.columns?.targets.map(({ name }) => quote(name)) ?? [];
  const found =
    targets.length === 0
      ? `outputs of ${meaning.outputShape.length} axes`
      : `the number${targets.length === 1 ? '' : 's'} ${targets.join(', ')}`;
  throw new UserError(ExitCode.usage, `${flag}: expected a model of classes; found ${found}`);
}

/** What the outputs stand for; null where they are numbers, or nothing is known of them. */
function classesOf({ columns, outputShape }: OutputMeaning): readonly string[] | null {
  const targets = columns?.targets ?? [];
  const [first] = targets;
  if (targets.length !== 1 || first.kind !== 'class') return null;
  return classNames(first.classes, sizeOf(outputShape));
}

/**
 * What each output stands for. A network may have more outputs than there were classes in the training
 * rows; these are called by their index, as all are where classes are indices.
 */
function classNames(classes: readonly string[], outputs: number): readonly string[] {
  const areIndices = classes.every((name, index) => name === String(index));
  const more = Array.from({ length: Math.max(0, outputs - classes.length) }, (_, i) => {
    const index = classes.length + i;
    return areIndices ? String(index) : `class ${index}`;
  });
  return [...classes, ...more];
}

/** The index of the predicted class. Keras's rule for two classes on one unit: above one half. */
function likeliest(outputs: Float32Array, fromLogits: boolean): number {
  if (outputs.length === 1) return outputs[0] > (fromLogits ? 0 : 0.5) ? 1 : 0;
  return outputs.reduce((best, value, i) => (value > outputs[best] ? i : best), 0);
}

/** What makes the probability of each class, as float32, of the outputs of a row; of two on one unit as well. */
function classProbabilities({ outputShape, fromLogits }: OutputMeaning): Probabilities {
  const normalise = fromLogits ? probabilitiesOf(sizeOf(outputShape)) : null;
  return (outputs) => {
    const [first, ...others] = normalise ? normalise(outputs) : outputs;
    return others.length === 0 ? [Math.fround(1 - first), first] : [first, ...others];
  };
}
