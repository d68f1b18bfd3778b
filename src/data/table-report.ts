/** A first training table for people who want to look at it: each column, what it is and what becomes of it. */
import type { ColumnFacts, ColumnReport, TableReport } from '../records.ts';
import { classFacts, dateFacts, numberFacts, wordFacts } from './column-facts.ts';
import { type FeatureColumn, inputsOf, type TargetColumn, totalInputs } from './columns.ts';
import type { DecidedTable } from './decided-table.ts';
import { describeTarget } from './feature-text.ts';

/** Everything that was decided; facts are of the rows that have a target. */
export function reportTable(decided: DecidedTable): TableReport {
  const { columns, survey, heading, withoutTarget, incomplete } = decided;
  const { features, unused = [], sample_weight: weight } = columns;
  const seen = [...features, ...unused].sort((a, b) => a.position - b.position);
  return {
    header: heading.header,
    rows: survey.rows,
    rowsWithoutTarget: withoutTarget,
    rowsIncomplete: incomplete,
    inputs: totalInputs(columns),
    columns: [
      ...seen.map((column) =>
        'reason' in column ? unusedReport(decided, column) : featureReport(decided, column),
      ),
      ...(weight === undefined ? [] : [weightReport(decided, weight)]),
      ...columns.targets.map((target, index) => targetReport(decided, target, index)),
    ],
  };
}

function decisionAt({ decisions }: DecidedTable, position: number) {
  return decisions.find(({ index }) => index === position - 1);
}

function featureReport(decided: DecidedTable, feature: FeatureColumn): ColumnReport {
  const { name, position, kind } = feature;
  const decision = decisionAt(decided, position);
  return {
    name,
    position,
    role: 'feature',
    kind,
    facts: factsOf(decided, position, kind),
    inputs: inputsOf(feature),
    done: decision?.reason ?? '',
    option: decision?.guess?.remedy ?? null,
  };
}

/** Of columns that the user leaves out nothing was kept. */
function unusedReport(
  decided: DecidedTable,
  { name, position, reason }: { name: string; position: number; reason: string },
): ColumnReport {
  const decision = decisionAt(decided, position);
  return {
    name,
    position,
    role: 'unused',
    kind: decision?.kind ?? null,
    facts: decision ? factsOf(decided, position, decision.kind) : null,
    inputs: null,
    done: `left out: ${reason}`,
    option: decision?.guess?.remedy ?? null,
  };
}

function weightReport(
  decided: DecidedTable,
  { name, position }: { name: string; position: number },
): ColumnReport {
  const facts = factsOf(decided, position, 'number');
  const done = 'what each row counts for';
  const rest = { role: 'sample_weight', kind: 'number', inputs: null, option: null } as const;
  return { name, position, ...rest, facts, done };
}

function targetReport(decided: DecidedTable, target: TargetColumn, index: number): ColumnReport {
  const { name, position, kind } = target;
  const { kept, targets } = decided;
  const facts =
    target.kind === 'class'
      ? classFacts(target.classes, targets[index].valuesOf(kept))
      : factsOf(decided, position, 'number');
  return {
    name,
    position,
    role: 'target',
    kind,
    facts: { ...facts, missing: missingIn(decided, position) },
    inputs: null,
    done: describeTarget(target),
    option: target.kind === 'number' && target.scale !== undefined ? '--normalize-target' : null,
  };
}

/** Of all rows, since those that count have no missing target. */
function missingIn({ survey }: DecidedTable, position: number): number {
  return survey.columns[position - 1].missing.count;
}

function factsOf(
  { survey, kept, syntax }: DecidedTable,
  position: number,
  kind: 'number' | 'boolean' | 'category' | 'date' | 'text' | null,
): ColumnFacts {
  const column = survey.columns[position - 1];
  if (kind === 'number') return numberFacts(column, kept, syntax);
  return kind === 'date' ? dateFacts(column, kept, syntax) : wordFacts(column, kept, syntax);
}
