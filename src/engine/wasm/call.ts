/** What a kernel is called with. */
import type { Place } from '../../graph/layout.ts';

/** One call. */
export interface Call {
  /** Its name, or the number of what was compiled for the plan. */
  readonly kernel: string | number;
  /** Addresses, counts, lengths in bytes. */
  readonly words: readonly number[];
}

/** Where a session has its things, in bytes. */
export interface Addresses {
  /** The arena's first number. */
  readonly arena: number;
  /** Room for what kernels put aside. */
  readonly scratch: number;
  /** Bytes of it; of several threads each has so many. */
  readonly scratchSize: number;
  /** The step's number, a 32-bit integer. */
  readonly step: number;
}

/** What a call is made for. */
export interface CallContext {
  readonly addresses: Addresses;
  /** How many samples. */
  readonly batch: number;
  /** Where they are part of a batch, the first of them. */
  readonly first?: number;
  readonly seed: number;
}

/** The address of a place. */
export function addressOf({ offset }: Place, { addresses }: CallContext): number {
  return addresses.arena + 4 * offset;
}

/** The rows of a place in this run. */
export function rowsOf(place: Place, batch: number): number {
  return place.batched ? place.rows * batch : place.rows;
}

/** Whether a place is as large as another, whatever the batch. */
export function isWhole(input: Place, out: Place): boolean {
  return input.rows === out.rows && input.cols === out.cols && input.batched === out.batched;
}

export function isOneNumber({ rows, cols, batched }: Place): boolean {
  return rows === 1 && cols === 1 && !batched;
}
