/**
 * Plain records that travel from the work to whoever prints or writes them. No behaviour, no
 * engine, no terminal: `training` yields them, `report` and `files` take them.
 */

import type { LayerWeights } from './ndarray.ts';

/** What is measured: one number, or one for each class, output or threshold. */
export type LogValue = number | readonly number[];

/** Names and values in the order Keras 2 shows them: loss, metrics, then `val_…`. */
export type Logs = readonly (readonly [name: string, value: LogValue])[];

/** What a run remembers of itself to go on later: plain values and arrays of numbers. */
export type StateValue =
  | null
  | boolean
  | number
  | string
  | Float32Array
  | Float64Array
  | Int32Array
  | readonly StateValue[]
  | { readonly [key: string]: StateValue };

/** What a run needs to go on from a moment as if it had never stopped there. */
export interface Checkpoint {
  /** As the next step finds them. */
  readonly weights: readonly LayerWeights[];
  /** All else that the next step depends on, by the part of the run that it is of. */
  readonly state: { readonly [part: string]: StateValue };
  /** Of the epochs that are done. */
  readonly history: History;
  /** How many epochs are done, and of the next one how many batches. */
  readonly epoch: number;
  readonly step: number;
  readonly engine: string;
  /** Maker and version of the library that computes with it, if one does. */
  readonly blas?: string;
}

/** The answer to a pause: nothing; to end here; or to look whether all is finite, before the same pause comes again. */
export type FitWish = 'stop' | 'look' | undefined;

/** What `fit` yields while it works. Epochs count from 0; `epochs` is the final index. */
export type FitReport =
  /** Before all else where a run goes on: what the epochs that are done measured. */
  | { readonly kind: 'resume'; readonly firstEpoch: number; readonly logs: readonly Logs[] }
  /** A line that a callback says, or the run about itself; it may begin with a line break. */
  | { readonly kind: 'message'; readonly said: 'callback' | 'run'; readonly text: string }
  | {
      readonly kind: 'epoch-begin';
      readonly epoch: number;
      readonly epochs: number;
      readonly steps: number;
      /** Steps that were done before, where the run goes on in the middle of the epoch. */
      readonly done: number;
    }
  /** A line about something that is most likely wrong; each kind at most once in a run. */
  | { readonly kind: 'warning'; readonly text: string }
  /** What the layers do after an epoch, where that is asked for. */
  | { readonly kind: 'diagnosis'; readonly diagnosis: Diagnosis }
  /**
   * After a batch, or several: `step` counts from 1; `logs` gives the running values of the epoch, until the
   * next report is asked for. Metrics may cost more than the batch did: only who shows them calls it.
   */
  | {
      readonly kind: 'batch-end';
      readonly step: number;
      readonly steps: number;
      readonly logs: () => Logs;
    }
  | {
      readonly kind: 'epoch-end';
      readonly epoch: number;
      readonly epochs: number;
      readonly steps: number;
      readonly logs: Logs;
    };

/** What the layers of a network do on some training rows, as a step with them would find it. */
export interface Diagnosis {
  /** From 0; the weights are those of its end. */
  readonly epoch: number;
  readonly rows: number;
  readonly layers: readonly LayerDiagnosis[];
}

/** Of the outputs of a layer over all those rows. */
export interface LayerDiagnosis {
  readonly layer: string;
  readonly mean: number;
  /** Of the population. */
  readonly std: number;
  /** The share of the outputs that are 0, from 0 to 1. */
  readonly zero: number;
  /** The share that lies within a hundredth of the ends of a bounded activation; null for others. */
  readonly saturated: number | null;
  /** The root of the mean square of the loss's gradient by the outputs. */
  readonly gradient: number;
  readonly weights: readonly WeightDiagnosis[];
}

export interface WeightDiagnosis {
  readonly name: string;
  /** The root of the sum of squares. */
  readonly norm: number;
  /** Of the loss's gradient by it; null where it does not learn. */
  readonly gradientNorm: number | null;
  /** The largest absolute value of that. */
  readonly gradientMax: number | null;
  /** The norm of what this epoch added, divided by the norm before; null where that was 0. */
  readonly moved: number | null;
}

/** What `fit` yields where nothing is half done: whoever gets it may answer that training is to end here. */
export interface FitPause {
  readonly kind: 'pause';
  /** What it takes to go on from here, until the next report is asked for. */
  readonly checkpoint: () => Checkpoint;
}

/** Keras's `History.history`: one value per epoch in which the name was measured. */
export type History = Record<string, LogValue[]>;

/** How a model measures on some rows, and how an answer that is the same for all of them does. */
export interface Evaluation {
  readonly rows: number;
  /** `classes`: one class per row; `labels`: each output is 0 or 1 by itself. */
  readonly targets: 'classes' | 'labels' | 'numbers';
  /** The index of the commonest class; null where rows do not have one class each. */
  readonly commonest: number | null;
  readonly model: EvaluationMeasures;
  /** The share of each class, or the mean of the targets, of these very rows. */
  readonly baseline: EvaluationMeasures;
}

export interface EvaluationMeasures {
  /** What training lowers, penalties included. */
  readonly loss: number;
  /** The same for all models of such targets: accuracy and log_loss; or rmse, mae and r2. */
  readonly scores: Logs;
  /** Those that the model was compiled with. */
  readonly metrics: Logs;
}

/** One row of `model.summary()`. */
export interface SummaryLayer {
  readonly name: string;
  /** Keras's class name, for example `Dense`. */
  readonly className: string;
  /** With the batch as null; null where the model is not built. */
  readonly outputShape: readonly (number | null)[] | null;
  /** Null where the layer is not built. */
  readonly parameters: number | null;
  readonly trainableParameters: number;
  readonly trainable: boolean;
}

/** `model.summary()` as data: what the texts and `--json` are made of. */
export interface Summary {
  readonly name: string;
  readonly layers: readonly SummaryLayer[];
  readonly totalParameters: number;
  readonly trainableParameters: number;
  readonly nonTrainableParameters: number;
  /** As in Keras, where counts are int64 and all else is float32. */
  readonly nonTrainableBytes: number;
  /** The optimizer's variables once it has any; Keras 3 shows them and adds them to the total. */
  readonly optimizer: { readonly parameters: number; readonly bytes: number } | null;
  /** Null where the spec has no input shape yet (Keras: an unbuilt model). */
  readonly inputShape: readonly (number | null)[] | null;
}

/** A part of what training takes in memory. */
export interface MemoryPart {
  readonly name: string;
  readonly bytes: number;
}

/** What training takes in memory besides the rows of the data. */
export interface TrainingMemory {
  readonly optimizer: string;
  /** Of a batch. */
  readonly rows: number;
  readonly parts: readonly MemoryPart[];
  /** Bytes. */
  readonly total: number;
}

/** An argument of something that a model file names. */
export interface FamilyArgument {
  readonly name: string;
  /** JSON: what it is where nobody says. Undefined where there is no such value. */
  readonly default?: unknown;
  /** Whether it must be given. */
  readonly required: boolean;
}

/** One thing that a model file may name. Prose is Markdown with code in backticks. */
export interface FamilyEntry {
  readonly name: string;
  /** Other words for it. */
  readonly aliases: readonly string[];
  /** Its own arguments; those that nearly all of the family have are with the family. */
  readonly arguments: readonly FamilyArgument[];
  readonly formula: string;
  /** The formula where an argument is true or given, by the argument's name. */
  readonly variants: Readonly<Record<string, string>>;
  /** What the formula does not say: prose. */
  readonly where?: string;
  /** What is not as in Keras 3.15: prose. */
  readonly differences: readonly string[];
}

/** All of one kind: activations, losses, … */
export interface Family {
  readonly name: string;
  /** What they are and how their formulas are to be read: paragraphs of prose. */
  readonly about: readonly string[];
  readonly entries: readonly FamilyEntry[];
  /** Arguments that all entries take except those named. */
  readonly common: {
    readonly arguments: readonly FamilyArgument[];
    readonly except: readonly string[];
  };
  /** What is not as in Keras 3.15 beyond single entries: prose. Null where Keras has no such family. */
  readonly differences: readonly string[] | null;
}

/** A float of Python's, which writes it unlike a whole number: `1.0`. */
export class PythonFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** What Python's JSON holds; plain numbers are whole. */
export type PythonValue =
  | null
  | boolean
  | number
  | string
  | PythonFloat
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

/** What the cells of a column are in the rows that count. */
export interface ColumnFacts {
  readonly missing: number;
  /** How many different values there are; null where there were too many to keep. */
  readonly distinct: number | null;
  /** Least and largest number, or first and last date as ISO 8601 has them; null for words. */
  readonly range: readonly [number, number] | readonly [string, string] | null;
  /** The commonest words, most of them first; null for numbers and dates. */
  readonly frequent: readonly { readonly value: string; readonly count: number }[] | null;
}

/** A column of a training table, and what becomes of it. */
export interface ColumnReport {
  readonly name: string;
  /** From 1. */
  readonly position: number;
  readonly role: 'feature' | 'target' | 'sample_weight' | 'unused';
  /** `number`, `boolean`, `category`, `date`, `text`, `class`; null where nobody looked, or all are missing. */
  readonly kind: string | null;
  /** Null where nobody looked. */
  readonly facts: ColumnFacts | null;
  /** Of the network; null for what is no feature. */
  readonly inputs: number | null;
  /** What is done and why. */
  readonly done: string;
  /** The option that turns a guess the other way. */
  readonly option: string | null;
}

/** All columns of a training table: features and unused ones in its order, then weights and targets. */
export interface TableReport {
  readonly header: boolean;
  readonly rows: number;
  readonly rowsWithoutTarget: number;
  /** Left out for lack of another value. */
  readonly rowsIncomplete: number;
  readonly inputs: number;
  readonly columns: readonly ColumnReport[];
}

/** A column of a model's contract, in words. */
export interface ContractColumn {
  readonly name: string;
  readonly kind: string;
  /** Of the network; null for what is no feature. */
  readonly inputs: number | null;
  /** How it becomes inputs, or why it is not used. */
  readonly how: string;
}
