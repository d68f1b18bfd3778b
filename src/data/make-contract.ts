/** The contract of a first training table, once everything about its columns is decided. */
import type { SyntaxChoice } from './cell-syntax.ts';
import type { ChosenColumns } from './choose-columns.ts';
import type { Columns, TargetColumn, UnusedColumn } from './columns.ts';
import type { FeatureDecision } from './decide-features.ts';
import type { Heading } from './heading.ts';
import type { DecidedTarget } from './targets.ts';

/** @param written  how cells are written */
export function makeContract(
  { header, names }: Heading,
  chosen: ChosenColumns,
  { na, decimalComma }: SyntaxChoice,
  targets: readonly DecidedTarget[],
  decisions: readonly FeatureDecision[],
): Columns {
  const { sampleWeight } = chosen;
  const columnAt = (index: number) => ({ name: names[index], position: index + 1 });
  const unused = unusedColumns(names, chosen, decisions);
  return {
    header,
    ...(na === undefined ? {} : { na }),
    ...(decimalComma ? { decimal_comma: true } : {}),
    features: decisions.flatMap(({ feature }) => feature ?? []),
    targets: chosen.targets.map(
      (index, i): TargetColumn => ({ ...columnAt(index), ...targets[i].column }),
    ),
    ...(sampleWeight === null ? {} : { sample_weight: columnAt(sampleWeight) }),
    ...(unused.length === 0 ? {} : { unused }),
  };
}

/** All columns that are nothing else, and why. */
function unusedColumns(
  names: readonly string[],
  { targets, sampleWeight, split, ignored }: ChosenColumns,
  decisions: readonly FeatureDecision[],
): readonly UnusedColumn[] {
  const reasons = new Map(
    decisions.flatMap(({ index, feature, reason }) =>
      feature === null ? [[index, reason.replace(/^left out: /, '')] as const] : [],
    ),
  );
  const features = new Set(decisions.flatMap(({ index, feature }) => (feature ? [index] : [])));
  return names.flatMap((name, index) => {
    if (features.has(index) || targets.includes(index) || index === sampleWeight) return [];
    const reason =
      reasons.get(index) ??
      (index === split ? 'the split' : ignored.has(index) ? 'ignored' : 'not among the features');
    return [{ name, position: index + 1, reason }];
  });
}
