/** A first training table: surveyed whole, then decided column by column, then encoded. */
import { ExitCode, UserError } from '../errors.ts';
import type { BegunTable } from './begun-table.ts';
import { CellProblems } from './cell-problems.ts';
import type { CellSyntax, SyntaxChoice } from './cell-syntax.ts';
import { type ChosenColumns, chooseColumns } from './choose-columns.ts';
import { allRows, joinRows, numbersOf, type RowSelection } from './column-profile.ts';
import type { Columns, FeatureColumn } from './columns.ts';
import { type DecidingRows, decideFeatures, type FeatureDecision } from './decide-features.ts';
import type { DecidedTable } from './decided-table.ts';
import { encodeFeatures, interleave } from './encode-rows.ts';
import { columnLabel, type Heading } from './heading.ts';
import { makeContract } from './make-contract.ts';
import { ONE_HOT_LIMIT } from './make-feature.ts';
import { CORRECT_WEIGHT, noWeight } from './sample-weight.ts';
import { type RowSplit, splitRows } from './split.ts';
import { type SplitWish, splitRule } from './split-wish.ts';
import { isComplete, presence, type Survey, surveyTable, wordsOf } from './surveyed-table.ts';
import type { NewColumns, Table, TablePart } from './table.ts';
import { notesOn, scaleHint } from './table-notes.ts';
import { classKeys, type DecidedTarget, decideTarget } from './targets.ts';

/**
 * Reads a first training table.
 *
 * @param written  how cells are written, for the contract
 * @throws {UserError} exit 3, as `readTable`
 */
export async function readNewTable(
  begun: BegunTable,
  wishes: NewColumns,
  split: SplitWish | undefined,
  written: SyntaxChoice,
): Promise<Table> {
  return (await surveyed(begun, wishes, split, written)).finish(split);
}

/**
 * Decides about a first training table and encodes nothing; all rows are for training.
 *
 * @throws {UserError} exit 3, as `readTable`
 */
export async function decideNewTable(
  begun: BegunTable,
  wishes: NewColumns,
  written: SyntaxChoice,
): Promise<DecidedTable> {
  return (await surveyed(begun, wishes, undefined, written)).decide(undefined);
}

async function surveyed(
  begun: BegunTable,
  wishes: NewColumns,
  split: SplitWish | undefined,
  written: SyntaxChoice,
): Promise<NewTable> {
  const columnWish = split && 'column' in split.word ? split.word.column : undefined;
  const chosen = chooseColumns(begun.heading, { ...wishes, split: columnWish });
  const survey = await surveyTable(begun, chosen, split !== undefined && mayTest(split));
  return new NewTable(begun, survey, chosen, wishes, written);
}

function mayTest({ test, word }: SplitWish): boolean {
  return test > 0 || word.by === 'column';
}

class NewTable {
  readonly #heading: Heading;
  readonly #syntax: CellSyntax;
  readonly #survey: Survey;
  readonly #chosen: ChosenColumns;
  readonly #wishes: NewColumns;
  readonly #written: SyntaxChoice;
  readonly #problems: CellProblems;

  constructor(
    { heading, syntax }: BegunTable,
    survey: Survey,
    chosen: ChosenColumns,
    wishes: NewColumns,
    written: SyntaxChoice,
  ) {
    this.#heading = heading;
    this.#syntax = syntax;
    this.#survey = survey;
    this.#chosen = chosen;
    this.#wishes = wishes;
    this.#written = written;
    this.#problems = new CellProblems(heading);
  }

  /** Everything about the columns and the rows, before anything is encoded. */
  decide(wish: SplitWish | undefined): DecidedTable {
    const withTarget = this.#rowsWithTargets();
    const split = this.#split(withTarget, wish);
    const kept = joinRows(split.training, split.validation);
    const rows = { kept, training: split.training };
    const targets = this.#decideTargets(rows);
    const decisions = this.#decideFeatures(rows);
    this.#checkWeights();
    this.#problems.check('whole');
    const columns = makeContract(this.#heading, this.#chosen, this.#written, targets, decisions);
    const complete = (part: RowSelection) => this.#completeRows(part, columns.features);
    const training = complete(split.training);
    if (training.length === 0) throw this.#nothingLeft();
    const validation = complete(split.validation);
    return {
      heading: this.#heading,
      syntax: this.#syntax,
      survey: this.#survey,
      chosen: this.#chosen,
      columns,
      decisions,
      targets,
      kept,
      split: { training, validation, test: split.test },
      withoutTarget: this.#survey.rows - withTarget.length,
      incomplete: kept.length - training.length - validation.length,
    };
  }

  finish(wish: SplitWish | undefined): Table {
    const decided = this.decide(wish);
    const { columns, targets, split } = decided;
    const part = (selection: RowSelection) => this.#encode(selection, columns, targets);
    return {
      columns,
      ...part(split.training),
      validation: split.validation.length > 0 ? part(split.validation) : null,
      test: this.#testRows(split.test),
      notes: notesOn(decided, wish),
      scaleHint: scaleHint(decided),
    };
  }

  /** The rows that can be learnt from. */
  #rowsWithTargets(): RowSelection {
    const { rows, columns } = this.#survey;
    const gappy = this.#chosen.targets.filter((index) => !isComplete(columns[index]));
    if (gappy.length === 0) return allRows(rows);
    const isThere = gappy.map((index) => presence(columns[index], this.#syntax));
    const found = allRows(rows).filter((row) => isThere.every((has) => has(row)));
    if (found.length > 0) return found;
    const { source, header, names } = this.#heading;
    throw new UserError(
      ExitCode.data,
      `${source} ${columnLabel(header, names, this.#chosen.targets[0])}: expected a target in some row; found only empty cells`,
      'name another target column: --target NAME',
    );
  }

  #split(rows: RowSelection, wish: SplitWish | undefined): RowSplit {
    if (wish === undefined) {
      const none = rows.subarray(0, 0);
      return { training: rows, validation: none, test: none };
    }
    const { columns } = this.#survey;
    const { targets, split } = this.#chosen;
    const [target] = targets;
    const { header, names, source } = this.#heading;
    const label = split === null ? '' : `${source} ${columnLabel(header, names, split)}`;
    const keys = {
      classOf:
        targets.length === 1
          ? classKeys(columns[target], rows, this.#wishes.mode, this.#syntax)
          : null,
      wordOf: split === null ? null : wordsOf(columns[split], label),
      label,
    };
    return splitRows(rows, splitRule(wish, keys), wish, wish.source);
  }

  #decideTargets(rows: DecidingRows): readonly DecidedTarget[] {
    const { mode, targetScaling = 'none' } = this.#wishes;
    const { targets } = this.#chosen;
    const { source, at, header, names } = this.#heading;
    if (mode === 'class' && targets.length > 1) throw this.#severalForClasses();
    return targets.map((index) =>
      decideTarget(
        this.#survey.columns[index],
        { mode, scaling: targetScaling, isOneOfSeveral: targets.length > 1 },
        { source, at, label: columnLabel(header, names, index), index },
        rows,
        this.#syntax,
        this.#problems,
      ),
    );
  }

  #severalForClasses(): UserError {
    return new UserError(
      ExitCode.data,
      `${this.#heading.source}: expected one target column for a loss over class indices; found ${this.#chosen.targets.length}`,
    );
  }

  #decideFeatures(rows: DecidingRows): readonly FeatureDecision[] {
    const { normalize, missing, unknownCategory, oneHotLimit, inputs } = this.#wishes;
    const choice = {
      normalize: normalize ?? 'none',
      missing: missing ?? 'auto',
      unknownCategory: unknownCategory ?? 'error',
      oneHotLimit: oneHotLimit ?? ONE_HOT_LIMIT,
      inputs,
    };
    const { columns } = this.#survey;
    const decisions = decideFeatures(
      this.#heading,
      columns,
      this.#chosen,
      choice,
      rows,
      this.#syntax,
      this.#problems,
    );
    if (decisions.some(({ feature }) => feature !== null)) return decisions;
    // Wrong cells come first: they may be why there is none.
    this.#problems.check('whole');
    const found = decisions.map(
      ({ index, reason }) =>
        `${columnLabel(this.#heading.header, this.#heading.names, index)} ${reason}`,
    );
    throw new UserError(
      ExitCode.data,
      `${this.#heading.source}: expected a feature to learn from; found none: ${found.slice(0, 3).join('; ')}`,
      'name columns that are to be used: --features NAMES',
    );
  }

  /** Rows that lack nothing that their rows must not lack. */
  #completeRows(rows: RowSelection, features: readonly FeatureColumn[]): RowSelection {
    const dropping = features.filter(({ missing }) => missing === 'drop');
    const isThere = dropping.map(({ position }) =>
      presence(this.#survey.columns[position - 1], this.#syntax),
    );
    return isThere.length === 0 ? rows : rows.filter((row) => isThere.every((has) => has(row)));
  }

  #nothingLeft(): UserError {
    return new UserError(
      ExitCode.data,
      `${this.#heading.source}: expected a row in which nothing is missing; found none`,
      'fill what is missing: --missing mean (median, mode, indicator)',
    );
  }

  #encode(rows: RowSelection, columns: Columns, targets: readonly DecidedTarget[]): TablePart {
    const surveyed = this.#survey.columns;
    const columnOf = ({ position }: FeatureColumn) => surveyed[position - 1];
    return {
      rows: rows.length,
      x: encodeFeatures(columns.features, columnOf, rows, this.#syntax),
      y: interleave(targets.map((target) => target.valuesOf(rows))),
      sampleWeight: this.#weights(rows),
    };
  }

  #checkWeights(): void {
    const index = this.#chosen.sampleWeight;
    if (index === null) return;
    const { texts, missing } = this.#survey.columns[index];
    for (const cells of [texts, missing]) {
      this.#problems.addNoted(index, cells, noWeight, () => CORRECT_WEIGHT);
    }
  }

  #weights(rows: RowSelection): TablePart['sampleWeight'] {
    const index = this.#chosen.sampleWeight;
    if (index === null) return null;
    const column = this.#survey.columns[index];
    const read = (text: string) => this.#syntax.number(text) ?? Number.NaN;
    const values = Float32Array.from(numbersOf(column, rows, read));
    const negative = values.find((weight) => weight < 0);
    if (negative === undefined) return { shape: [rows.length, 1], values };
    const { source, header, names } = this.#heading;
    const label = columnLabel(header, names, index);
    throw new UserError(
      ExitCode.data,
      `${source} ${label}: ${noWeight(String(negative))}`,
      CORRECT_WEIGHT,
    );
  }

  #testRows(rows: RowSelection): Table['test'] {
    const { cells } = this.#survey;
    if (cells === null || rows.length === 0) return null;
    const { header, names } = this.#heading;
    const chosen = Array.from(rows, (row) => cells[row]);
    return header ? [names, ...chosen] : chosen;
  }
}
