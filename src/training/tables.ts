/** What fills a plan's inputs: samples as tables of rows. */
import type { Table } from '../engine/engine.ts';
import { INPUTS } from './compile.ts';
import type { Samples } from './run.ts';

/**
 * Inputs, targets and, where the plan has them, sample weights.
 *
 * @param weightsPerSample  of the plan; 0 without
 */
export function tablesOf(samples: Samples, weightsPerSample: number): readonly Table[] {
  const tables: Table[] = [
    { name: INPUTS.x, values: samples.x.values },
    { name: INPUTS.y, values: samples.y.values },
  ];
  if (weightsPerSample === 0) return tables;
  return [...tables, { name: INPUTS.weights, values: weightsOf(samples, weightsPerSample) }];
}

/** Samples without weights count 1; one weight serves all rows of a sample. */
function weightsOf({ x, sampleWeight }: Samples, perSample: number): Float32Array {
  const values = sampleWeight?.values;
  const given = sampleWeight?.shape[1] ?? 0;
  return Float32Array.from({ length: x.shape[0] * perSample }, (_, i) => {
    const row = Math.floor(i / perSample) * given;
    return values ? values[row + Math.min(i % perSample, given - 1)] : 1;
  });
}
