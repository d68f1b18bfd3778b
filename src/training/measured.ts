/** What a run measures besides the loss: its metrics under the names of the logs. */
import type { MetricSpec } from '../spec/metrics.ts';

/** Plain metrics, and those that sample weights count in. */
export interface Measured {
  readonly metrics: readonly MetricSpec[];
  readonly weightedMetrics?: readonly MetricSpec[];
}

interface NamedMetric {
  /** Unlike that of any other metric. */
  readonly name: string;
  readonly spec: MetricSpec;
  readonly isWeighted: boolean;
}

/**
 * All metrics in the order of the logs. As in Keras, a name that was there already gets `_1`, `_2`, …
 * or, for a weighted metric, `weighted_` in front.
 */
export function measuredMetrics({ metrics, weightedMetrics = [] }: Measured): NamedMetric[] {
  const used = new Map<string, number>();
  const unused = (name: string): string => {
    const count = used.get(name) ?? 0;
    used.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  };
  return [
    ...metrics.map((spec) => ({ name: unused(spec.name), spec, isWeighted: false })),
    ...weightedMetrics.map((spec) => {
      const name = used.has(spec.name) ? `weighted_${spec.name}` : spec.name;
      return { name: unused(name), spec, isWeighted: true };
    }),
  ];
}
