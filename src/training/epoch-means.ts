/** Running values of an epoch: the loss and metrics over all rows so far. */
import type { MeasuredPlace, SeriesResult, Session } from '../engine/engine.ts';
import type { Logs, LogValue, StateValue } from '../records.ts';
import type { Measures } from './compile.ts';
import type { StateReader } from './state-reader.ts';

/** What is read after each batch: the loss, then the sums of each metric. */
export function measuredPlaces({ loss, metrics }: Measures): MeasuredPlace[] {
  return [
    { name: loss, length: 1 },
    ...metrics.map(({ place, length }) => ({ name: place, length })),
  ];
}

/** What the batch left that a session has just run, as `EpochMeans` takes it. */
export function readMeasures(session: Session, measures: Measures): SeriesResult {
  const places = measuredPlaces(measures);
  const values = new Float32Array(places.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const { name, length } of places) {
    session.read(name, values.subarray(at, at + length));
    at += length;
  }
  return { steps: 1, values };
}

/**
 * Adds up what each batch measured. The loss is the mean of the batches' losses weighted by their
 * rows (Keras 2, and Keras 3 from 3.2); metrics add up what each batch sums. Sums are doubles,
 * results float32, as Keras shows them.
 */
export class EpochMeans {
  readonly #measures: Measures;
  /** Of each metric what the epoch's batches add up to. */
  readonly #totals: readonly Float64Array[];
  #lossSum = 0;
  #rows = 0;

  constructor(measures: Measures) {
    this.#measures = measures;
    this.#totals = measures.metrics.map(({ length }) => new Float64Array(length));
  }

  /**
   * Takes in the batches of a series: of each, what `measuredPlaces` names.
   *
   * @param rows   from the first of them on; the last batch may have fewer than `batch`
   * @returns the loss of the last of them alone
   */
  add({ steps, values }: SeriesResult, rows: number, batch: number): number {
    const width = values.length / steps;
    let loss = 0;
    for (let step = 0; step < steps; step++) {
      const count = Math.min(batch, rows - step * batch);
      let at = step * width;
      loss = values[at++];
      this.#lossSum += loss * count;
      this.#rows += count;
      // By index: an epoch may have thousands of batches, each of a few hundred nanoseconds.
      for (let metric = 0; metric < this.#totals.length; metric++) {
        const total = this.#totals[metric];
        for (let i = 0; i < total.length; i++, at++) total[i] += values[at];
      }
    }
    return loss;
  }

  state(): StateValue {
    const totals = this.#totals.map((total) => total.slice());
    return { loss_sum: this.#lossSum, rows: this.#rows, totals };
  }

  /**
   * Goes on where others gave their state.
   *
   * @param rows  that they have taken in
   * @throws {UserError} exit 4 where it is of other metrics
   */
  resume(state: StateReader, rows: number): void {
    this.#lossSum = state.finite('loss_sum');
    this.#rows = state.count('rows', rows, rows);
    const totals = state.list('totals', this.#totals.length);
    this.#totals.forEach((total, index) => {
      total.set(totals[index].asFloat64(total.length));
    });
  }

  /** Of the logs. */
  get names(): string[] {
    return ['loss', ...this.#measures.metrics.map(({ name }) => name)];
  }

  /** Loss first, then the metrics as they were asked for. */
  logs(): Logs {
    const { metrics } = this.#measures;
    const logs: [string, LogValue][] = [['loss', Math.fround(this.#lossSum / this.#rows)]];
    for (let i = 0; i < metrics.length; i++) {
      const { name, result } = metrics[i];
      const value = result(this.#totals[i], this.#rows);
      logs.push([name, typeof value === 'number' ? Math.fround(value) : value.map(Math.fround)]);
    }
    return logs;
  }
}
