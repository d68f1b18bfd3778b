/** A table with targets for a model that has a contract already: row by row, as it comes. */
import { ExitCode, UserError } from '../errors.ts';
import { formatThousands, quote } from '../words.ts';
import type { Batch } from './batch.ts';
import { type BegunTable, eachBatch } from './begun-table.ts';
import { CellProblems } from './cell-problems.ts';
import { findColumn } from './choose-columns.ts';
import { allRows } from './column-profile.ts';
import type { Columns } from './columns.ts';
import type { Heading } from './heading.ts';
import { columnLabel } from './heading.ts';
import { matchColumn, matchFeatures, matchTargets } from './match-columns.ts';
import { float32List } from './number-list.ts';
import { textsOf } from './row.ts';
import { RowEncoder } from './row-encoder.ts';
import { CORRECT_WEIGHT, noWeight, readWeight } from './sample-weight.ts';
import { splitRows } from './split.ts';
import { type SplitWish, splitRule } from './split-wish.ts';
import { substitutionNotes } from './substitution-notes.ts';
import type { KnownColumns, Table, TablePart } from './table.ts';
import { partOfRows, splitNote } from './table-parts.ts';
import { type TargetEncoder, targetEncoder } from './target-encoder.ts';

/**
 * Reads a table by a contract.
 *
 * @throws {UserError} exit 3, as `readTable`
 */
export async function readKnownTable(
  begun: BegunTable,
  known: KnownColumns,
  split: SplitWish | undefined,
): Promise<Table> {
  const table = new KnownTable(begun, known, split);
  const problems = table.problems;
  await eachBatch(
    begun,
    (batch, rows) => {
      table.add(batch);
      if (table.keepsCells) for (const { cells } of textsOf(rows)) table.keep(cells);
    },
    () => problems.check('part'),
  );
  problems.check('whole');
  return table.finish();
}

class KnownTable {
  readonly problems: CellProblems;
  readonly keepsCells: boolean;
  readonly #begun: BegunTable;
  readonly #contract: Columns;
  readonly #split: SplitWish | undefined;
  readonly #encoder: RowEncoder;
  readonly #targets: readonly { readonly index: number; readonly encode: TargetEncoder }[];
  readonly #weightIndex: number | null;
  /** Whether the contract has weights and the table has none. */
  readonly #lacksWeights: boolean;
  readonly #splitIndex: number | null;
  readonly #row: Float32Array;
  readonly #x = float32List();
  readonly #y = float32List();
  readonly #weights = float32List();
  readonly #words: string[] = [];
  readonly #cells: (readonly string[])[] = [];
  /** Rows of the table, and of these the ones that were left out. */
  #seen = 0;
  #withoutTarget = 0;
  #incomplete = 0;
  /** For each row that is kept, its place in the table. */
  readonly #kept: number[] = [];

  constructor(begun: BegunTable, known: KnownColumns, split: SplitWish | undefined) {
    const { heading, syntax } = begun;
    const { contract, inOwnUnits = false } = known;
    this.#begun = begun;
    this.#contract = contract;
    this.#split = split;
    this.problems = new CellProblems(heading);
    this.#encoder = new RowEncoder(contract, matchFeatures(contract, heading), syntax);
    this.#row = new Float32Array(this.#encoder.width);
    const indices = matchTargets(contract, heading);
    this.#targets = contract.targets.map((target, i) => ({
      index: indices[i],
      encode: targetEncoder(target, syntax, inOwnUnits),
    }));
    this.#lacksWeights = known.mayLackWeights === true && lacksWeights(contract, heading);
    const weight = this.#lacksWeights ? undefined : contract.sample_weight;
    this.#weightIndex = weight ? matchColumn(contract, heading, weight, 'weight column') : null;
    const word = split?.word;
    this.#splitIndex =
      word && 'column' in word ? findColumn(heading, word.column, 'the column of the split') : null;
    this.keepsCells = split !== undefined && (split.test > 0 || split.word.by === 'column');
  }

  keep(cells: readonly string[]): void {
    this.#cells.push(cells);
  }

  add(batch: Batch): void {
    const { syntax } = this.#begun;
    // A number is not missing, and its text need not be made.
    const isMissing = (row: number, index: number) =>
      Number.isNaN(batch.number(row, index)) && syntax.isMissing(batch.text(row, index));
    for (let row = 0; row < batch.rows; row++, this.#seen++) {
      if (this.#targets.some(({ index }) => isMissing(row, index))) {
        this.#withoutTarget++;
        continue;
      }
      const state = this.#encoder.encode(batch, row, this.#row, 0, this.problems);
      if (state === 'incomplete') {
        this.#incomplete++;
        continue;
      }
      for (let i = 0; i < this.#row.length; i++) this.#x.push(this.#row[i]);
      this.#addTargets(batch, row);
      this.#addWeight(batch, row);
      if (this.#splitIndex !== null) this.#words.push(batch.text(row, this.#splitIndex));
      if (this.#split) this.#kept.push(this.#seen);
    }
  }

  #addTargets(batch: Batch, row: number): void {
    for (const { index, encode } of this.#targets) {
      const value = encode(batch.text(row, index));
      if (typeof value === 'number') this.#y.push(value);
      else this.problems.add(batch.line(row), index, value.problem, () => value.remedy);
    }
  }

  #addWeight(batch: Batch, row: number): void {
    if (this.#weightIndex === null) return;
    const cell = batch.text(row, this.#weightIndex);
    const weight = readWeight(cell, this.#begun.syntax);
    if (weight !== undefined) this.#weights.push(weight);
    else {
      this.problems.add(batch.line(row), this.#weightIndex, noWeight(cell), () => CORRECT_WEIGHT);
    }
  }

  finish(): Table {
    const whole = this.#whole();
    const base = { columns: this.#contract, scaleHint: null };
    const notes = this.#notes();
    if (!this.#split) return { ...base, ...whole, validation: null, test: null, notes };
    const parts = splitRows(
      allRows(whole.rows),
      splitRule(this.#split, this.#keys(whole)),
      this.#split,
      this.#split.source,
    );
    const training = partOfRows(whole, parts.training);
    const validation = parts.validation.length > 0 ? partOfRows(whole, parts.validation) : null;
    const told = splitNote(
      this.#split,
      {
        training,
        validation,
        test: parts.test.length > 0 ? partOfRows(whole, parts.test) : null,
      },
      this.#contract.targets,
    );
    return {
      ...base,
      ...training,
      validation,
      test: this.#testRows(parts.test),
      notes: [...notes, ...told],
    };
  }

  #whole(): TablePart {
    const { heading } = this.#begun;
    const rows = this.#seen - this.#withoutTarget - this.#incomplete;
    if (rows === 0) {
      const found =
        this.#seen === 0
          ? 'none'
          : `${formatThousands(this.#seen)}, each without a target or another value`;
      const problem = `${heading.at(heading.line)}: expected rows below the header; found ${found}`;
      throw new UserError(ExitCode.data, problem);
    }
    return {
      rows,
      x: { shape: [rows, this.#encoder.width], values: this.#x.take() },
      y: { shape: [rows, this.#targets.length], values: this.#y.take() },
      sampleWeight:
        this.#weightIndex === null ? null : { shape: [rows, 1], values: this.#weights.take() },
    };
  }

  #keys({ y }: TablePart) {
    const [target] = this.#contract.targets;
    const isClass = this.#contract.targets.length === 1 && target.kind === 'class';
    const { header, names, source } = this.#begun.heading;
    const label =
      this.#splitIndex === null ? '' : `${source} ${columnLabel(header, names, this.#splitIndex)}`;
    return {
      classOf: isClass ? (row: number) => y.values[row] : null,
      wordOf: this.#splitIndex === null ? null : (row: number) => this.#words[row],
      label,
    };
  }

  #testRows(rows: Uint32Array): Table['test'] {
    if (rows.length === 0) return null;
    const { header, names } = this.#begun.heading;
    const cells = Array.from(rows, (row) => this.#cells[this.#kept[row]]);
    return header ? [names, ...cells] : cells;
  }

  #notes(): readonly string[] {
    return [
      ...leftOutNote(this.#withoutTarget, 'a target'),
      ...leftOutNote(this.#incomplete, 'a value that may not be missing'),
      ...substitutionNotes(this.#encoder.substitutions, this.#begun.heading),
      ...(this.#lacksWeights ? [noWeightsNote(this.#contract)] : []),
    ];
  }
}

/** By position, a table has all columns or none of this can be told. */
function lacksWeights({ header, sample_weight: weight }: Columns, heading: Heading): boolean {
  if (!header || !heading.header || weight === undefined) return false;
  return !heading.names.includes(weight.name);
}

function noWeightsNote({ sample_weight: weight }: Columns): string {
  return `note: no column ${quote(weight?.name ?? '')} of sample weights, so all rows count alike`;
}

/** Rows that were left out, and what they lack. */
export function leftOutNote(rows: number, lacking: string): readonly string[] {
  if (rows === 0) return [];
  return [`left out ${formatThousands(rows)} row${rows === 1 ? '' : 's'} without ${lacking}`];
}
