/** Running values of an epoch: the loss and metrics over all rows so far. */
import type { Session } from '../engine/engine.ts';
import type { Logs, LogValue } from '../records.ts';
import type { Measures } from './compile.ts';

/**
 * Adds up what each batch left in the session. The loss is the mean of the batches' losses weighted
 * by their rows (Keras 2, and Keras 3 from 3.2); metrics add up what each batch sums. Sums are
 * doubles, results float32, as Keras shows them.
 */
export class EpochMeans {
  /** The loss of the last batch alone. */
  lastLoss = 0;
  readonly #session: Session;
  readonly #measures: Measures;
  /** Of each metric: what the epoch's batches add up to, and what the last one left. */
  readonly #totals: readonly { readonly sum: Float64Array; readonly last: Float64Array }[];
  #lossSum = 0;
  #rows = 0;

  constructor(session: Session, measures: Measures) {
    this.#session = session;
    this.#measures = measures;
    this.#totals = measures.metrics.map(({ length }) => ({
      sum: new Float64Array(length),
      last: new Float64Array(length),
    }));
  }

  /** Takes in the batch of `rows` samples that the session has just run. */
  add(rows: number): void {
    const { loss, metrics } = this.#measures;
    this.lastLoss = this.#session.readNumber(loss);
    this.#lossSum += this.lastLoss * rows;
    this.#rows += rows;
    for (let i = 0; i < metrics.length; i++) {
      const { sum, last } = this.#totals[i];
      this.#session.read(metrics[i].place, last);
      for (let j = 0; j < sum.length; j++) sum[j] += last[j];
    }
  }

  /** Loss first, then the metrics as they were asked for. */
  logs(): Logs {
    const { metrics } = this.#measures;
    const logs: [string, LogValue][] = [['loss', Math.fround(this.#lossSum / this.#rows)]];
    for (let i = 0; i < metrics.length; i++) {
      const { name, result } = metrics[i];
      const value = result(this.#totals[i].sum, this.#rows);
      logs.push([name, typeof value === 'number' ? Math.fround(value) : value.map(Math.fround)]);
    }
    return logs;
  }
}
