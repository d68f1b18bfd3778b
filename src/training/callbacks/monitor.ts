/** Watches one value of the logs for improvement, by the rules of keras.callbacks. */
import type { Logs } from '../../records.ts';

/** Which values are better. */
export type Direction = 'min' | 'max';

/** The best value so far. Until there is one, anything is an improvement, even NaN. */
export class Monitor {
  best: number | null = null;
  readonly #name: string;
  readonly #direction: Direction;
  readonly #minDelta: number;

  /**
   * @param minDelta  how much better than the best a value must be; its sign does not matter
   */
  constructor(name: string, direction: Direction, minDelta: number) {
    this.#name = name;
    this.#direction = direction;
    this.#minDelta = Math.abs(minDelta);
  }

  /** The value that is watched; undefined in an epoch that did not measure it. */
  valueIn(logs: Logs): number | undefined {
    const value = logs.find(([name]) => name === this.#name)?.[1];
    return typeof value === 'number' ? value : undefined;
  }

  /** Whether a value is better than the best so far. NaN never is, and nothing is better than NaN. */
  improves(value: number): boolean {
    return this.best === null || this.isBetter(value, this.best);
  }

  /** Whether a value is better than another by more than `minDelta`. */
  isBetter(value: number, than: number): boolean {
    return this.#direction === 'min'
      ? value + this.#minDelta < than
      : value - this.#minDelta > than;
  }
}
