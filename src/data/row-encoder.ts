/** Rows of a table to inputs by a contract, one after the other. */
import type { Batch } from './batch.ts';
import type { CellProblems } from './cell-problems.ts';
import type { CellSyntax } from './cell-syntax.ts';
import type { Columns } from './columns.ts';
import { type FeatureEncoder, featureEncoder } from './feature-encoder.ts';

/** Whether a row can be used: `incomplete` where it lacks a value without which rows are left out. */
export type RowState = 'complete' | 'incomplete' | 'wrong';

/** Writes the inputs of rows. */
export class RowEncoder {
  /** How many inputs a row is. */
  readonly width: number;
  readonly #encoders: readonly FeatureEncoder[];
  /** Whether each is a number as it stands, which needs no look at its text. */
  readonly #indices: readonly number[];
  readonly #isNumber: readonly boolean[];
  readonly #syntax: CellSyntax;

  /** @param indices  where each feature's column stands in the table, from 0 */
  constructor({ features }: Columns, indices: readonly number[], syntax: CellSyntax) {
    this.#encoders = features.map((feature) => featureEncoder(feature, syntax));
    this.#isNumber = features.map(({ kind }) => kind === 'number');
    this.#indices = indices;
    this.#syntax = syntax;
    this.width = this.#encoders.reduce((sum, { width }) => sum + width, 0);
  }

  /** Writes one row at `out[at]` …; notes the cells that do not fit. */
  encode(
    batch: Batch,
    row: number,
    out: Float32Array,
    at: number,
    problems: CellProblems,
  ): RowState {
    let state: RowState = 'complete';
    let offset = at;
    for (let i = 0; i < this.#encoders.length; i++) {
      const encoder = this.#encoders[i];
      const index = this.#indices[i];
      const value = this.#isNumber[i] ? batch.number(row, index) : Number.NaN;
      if (!Number.isNaN(value)) encoder.value(value, out, offset);
      else {
        const found = this.#text(encoder, batch, row, index, out, offset, problems);
        if (state === 'complete' || found === 'wrong') state = found;
      }
      offset += encoder.width;
    }
    return state;
  }

  #text(
    encoder: FeatureEncoder,
    batch: Batch,
    row: number,
    index: number,
    out: Float32Array,
    at: number,
    problems: CellProblems,
  ): RowState {
    const cell = batch.text(row, index);
    const found = encoder.text(cell, out, at);
    if (found === undefined) return 'complete';
    if (encoder.drops && this.#syntax.isMissing(cell)) return 'incomplete';
    problems.add(batch.line(row), index, found.problem, () => found.remedy);
    return 'wrong';
  }
}
