/** A first training table of which everything is decided: what there is to encode, and to tell about. */
import type { CellSyntax } from './cell-syntax.ts';
import type { ChosenColumns } from './choose-columns.ts';
import type { RowSelection } from './column-profile.ts';
import type { Columns } from './columns.ts';
import type { FeatureDecision } from './decide-features.ts';
import type { Heading } from './heading.ts';
import type { RowSplit } from './split.ts';
import type { Survey } from './surveyed-table.ts';
import type { DecidedTarget } from './targets.ts';

export interface DecidedTable {
  readonly heading: Heading;
  readonly syntax: CellSyntax;
  readonly survey: Survey;
  readonly chosen: ChosenColumns;
  readonly columns: Columns;
  /** Of all chosen features, in the order of the table. */
  readonly decisions: readonly FeatureDecision[];
  readonly targets: readonly DecidedTarget[];
  /** Rows to train and to validate with, as the decisions saw them. */
  readonly kept: RowSelection;
  /** Rows by part, without those that lack something that they must not lack. */
  readonly split: RowSplit;
  /** How many rows were left out for lack of a target, and of another value. */
  readonly withoutTarget: number;
  readonly incomplete: number;
}
