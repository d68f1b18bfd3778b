/** A network in training: its session, its learning rate, and what can be done with them. */
import { prepare } from '../engine/choose.ts';
import type { MeasuredPlace, Series, SeriesResult, Session, Table } from '../engine/engine.ts';
import type { Computing } from '../engine/names.ts';
import type { LayerWeights, NdArray } from '../ndarray.ts';
import type { Network } from '../nn/network.ts';
import type { Logs, StateValue } from '../records.ts';
import type { OptimizerSpec } from '../spec/optimizers.ts';
import { type CompiledModel, type CompileSettings, compileModel } from './compile.ts';
import { EpochMeans, measuredPlaces, readMeasures } from './epoch-means.ts';
import { FiniteCheck, type Memory, memoryOf, type NonFinite } from './finite.ts';
import { FullBatch } from './full-batch.ts';
import { checkBatchMemory } from './memory.ts';
import { OptimizerClock } from './optimizer-clock.ts';
import type { StateReader } from './state-reader.ts';
import { tablesOf } from './tables.ts';
import { loadWeights, readBlocks, saveWeights, writeBlocks } from './weights.ts';

/** Samples and their targets. The first axis of both is the sample. */
export interface Samples {
  /** `[n, ...input shape]` */
  readonly x: NdArray;
  /** `[n, ...target shape]`: numbers, class numbers, or one-hot rows, as the loss wants them. */
  readonly y: NdArray;
  /** `[n, 1]`, or `[n, k]` for each of k output rows: what it counts for; null where all count alike. */
  readonly sampleWeight?: NdArray | null;
}

/** The numbers `0 … rows − 1`. */
export function inOrder(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}

/** What makes the largest batch smaller. */
function smallerBatch({ type }: OptimizerSpec): string {
  if (type === 'lbfgs') return 'lbfgs takes all rows at once: use another optimizer';
  return 'use a smaller --batch-size, and in the model file no larger "validation_batch_size"';
}

/** The rows of some batches. */
type RowsInBatches = Pick<Series, 'order' | 'first' | 'end' | 'batch'>;

/** Products of samples and parameters that are computed in some milliseconds. */
export const AT_ONCE = 2 ** 25;

const EVALUATION = { numbers: [], firstStep: 0 } as const;

export class TrainingRun {
  /** The engine that computes. */
  readonly engine: string;
  /** Maker and version of the library that computes with it, if one does. */
  readonly blas?: string;
  /** 0 where samples have none. */
  readonly weightsPerSample: number;
  readonly #network: Network;
  readonly #model: CompiledModel;
  readonly #session: Session;
  /** The variables that are no weights. */
  readonly #memory: readonly Memory[];
  readonly #finite: FiniteCheck;
  /** Of inputs and targets. */
  readonly #numbersPerSample: number;
  readonly #tables = new Map<Samples, readonly Table[]>();
  readonly #measured: Record<'train' | 'evaluate', readonly MeasuredPlace[]>;
  readonly #training: OptimizerClock | FullBatch;
  /** Grows to the most rows that are evaluated. */
  #inOrder: Int32Array = inOrder(0);

  /**
   * @param sample  any samples of the run: their target shape is compiled in, and that they have weights
   * @param maxBatch  the largest batch of training and of evaluation
   * @throws {UserError} exit 2 where its numbers do not fit in memory, or lbfgs does not suit the layers
   */
  constructor(
    network: Network,
    weights: readonly LayerWeights[],
    settings: CompileSettings & Computing & { readonly seed: number },
    sample: Samples,
    maxBatch: number,
  ) {
    this.#network = network;
    const targetShape = sample.y.shape.slice(1);
    const perSample = sample.sampleWeight?.shape[1] ?? 0;
    const compile = (rows: number) => compileModel(network, settings, targetShape, perSample, rows);
    this.#model = compile(maxBatch);
    checkBatchMemory(this.#model.plan, () => compile(1).plan, smallerBatch(settings.optimizer));
    this.#numbersPerSample = (sample.x.values.length + sample.y.values.length) / sample.x.shape[0];
    this.weightsPerSample = perSample;
    this.#measured = {
      train: measuredPlaces(this.#model.train),
      evaluate: measuredPlaces(this.#model.evaluate),
    };
    const prepared = prepare(this.#model.plan, settings.seed, settings);
    this.engine = prepared.engine;
    this.blas = prepared.blas;
    this.#memory = memoryOf(this.#model.plan);
    this.#session = prepared.session;
    loadWeights(this.#session, this.#model.parameters, weights);
    const { optimizer } = settings;
    this.#training =
      optimizer.type === 'lbfgs'
        ? new FullBatch(this.#session, this.#model, optimizer)
        : new OptimizerClock(this.#session, optimizer);
    const isFullBatch = this.#training instanceof FullBatch;
    const { parameters } = this.#model;
    this.#finite = new FiniteCheck(this.#session, parameters, this.#memory, isFullBatch);
  }

  /** The rate of the next step, a float32. */
  get learningRate(): number {
    return this.#training.learningRate;
  }

  set learningRate(rate: number) {
    this.#training.learningRate = rate;
  }

  /** Of the last step that was run: its rate, and what its chance was keyed by. */
  get lastStep(): { readonly rate: number; readonly step: number } {
    return this.#training.lastStep;
  }

  /** Whether lbfgs has found nothing better. */
  get isConverged(): boolean {
    return this.#training instanceof FullBatch && this.#training.isConverged;
  }

  /** Empty means for an epoch of training. */
  startEpoch(): EpochMeans {
    return new EpochMeans(this.#model.train);
  }

  /**
   * Steps on the samples `order[first … end)`, so many in each batch; as many steps as take some
   * milliseconds, one at least, and none after a loss that is not finite.
   *
   * @param atMost  not more steps than these
   * @returns how many there were, and what each of them measured, for `EpochMeans`
   */
  trainBatches(
    samples: Samples,
    { order, first, end, batch }: RowsInBatches,
    atMost = Number.POSITIVE_INFINITY,
  ): SeriesResult {
    if (this.#training instanceof FullBatch) {
      this.#gather(samples, order, first, end - first);
      this.#training.trainOn(end - first);
      return readMeasures(this.#session, this.#model.train);
    }
    const steps = Math.min(atMost, this.#stepsAtOnce(batch), Math.ceil((end - first) / batch));
    const next = this.#training.next(steps);
    const tables = this.tablesOf(samples);
    return this.#session.runSeries({
      steps,
      programs: next.programs,
      numbers: next.numbers,
      firstStep: next.firstStep,
      tables,
      order,
      first,
      end: Math.min(end, first + steps * batch),
      batch,
      measures: this.#measured.train,
    });
  }

  /** What Keras does at the end of `fit`: with `use_ema` the averages become the weights. */
  finish(): void {
    if (this.#training instanceof OptimizerClock) this.#training.finish(this.#model.parameters);
  }

  /** Loss and metrics of samples, in batches and in order, as in inference. */
  evaluate(samples: Samples, batchSize: number): Logs {
    const measuring = this.measure(samples, batchSize);
    for (;;) {
      const next = measuring.next();
      if (next.done) return next.value;
    }
  }

  /** The same bit by bit: it yields after each part, which takes some milliseconds. */
  *measure(samples: Samples, batchSize: number): Generator<void, Logs> {
    const rows = samples.x.shape[0];
    if (this.#inOrder.length < rows) this.#inOrder = inOrder(rows);
    const means = new EpochMeans(this.#model.evaluate);
    const measures = this.#measured.evaluate;
    const tables = this.tablesOf(samples);
    const atOnce = batchSize * this.#stepsAtOnce(batchSize);
    for (let first = 0; first < rows; ) {
      const end = Math.min(rows, first + atOnce);
      const steps = Math.ceil((end - first) / batchSize);
      const result = this.#session.runSeries({
        ...EVALUATION,
        ...{ steps, programs: [{ program: 'evaluate', steps }], tables, measures },
        ...{ order: this.#inOrder, first, end, batch: batchSize },
      });
      means.add(result, end - first, batchSize);
      first += batchSize * result.steps;
      yield;
    }
    return means.logs();
  }

  /** All that the next step depends on besides the weights: the optimizer's memory, and where it is. */
  state(): StateValue {
    const variables = this.#memory.map(({ name, length }) => {
      const values = new Float32Array(length);
      this.#session.read(name, values);
      return [name, values] as const;
    });
    return { variables: Object.fromEntries(variables), optimizer: this.#training.state() };
  }

  /**
   * Goes on where another run gave its state.
   *
   * @param rows  that are trained on
   * @param isSameRate  whether the learning rate is as it was there
   * @throws {UserError} exit 4 where it is of another network or optimizer
   */
  resume(state: StateReader, rows: number, isSameRate: boolean): void {
    const variables = state.part('variables');
    const memory = this.#memory;
    const unknown = variables.keys().find((key) => !memory.some(({ name }) => name === key));
    if (unknown !== undefined) throw variables.part(unknown).wrong('nothing of this name');
    for (const { name, length } of memory) {
      this.#session.write(name, variables.float32(name, length));
    }
    const optimizer = state.part('optimizer');
    if (this.#training instanceof FullBatch) this.#training.resume(optimizer, rows);
    else this.#training.resume(optimizer, isSameRate);
  }

  /** How many numbers a snapshot has. */
  get parameterCount(): number {
    const { trainable, frozen } = this.#model.parameters;
    return (trainable?.shape.cols ?? 0) + (frozen?.shape.cols ?? 0);
  }

  /** Numbers of a snapshot, and of what the optimizer remembers. */
  get stateSize(): { readonly weights: number; readonly memory: number } {
    const memory = this.#memory.reduce((sum, { length }) => sum + length, 0);
    return { weights: this.parameterCount, memory };
  }

  /** Lets threads end; no step can follow. */
  close(): void {
    this.#session.close();
  }

  /** The first number among the weights and the optimizer's memory that is none; of lbfgs in its gradient, too. */
  findNonFinite(): NonFinite | null {
    return this.#finite.find();
  }

  /** A copy of all weights. */
  snapshot(): Float32Array {
    return readBlocks(this.#session, this.#model.parameters);
  }

  /** Puts a snapshot's weights back. */
  restore(weights: Float32Array): void {
    writeBlocks(this.#session, this.#model.parameters, weights);
  }

  /** All weights by layer. */
  weights(): LayerWeights[] {
    return saveWeights(this.#session, this.#model.parameters, this.#network);
  }

  #gather(samples: Samples, order: Int32Array, first: number, count: number): void {
    for (const { name, values } of this.tablesOf(samples)) {
      this.#session.gather(name, values, order, first, count);
    }
  }

  /** Products of samples and parameters of a step. */
  workOf(batch: number): number {
    return batch * (this.parameterCount + this.#numbersPerSample);
  }

  /** How many steps take some milliseconds. */
  #stepsAtOnce(batch: number): number {
    return Math.max(1, Math.floor(AT_ONCE / this.workOf(batch)));
  }

  /** What fills the inputs. */
  tablesOf(samples: Samples): readonly Table[] {
    const known = this.#tables.get(samples);
    if (known) return known;
    const tables = tablesOf(samples, this.weightsPerSample);
    this.#tables.set(samples, tables);
    return tables;
  }
}
