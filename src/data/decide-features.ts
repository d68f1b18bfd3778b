/** Features of a new contract: for each column what it is, and why. */
import { quote } from '../words.ts';
import { type CellProblems, noteTexts } from './cell-problems.ts';
import type { CellSyntax } from './cell-syntax.ts';
import type { ChosenColumns } from './choose-columns.ts';
import { type ColumnProfile, profileOf, type RowSelection } from './column-profile.ts';
import type { FeatureColumn } from './columns.ts';
import { decideKind, type KindDecision } from './decide-kind.ts';
import { explainFeature } from './feature-reason.ts';
import type { Heading } from './heading.ts';
import { type Candidate, type FeatureChoice, FeatureMaker } from './make-feature.ts';
import type { SurveyedColumn } from './survey.ts';

/** The rows that decisions rest on. */
export interface DecidingRows {
  /** Kinds and categories: rows to train and to validate with. */
  readonly kept: RowSelection;
  /** Fills and scales: rows to train with. */
  readonly training: RowSelection;
}

/** What became of one column, for people. */
export interface FeatureDecision {
  readonly index: number;
  readonly profile: ColumnProfile;
  /** Null where the network does not see the column. */
  readonly feature: FeatureColumn | null;
  /** What is done and why: `3 categories`, `constant: left out`. */
  readonly reason: string;
  /** Whether somebody might want it otherwise, and how. */
  readonly remedy: string | null;
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

function remedyForUnused(
  { constant, isEmpty }: Extract<KindDecision, { kind: 'unused' }>,
  column: SurveyedColumn,
): string | null {
  if (constant || isEmpty || column.values.form === 'free text') return null;
  return column.numbers > column.texts.count ? '--numeric' : '--categorical';
}

function decide(
  { index, profile, decision, column }: Candidate,
  maker: FeatureMaker,
): FeatureDecision {
  if (decision.kind === 'unused') {
    const reason = `left out: ${decision.reason}`;
    return { index, profile, feature: null, reason, remedy: remedyForUnused(decision, column) };
  }
  const feature = maker.featureOf({ index, profile, decision, column });
  if (feature === null) {
    return { index, profile, feature, reason: 'left out: its dates do not differ', remedy: null };
  }
  return { index, profile, feature, ...explainFeature(feature, profile) };
}

/** Notes cells that a column of this kind cannot have. */
function checkCells(
  { index, column, decision }: Candidate,
  { missing }: FeatureChoice,
  problems: CellProblems,
): void {
  if (decision.kind === 'number') noteTexts(problems, index, column);
  if (missing !== 'error') return;
  problems.addNoted(
    index,
    column.missing,
    (cell) => `expected a value; found ${cell.trim() === '' ? 'an empty cell' : quote(cell)}`,
    () =>
      'fill missing values with --missing mean (median, mode, indicator), or leave their rows out: --missing drop',
  );
}
