/** Features of a new contract: for each column what it is, and why. */
import { quote } from '../words.ts';
import { type CellProblems, noteTexts } from './cell-problems.ts';
import type { CellSyntax } from './cell-syntax.ts';
import type { ChosenColumns } from './choose-columns.ts';
import { type ColumnProfile, profileOf, type RowSelection } from './column-profile.ts';
import type { FeatureColumn } from './columns.ts';
import { decideKind, type KindDecision } from './decide-kind.ts';
import { type Explanation, explainFeature } from './feature-reason.ts';
import type { Heading } from './heading.ts';
import { type Candidate, type FeatureChoice, FeatureMaker } from './make-feature.ts';
import { areNumbers, type SurveyedColumn } from './survey.ts';

/** The rows that decisions rest on. */
export interface DecidingRows {
  /** Kinds and categories: rows to train and to validate with. */
  readonly kept: RowSelection;
  /** Fills and scales: rows to train with. */
  readonly training: RowSelection;
}

/** What became of one column, for people. */
export interface FeatureDecision extends Explanation {
  readonly index: number;
  readonly profile: ColumnProfile;
  /** What its cells are; null where all are missing. */
  readonly kind: FeatureColumn['kind'] | 'text' | null;
  /** Null where the network does not see the column. */
  readonly feature: FeatureColumn | null;
}

/**
 * Decides for all chosen columns.
 *
 * @param problems  gets the cells that do not fit the kind of their column
 * @throws {UserError} exit 3 where `--categorical` has too many categories
 */
export function decideFeatures(
  heading: Heading,
  columns: readonly SurveyedColumn[],
  chosen: ChosenColumns,
  choice: FeatureChoice,
  rows: DecidingRows,
  syntax: CellSyntax,
  problems: CellProblems,
): readonly FeatureDecision[] {
  const candidates = chosen.features.map((index): Candidate => {
    const column = columns[index];
    const profile = profileOf(column, rows.kept, syntax);
    const wish = {
      name: heading.header ? heading.names[index] : String(index + 1),
      position: index + 1,
      isWanted: chosen.wanted.has(index),
      kind: kindAskedFor(chosen, index),
      oneHotLimit: choice.oneHotLimit,
    };
    return { index, column, profile, decision: decideKind(column, profile, wish, syntax) };
  });
  const maker = new FeatureMaker(heading, choice, rows.training, syntax);
  const kept = keepConstants(candidates, maker, choice.inputs);
  maker.chooseScaling(kept);
  return kept.map((candidate) => {
    if (candidate.decision.kind !== 'unused') checkCells(candidate, choice, problems);
    return decide(candidate, maker);
  });
}

function kindAskedFor(
  { categorical, numeric }: ChosenColumns,
  index: number,
): 'category' | 'number' | null {
  if (categorical.has(index)) return 'category';
  return numeric.has(index) ? 'number' : null;
}

/** Constant columns are of no use, unless the network's inputs were counted with them. */
function keepConstants(
  candidates: readonly Candidate[],
  maker: FeatureMaker,
  inputs: number | undefined,
): readonly Candidate[] {
  if (inputs === undefined) return candidates;
  const withConstants = candidates.map((candidate): Candidate => {
    const { decision, profile } = candidate;
    const isConstant = decision.kind === 'unused' && decision.constant && profile.range !== null;
    return isConstant ? { ...candidate, decision: { kind: 'number' } } : candidate;
  });
  const count = (all: readonly Candidate[]) =>
    all.reduce((sum, candidate) => sum + maker.countInputs(candidate), 0);
  return count(candidates) !== inputs && count(withConstants) === inputs
    ? withConstants
    : candidates;
}

type Unused = Extract<KindDecision, { kind: 'unused' }>;

function decide(candidate: Candidate, maker: FeatureMaker): FeatureDecision {
  const { index, profile, decision, column } = candidate;
  if (decision.kind === 'unused') {
    const { reason, cause, remedy } = decision;
    const kind = kindOfUnused(decision, column);
    return { index, profile, kind, feature: null, ...leftOut(reason, cause, remedy) };
  }
  const { kind } = decision;
  const feature = maker.featureOf(candidate);
  if (feature !== null) {
    return { index, profile, kind, feature, ...explainFeature(feature, profile) };
  }
  return { index, profile, kind, feature, ...leftOut('its dates do not differ', 'constant', null) };
}

function leftOut(reason: string, cause: string, remedy: string | null): Explanation {
  const text = `left out: ${reason}`;
  return { reason: text, guess: { text, common: `left out: ${cause}`, remedy } };
}

function kindOfUnused({ isEmpty }: Unused, column: SurveyedColumn): FeatureDecision['kind'] {
  if (isEmpty) return null;
  return areNumbers(column) ? 'number' : 'text';
}

/** Notes cells that a column of this kind cannot have. */
function checkCells(
  { index, column, decision }: Candidate,
  { missing }: FeatureChoice,
  problems: CellProblems,
): void {
  if (decision.kind === 'number') noteTexts(problems, index, column);
  if (decision.kind === 'date' && column.values.form === 'moments') {
    const problem = (cell: string) => `expected a date; found ${quote(cell)}`;
    problems.addNoted(
      index,
      column.texts,
      problem,
      () => 'correct the cells, or treat them as missing: --na TEXTS',
    );
  }
  if (missing !== 'error') return;
  problems.addNoted(
    index,
    column.missing,
    (cell) => `expected a value; found ${cell.trim() === '' ? 'an empty cell' : quote(cell)}`,
    () =>
      'fill missing values with --missing mean (median, mode, indicator), or leave their rows out: --missing drop',
  );
}
