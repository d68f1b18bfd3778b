/** Rows of a table to inputs by a contract, one after the other. */
import type { Batch } from './batch.ts';
import type { CellSyntax } from './cell-syntax.ts';
import type { Columns } from './columns.ts';
import { type FeatureEncoder, featureEncoder } from './feature-encoder.ts';

/** Whether a row can be used: `incomplete` where it lacks a value without which rows are left out. */
export type RowState = 'complete' | 'incomplete' | 'wrong';

/** Takes the cells that do not fit. */
interface CellNotes {
  /**
   * @param index    the cell's column, from 0
   * @param problem  "expected …; found …"
   */
  add(line: number, index: number, problem: string, remedy: () => string): void;
}

/** How many cells of a feature's column were taken for what they do not say, in complete rows. */
export interface Substitutions {
  /** The column, from 0. */
  readonly index: number;
  /** Missing values that were filled in. */
  filled: number;
  /** Categories that training never saw, taken for none. */
  unseen: number;
}

/** Writes the inputs of rows. */
export class RowEncoder {
  /** How many inputs a row is. */
  readonly width: number;
  /** For each feature, in order. */
  readonly substitutions: readonly Substitutions[];
  readonly #encoders: readonly FeatureEncoder[];
  readonly #indices: readonly number[];
  /** Whether each is a number as it stands, which needs no look at its text. */
  readonly #isNumber: readonly boolean[];
  /** How the only input of each is scaled; the scale is NaN where there are others, or it is no number. */
  readonly #shifts: Float64Array;
  readonly #scales: Float64Array;
  /** Whether all features have such a scale. */
  readonly #areScaled: boolean;
  readonly #syntax: CellSyntax;
  readonly #needsAll: boolean;
  /** What the row at hand adds, if it is complete. */
  #pending: { readonly to: Substitutions; readonly as: 'filled' | 'unseen' }[] = [];

  /**
   * @param indices   where each feature's column stands in the table, from 0
   * @param needsAll  whether a row that training would have left out is wrong, for lack of a value
   */
  constructor(
    { features }: Columns,
    indices: readonly number[],
    syntax: CellSyntax,
    needsAll = false,
  ) {
    this.#encoders = features.map((feature) => featureEncoder(feature, syntax));
    this.#isNumber = features.map(({ kind }) => kind === 'number');
    this.#shifts = Float64Array.from(this.#encoders, ({ scaling }) => scaling?.shift ?? 0);
    this.#scales = Float64Array.from(this.#encoders, ({ scaling }) => scaling?.scale ?? Number.NaN);
    this.#areScaled =
      this.#isNumber.every((is) => is) && this.#scales.every((scale) => !Number.isNaN(scale));
    this.#indices = indices;
    this.#syntax = syntax;
    this.#needsAll = needsAll;
    this.substitutions = indices.map((index) => ({ index, filled: 0, unseen: 0 }));
    this.width = this.#encoders.reduce((sum, { width }) => sum + width, 0);
  }

  /** Writes one row at `out[at]` …; notes the cells that do not fit. */
  encode(batch: Batch, row: number, out: Float32Array, at: number, problems: CellNotes): RowState {
    if (this.#areScaled && this.#encodeNumbers(batch, row, out, at)) return 'complete';
    const indices = this.#indices;
    const isNumber = this.#isNumber;
    const shifts = this.#shifts;
    const scales = this.#scales;
    let state: RowState = 'complete';
    let offset = at;
    for (let i = 0; i < indices.length; i++) {
      const value = isNumber[i] ? batch.number(row, indices[i]) : Number.NaN;
      const scale = scales[i];
      if (!Number.isNaN(value) && !Number.isNaN(scale)) {
        // What the encoder does, without the calls.
        out[offset++] = (value - shifts[i]) / scale;
        continue;
      }
      const encoder = this.#encoders[i];
      if (!Number.isNaN(value)) encoder.value(value, out, offset);
      else {
        const found = this.#text(i, batch, row, out, offset, problems);
        if (state === 'complete' || found === 'wrong') state = found;
      }
      offset += encoder.width;
    }
    if (this.#pending.length > 0) this.#settle(state);
    return state;
  }

  /** Does the same for a row of which all numbers are read; false where it is none. */
  #encodeNumbers(
    { numbers, width = 0 }: Batch,
    row: number,
    out: Float32Array,
    at: number,
  ): boolean {
    if (!numbers) return false;
    const indices = this.#indices;
    const shifts = this.#shifts;
    const scales = this.#scales;
    const cell = row * width;
    for (let i = 0; i < indices.length; i++) {
      const input = (numbers[cell + indices[i]] - shifts[i]) / scales[i];
      if (Number.isNaN(input)) return false;
      out[at + i] = input;
    }
    return true;
  }

  /** The substitutions so far, none if there were none; they are counted anew from here on. */
  takeSubstitutions(): readonly Substitutions[] {
    if (this.substitutions.every(({ filled, unseen }) => filled + unseen === 0)) return [];
    const taken = this.substitutions.map((column) => ({ ...column }));
    for (const column of this.substitutions) Object.assign(column, { filled: 0, unseen: 0 });
    return taken;
  }

  /** Adds what an encoder of the same columns gave. */
  addSubstitutions(taken: readonly Substitutions[]): void {
    taken.forEach(({ filled, unseen }, feature) => {
      this.substitutions[feature].filled += filled;
      this.substitutions[feature].unseen += unseen;
    });
  }

  #text(
    feature: number,
    batch: Batch,
    row: number,
    out: Float32Array,
    at: number,
    problems: CellNotes,
  ): RowState {
    const encoder = this.#encoders[feature];
    const index = this.#indices[feature];
    const cell = batch.text(row, index);
    const found = encoder.text(cell, out, at);
    if (found === undefined) return 'complete';
    if (typeof found === 'string') {
      this.#pending.push({ to: this.substitutions[feature], as: found });
      return 'complete';
    }
    if (encoder.drops && !this.#needsAll && this.#syntax.isMissing(cell)) return 'incomplete';
    problems.add(batch.line(row), index, found.problem, () => found.remedy);
    return 'wrong';
  }

  #settle(state: RowState): void {
    if (state === 'complete') for (const { to, as } of this.#pending) to[as]++;
    this.#pending = [];
  }
}
