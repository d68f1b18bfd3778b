/**
 * The tables that series take their rows from. Small ones are copied into the memory once, and kernels gather from
 * there; of large ones, which would be in memory twice, only the rows of the next series are, in their order.
 */
import { gatherRows } from '../arena.ts';
import type { Series } from '../engine.ts';
import type { Memory } from './memory.ts';

/** Bytes of a table that is copied whole. */
const MOST_COPIED = 2 ** 25;

/** Where the rows of a series are found. */
export interface Sources {
  /** Of each table, the address of row 0. */
  readonly addresses: readonly number[];
  /** Numbers of a row of each table where the rows are brought series by series; null where whole tables are there. */
  readonly widths: readonly number[] | null;
}

export class TableMemory {
  readonly #memory: Memory;
  readonly #copied = new Map<Float32Array, number>();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Bytes of each piece of memory that `sourcesFor` would take. */
  sizesFor(series: Series, widths: readonly number[]): number[] {
    const { tables, first, end } = series;
    if (isLarge(series)) return widths.map((width) => 4 * width * (end - first));
    const missing = tables.filter(({ values }) => !this.#copied.has(values));
    return missing.map(({ values }) => values.byteLength);
  }

  /** @param widths  numbers of a row of each table */
  sourcesFor(series: Series, widths: readonly number[]): Sources {
    const { tables, first, end } = series;
    if (!isLarge(series)) {
      return { addresses: tables.map(({ values }) => this.#addressOf(values)), widths: null };
    }
    const addresses = widths.map((width) => this.#memory.take(4 * width * (end - first)));
    return { addresses, widths };
  }

  /** Brings the rows of a series, where whole tables are not there. */
  bring({ tables, order, first, end }: Series, { addresses, widths }: Sources): void {
    widths?.forEach((width, table) => {
      const { values } = tables[table];
      const target = this.#memory.floats(addresses[table], width * (end - first));
      gatherRows(values, width, order.subarray(first, end), target);
    });
  }

  #addressOf(values: Float32Array): number {
    const known = this.#copied.get(values);
    if (known !== undefined) return known;
    const address = this.#memory.take(values.byteLength);
    this.#memory.floats(address, values.length).set(values);
    this.#copied.set(values, address);
    return address;
  }
}

function isLarge({ tables }: Series): boolean {
  return tables.some(({ values }) => values.byteLength > MOST_COPIED);
}
