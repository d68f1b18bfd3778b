/** A training that is timed: a network of dense layers on rows by chance, with Adam. */
import type { Computing } from '../src/engine/names.ts';
import type { NdArray } from '../src/ndarray.ts';
import { initialWeights } from '../src/nn/initialize.ts';
import { buildNetwork } from '../src/nn/network.ts';
import { randomStream } from '../src/random.ts';
import { readSpec } from '../src/spec/read-spec.ts';
import { fit } from '../src/training/fit.ts';

export interface Job {
  /** Widths from input to output; one output means regression, several mean classes. */
  readonly widths: readonly number[];
  readonly rows: number;
  readonly batch: number;
  readonly epochs: number;
}

export function specOf(widths: readonly number[]): string {
  const outputs = widths[widths.length - 1];
  const layers = widths.slice(1).map((units, i) => {
    const isLast = i === widths.length - 2;
    const lastActivation = outputs === 1 ? 'linear' : 'softmax';
    return { units, activation: isLast ? lastActivation : 'relu' };
  });
  const loss = outputs === 1 ? 'mse' : 'sparse_categorical_crossentropy';
  return JSON.stringify({
    input_shape: [widths[0]],
    layers,
    compile: { optimizer: 'adam', loss },
  });
}

function samples(widths: readonly number[], rows: number): { x: NdArray; y: NdArray } {
  const random = randomStream(1, 'bench');
  const outputs = widths[widths.length - 1];
  const target = () => (outputs === 1 ? random() : Math.floor(random() * outputs));
  return {
    x: {
      shape: [rows, widths[0]],
      values: Float32Array.from({ length: rows * widths[0] }, random),
    },
    y: { shape: [rows, 1], values: Float32Array.from({ length: rows }, target) },
  };
}

/** Seconds of each epoch after the first. */
export function timeEpochs({ widths, rows, batch, epochs }: Job, computing: Computing): number[] {
  const { spec } = readSpec(specOf(widths), 'bench');
  const network = buildNetwork(spec, [widths[0]]);
  const { optimizer, loss, metrics } = spec.compile;
  if (!optimizer || !loss) throw new Error('the spec says both');
  const settings = {
    optimizer,
    loss,
    metrics,
    epochs,
    ...computing,
    initialEpoch: 0,
    batchSize: batch,
    validationBatchSize: batch,
    validationFreq: 1,
    shuffle: true,
    seed: 1,
    batchReports: 'some' as const,
    callbacks: [],
    keep: 'last' as const,
    monitor: null,
  };
  const data = samples(widths, rows);
  const seconds: number[] = [];
  let start = performance.now();
  for (const report of fit(network, initialWeights(network, 1), data, null, settings)) {
    if (report.kind !== 'epoch-end') continue;
    const now = performance.now();
    seconds.push((now - start) / 1000);
    start = now;
  }
  return seconds.slice(1);
}

/** Floating-point operations of the matrix products of one step. */
export function operations({ widths, batch }: Job): number {
  return widths.slice(1).reduce((sum, width, i) => {
    const products = i === 0 ? 2 : 3;
    return sum + 2 * batch * width * widths[i] * products;
  }, 0);
}
