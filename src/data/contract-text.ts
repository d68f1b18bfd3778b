/** The columns of a model's contract in words, for who looks at a model. */
import type { ContractColumn } from '../records.ts';
import { type Columns, inputsOf } from './columns.ts';
import { describeFeature, describeTarget } from './feature-text.ts';

/** Longer runs of columns that are alike, such as pixels, share a line. */
const LONG_RUN = 8;

/** Features, then the weights, targets, and columns that are not used. */
export function describeContract(columns: Columns): readonly ContractColumn[] {
  const { header, features, sample_weight, targets, unused = [] } = columns;
  const named = ({ name, position }: { name: string; position: number }) => ({
    name: header && name !== '' ? name : `column ${position}`,
  });
  return [
    ...features.map((feature) => ({
      ...named(feature),
      kind: feature.kind,
      inputs: inputsOf(feature),
      how: describeFeature(feature),
    })),
    ...(sample_weight ? [sample_weight] : []).map((column) => ({
      ...named(column),
      kind: 'number',
      inputs: null,
      how: 'what each row counts for',
    })),
    ...targets.map((target) => ({
      ...named(target),
      kind: target.kind,
      inputs: null,
      how: describeTarget(target),
    })),
    ...unused.map((column) => ({
      ...named(column),
      kind: 'unused',
      inputs: null,
      how: column.reason,
    })),
  ];
}

/** The same with one line for each long run of columns that are told in the same words. */
export function shortened(columns: readonly ContractColumn[]): readonly ContractColumn[] {
  const runs: ContractColumn[][] = [];
  for (const column of columns) {
    const run = runs.at(-1);
    if (run && isAlike(run[0], column)) run.push(column);
    else runs.push([column]);
  }
  return runs.flatMap((run) => (run.length > LONG_RUN ? [joined(run)] : run));
}

function isAlike(a: ContractColumn, b: ContractColumn): boolean {
  return a.kind === b.kind && a.inputs === b.inputs && a.how === b.how;
}

function joined(run: readonly ContractColumn[]): ContractColumn {
  const [first] = run;
  return {
    ...first,
    name: `${first.name} … ${run[run.length - 1].name}`,
    inputs: first.inputs === null ? null : first.inputs * run.length,
    how: `${run.length} columns, each ${first.how}`,
  };
}
