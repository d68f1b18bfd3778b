/** A network in training: its session, its learning rate, and what can be done with them. */
import { prepare } from '../engine/choose.ts';
import type { Session } from '../engine/engine.ts';
import type { EngineName } from '../engine/names.ts';
import type { LayerWeights, NdArray } from '../ndarray.ts';
import type { Network } from '../nn/network.ts';
import type { Logs } from '../records.ts';
import type { OptimizerSpec } from '../spec/optimizers.ts';
import { type CompiledModel, type CompileSettings, compileModel, INPUTS } from './compile.ts';
import { EpochMeans } from './epoch-means.ts';
import { findNonFinite, type NonFinite } from './finite.ts';
import { FullBatch } from './full-batch.ts';
import { checkBatchMemory } from './memory.ts';
import { OptimizerClock } from './optimizer-clock.ts';
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

export class TrainingRun {
  /** The engine that computes. */
  readonly engine: string;
  readonly #network: Network;
  readonly #model: CompiledModel;
  readonly #session: Session;
  /** Those of one batch. */
  readonly #weights: Float32Array;
  /** 0 where samples have none. */
  readonly #weightsPerSample: number;
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
    settings: CompileSettings & { readonly seed: number; readonly engine?: EngineName },
    sample: Samples,
    maxBatch: number,
  ) {
    this.#network = network;
    const targetShape = sample.y.shape.slice(1);
    const perSample = sample.sampleWeight?.shape[1] ?? 0;
    const compile = (rows: number) => compileModel(network, settings, targetShape, perSample, rows);
    this.#model = compile(maxBatch);
    checkBatchMemory(this.#model.plan, () => compile(1).plan, smallerBatch(settings.optimizer));
    this.#weights = new Float32Array(maxBatch * perSample);
    this.#weightsPerSample = perSample;
    const { engine, session } = prepare(this.#model.plan, settings.seed, settings.engine);
    this.engine = engine;
    this.#session = session;
    loadWeights(this.#session, this.#model.parameters, weights);
    const { optimizer } = settings;
    this.#training =
      optimizer.type === 'lbfgs'
        ? new FullBatch(this.#session, this.#model, optimizer)
        : new OptimizerClock(this.#session, optimizer);
  }

  /** The rate of the next step, a float32. */
  get learningRate(): number {
    return this.#training.learningRate;
  }

  set learningRate(rate: number) {
    this.#training.learningRate = rate;
  }

  /** Whether lbfgs has found nothing better. */
  get isConverged(): boolean {
    return this.#training instanceof FullBatch && this.#training.isConverged;
  }

  /** Empty means for an epoch of training. */
  startEpoch(): EpochMeans {
    return new EpochMeans(this.#session, this.#model.train);
  }

  /** One step on the samples `order[first … first + count)`; its measures are added to `means`. */
  trainBatch(
    samples: Samples,
    order: Int32Array,
    first: number,
    count: number,
    means: EpochMeans,
  ): void {
    this.#gather(samples, order, first, count);
    this.#training.trainOn(count);
    means.add(count);
  }

  /** What Keras does at the end of `fit`: with `use_ema` the averages become the weights. */
  finish(): void {
    if (this.#training instanceof OptimizerClock) this.#training.finish(this.#model.parameters);
  }

  /** Loss and metrics of samples, in batches and in order, as in inference. */
  evaluate(samples: Samples, batchSize: number): Logs {
    const rows = samples.x.shape[0];
    if (this.#inOrder.length < rows) this.#inOrder = inOrder(rows);
    const means = new EpochMeans(this.#session, this.#model.evaluate);
    for (let first = 0; first < rows; first += batchSize) {
      const count = Math.min(batchSize, rows - first);
      this.#gather(samples, this.#inOrder, first, count);
      this.#session.run('evaluate', count, 0);
      means.add(count);
    }
    return means.logs();
  }

  /** The first number among the weights that is none; of lbfgs among its gradient, too. */
  findNonFinite(): NonFinite | null {
    const hasGradient = this.#training instanceof FullBatch;
    return findNonFinite(this.#session, this.#model.parameters, hasGradient);
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
    this.#session.gather(INPUTS.x, samples.x.values, order, first, count);
    this.#session.gather(INPUTS.y, samples.y.values, order, first, count);
    if (this.#weightsPerSample > 0) this.#gatherWeights(samples, order, first, count);
  }

  /** Samples without weights count 1; one weight serves all rows of a sample. */
  #gatherWeights(samples: Samples, order: Int32Array, first: number, count: number): void {
    const perSample = this.#weightsPerSample;
    const values = samples.sampleWeight?.values;
    const given = samples.sampleWeight?.shape[1] ?? 0;
    for (let i = 0; i < count; i++) {
      const row = order[first + i] * given;
      for (let j = 0; j < perSample; j++) {
        this.#weights[i * perSample + j] = values ? values[row + Math.min(j, given - 1)] : 1;
      }
    }
    this.#session.write(INPUTS.weights, this.#weights.subarray(0, count * perSample));
  }
}
