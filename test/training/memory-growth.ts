/** Trains for many epochs and looks whether memory grows: what a step leaves behind shows in the end. */
import { initialWeights } from '../../src/nn/initialize.ts';
import { fit } from '../../src/training/fit.ts';
import { modelOf } from './train-model.ts';

/** Megabytes in use, the least of the third of the epochs after the first tenth, and of the last third. */
export interface Growth {
  readonly resident: readonly [number, number];
  readonly heap: readonly [number, number];
}

const MB = 2 ** 20;

/** @param rows  of four inputs, in batches of 32 */
export function memoryGrowth(rows: number, epochs: number): Growth {
  const document = {
    input_shape: [4],
    layers: [{ units: 3, activation: 'relu' }, { type: 'Dropout', rate: 0.1 }, { units: 1 }],
    compile: { optimizer: 'adam', loss: 'mse', metrics: ['mae'] },
  };
  const { network, settings } = modelOf(document, { epochs, shuffle: true, batchReports: 'some' });
  const values = Float32Array.from({ length: rows * 4 }, (_, i) => Math.sin(i));
  const x = { shape: [rows, 4], values };
  const y = { shape: [rows, 1], values: values.filter((_, i) => i % 4 === 0) };
  const run = fit(network, initialWeights(network, 1), { x, y }, null, settings);
  const seen: { resident: number; heap: number }[] = [];
  for (let next = run.next(); !next.done; next = run.next()) {
    if (next.value.kind !== 'epoch-end') continue;
    const { rss, heapUsed } = process.memoryUsage();
    seen.push({ resident: rss / MB, heap: heapUsed / MB });
  }
  // What is not collected yet goes up and down, copies of the order of rows above all: the least is what is kept.
  const third = Math.ceil(epochs / 3);
  const least = (key: 'resident' | 'heap', from: number) =>
    Math.min(...seen.slice(from, from + third).map((entry) => entry[key]));
  const both = (key: 'resident' | 'heap') =>
    [least(key, Math.ceil(epochs / 10)), least(key, epochs - third)] as const;
  return { resident: both('resident'), heap: both('heap') };
}

/** A line for people. */
export function describeGrowth({ resident, heap }: Growth): string {
  const show = ([early, late]: readonly [number, number]) =>
    `${early.toFixed(1)} MB after a tenth, ${late.toFixed(1)} MB in the last third`;
  return `resident ${show(resident)}; heap ${show(heap)}`;
}
