/** Training steps per second in one warm process: shuffle, gather, forward, loss, backward, Adam, report. */
import type { NdArray } from '../src/ndarray.ts';
import { initialWeights } from '../src/nn/initialize.ts';
import { buildNetwork } from '../src/nn/network.ts';
import { randomStream } from '../src/random.ts';
import { readSpec } from '../src/spec/read-spec.ts';
import { fit } from '../src/training/fit.ts';

const BATCH = 32;
/** Epochs of each job are timed one by one; the first warms up. */
const EPOCHS = 6;

/** Widths from input to output; one output means regression, several mean classes. */
const jobs: readonly { widths: readonly number[]; steps: number }[] = [
  { widths: [2, 1], steps: 20_000 },
  { widths: [20, 64, 32, 5], steps: 400 },
  { widths: [64, 128, 128, 10], steps: 80 },
];

function specOf(widths: readonly number[]): string {
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
function timeEpochs(widths: readonly number[], steps: number): number[] {
  const { spec } = readSpec(specOf(widths), 'bench');
  const network = buildNetwork(spec, [widths[0]]);
  const { optimizer, loss, metrics } = spec.compile;
  if (!optimizer || !loss) throw new Error('the spec says both');
  const settings = {
    optimizer,
    loss,
    metrics,
    epochs: EPOCHS,
    initialEpoch: 0,
    batchSize: BATCH,
    validationBatchSize: BATCH,
    validationFreq: 1,
    shuffle: true,
    seed: 1,
    batchReports: 'some' as const,
    callbacks: [],
    keep: 'last' as const,
    monitor: null,
  };
  const data = samples(widths, steps * BATCH);
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

for (const { widths, steps } of jobs) {
  const times = timeEpochs(widths, steps).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  const perStep = (seconds: number) => `${((seconds / steps) * 1e6).toFixed(2)} µs`;
  const rate = Math.round(steps / times[0]).toLocaleString('en-US');
  const figures = `min ${perStep(times[0])}, median ${perStep(median)} a step (${rate} steps/s)`;
  console.log(`${widths.join('-')}, batch ${BATCH}: ${figures}`);
}
