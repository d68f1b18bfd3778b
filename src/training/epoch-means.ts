/** Running values of an epoch: the loss and metrics over all rows so far. */
import type { Session } from '../engine/engine.ts';
import type { Logs } from '../records.ts';
import type { Measures } from './compile.ts';

/**
 * Adds up what each batch left in the session. The loss is the mean of the batches' losses weighted
 * by their rows (Keras 2, and Keras 3 from 3.2); metrics are means over all values. Sums are
 * doubles, results float32, as Keras shows them.
 */
export class EpochMeans {
  /** The loss of the last batch alone. */
  lastLoss = 0;
  readonly #session: Session;
  readonly #measures: Measures;
  readonly #metricSums: Float64Array;
  #lossSum = 0;
  #rows = 0;

  constructor(session: Session, measures: Measures) {
    this.#session = session;
    this.#measures = measures;
    this.#metricSums = new Float64Array(measures.metrics.length);
  }

  /** Takes in the batch of `rows` samples that the session has just run. */
  add(rows: number): void {
    const { loss, metrics } = this.#measures;
    this.lastLoss = this.#session.readNumber(loss);
    this.#lossSum += this.lastLoss * rows;
    this.#rows += rows;
    for (let i = 0; i < metrics.length; i++) {
      this.#metricSums[i] += this.#session.readNumber(metrics[i].sum);
    }
  }

  /** Loss first, then the metrics as they were asked for. */
  logs(): Logs {
    const { metrics } = this.#measures;
    const logs: [string, number][] = [['loss', Math.fround(this.#lossSum / this.#rows)]];
    for (let i = 0; i < metrics.length; i++) {
      const { name, result, valuesPerSample } = metrics[i];
      const mean = this.#metricSums[i] / (this.#rows * valuesPerSample);
      logs.push([name, Math.fround(result(mean))]);
    }
    return logs;
  }
}
