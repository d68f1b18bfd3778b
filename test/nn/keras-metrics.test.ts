/** Every metric against Keras: the value after each of several batches of unequal size. */
import { describe, expect, test } from 'vitest';
import golden from '../../fixtures/keras/metrics.json' with { type: 'json' };
import { referenceEngine } from '../../src/engine/reference.ts';
import { Graph } from '../../src/graph/graph.ts';
import { input } from '../../src/graph/ops.ts';
import { makePlan } from '../../src/graph/plan.ts';
import { metricOf } from '../../src/nn/metrics.ts';
import type { LogValue } from '../../src/records.ts';
import { metrics } from '../../src/spec/metrics.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { EpochMeans, readMeasures } from '../../src/training/epoch-means.ts';
import { skipped } from '../keras-differences.ts';
import { expectNear, flat, type KerasNumbers, shapeOf, type Tolerance } from './keras-numbers.ts';

const TOLERANCE: Tolerance = { atol: 1e-6, rtol: 1e-5 };

interface Batch {
  readonly y_true: KerasNumbers;
  readonly y_pred: KerasNumbers;
  readonly sample_weight?: KerasNumbers;
}

interface Case {
  readonly metric: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly resolved: string;
  readonly display_name: string;
  readonly batches: readonly Batch[];
  readonly running: readonly KerasNumbers[];
  readonly result: KerasNumbers;
}

const cases = golden.cases as unknown as readonly Case[];

/** A string stays one; a class is an object, as in Keras's own files. */
function specOf(metric: string, config: Readonly<Record<string, unknown>>) {
  const isText = metric === metric.toLowerCase();
  const one = isText ? metric : { class_name: metric, config };
  const document = { layers: [{ units: 1 }], compile: { metrics: [one] } };
  return readSpec(JSON.stringify(document), 'case').spec.compile.metrics[0];
}

/** The metric's value after each batch, as an epoch of `fit` shows it. */
function running({ metric, config, batches }: Case): LogValue[] {
  const graph = new Graph();
  const [rows, cols] = shapeOf(batches[0].y_pred);
  const p = input(graph, 'p', 1, cols);
  const y = input(graph, 'y', 1, flat(batches[0].y_true).length / rows);
  const isWeighted = batches[0].sample_weight !== undefined;
  const weights = isWeighted ? input(graph, 'weights', 1, 1) : null;
  const { name, sums, result } = metricOf(y, p, specOf(metric, config), weights);
  const loss = input(graph, 'loss', 1, 1);
  const plan = makePlan(graph, { run: [sums, loss] }, { sums, loss }, 8);
  const session = referenceEngine('float32').prepare(plan, 0);
  const places = [{ name, result, place: 'sums', length: sums.shape.cols }];
  const measures = { loss: 'loss', metrics: places };
  const means = new EpochMeans(measures);
  return batches.map(({ y_true, y_pred, sample_weight }) => {
    session.write('p', flat(y_pred));
    session.write('y', flat(y_true));
    if (sample_weight !== undefined) session.write('weights', flat(sample_weight));
    const [count] = shapeOf(y_pred);
    session.run('run', count, 0);
    means.add(readMeasures(session, measures), count, count);
    return means.logs()[1][1];
  });
}

describe('as in Keras', () => {
  for (const one of cases) {
    const weights = one.batches[0].sample_weight === undefined ? '' : ', weighted';
    const title = `${one.metric} ${JSON.stringify(one.config)} as ${one.resolved}${weights}`;
    test.skipIf(skipped('metrics', one))(title, () => {
      const values = running(one);
      one.running.forEach((wanted, batch) => {
        expectNear([values[batch]].flat(), wanted, TOLERANCE);
      });
      expect(typeof values[0] === 'number').toBe(typeof one.running[0] === 'number');
    });

    test(`${title} is shown as ${one.display_name}`, () => {
      // Keras counts up the unnamed objects of a process: auc, auc_1, …
      expect(specOf(one.metric, one.config).name).toBe(one.display_name.replace(/_\d+$/, ''));
    });
  }

  test('every metric has a case', () => {
    const seen = new Set<string>(cases.map(({ metric, config }) => specOf(metric, config).type));
    expect(Object.keys(metrics).filter((name) => !seen.has(name))).toEqual([]);
  });
});
