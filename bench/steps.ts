/**
 * Microseconds of a training step, in one process a job: shuffle, gather, forward, loss, backward, Adam,
 * the epoch's reports. Prints one JSON line: the fastest and the median epoch after the first.
 *
 *     node steps.cjs JOB [ENGINE] [THREADS]
 */
import { type Computing, ENGINE_NAMES } from '../src/engine/names.ts';
import type { NdArray } from '../src/ndarray.ts';
import { initialWeights } from '../src/nn/initialize.ts';
import { buildNetwork } from '../src/nn/network.ts';
import { randomStream } from '../src/random.ts';
import { readSpec } from '../src/spec/read-spec.ts';
import { fit } from '../src/training/fit.ts';

interface Job {
  /** Widths from input to output; one output means regression, several mean classes. */
  readonly widths: readonly number[];
  readonly rows: number;
  readonly batch: number;
  readonly epochs: number;
}

const jobs: Readonly<Record<string, Job>> = {
  seed: { widths: [2, 1], rows: 1000, batch: 32, epochs: 400 },
  small: { widths: [20, 64, 32, 5], rows: 10_000, batch: 32, epochs: 10 },
  medium: { widths: [64, 128, 128, 10], rows: 50_000, batch: 128, epochs: 4 },
  large: { widths: [784, 512, 512, 10], rows: 12_800, batch: 128, epochs: 4 },
  large1024: { widths: [784, 512, 512, 10], rows: 16_384, batch: 1024, epochs: 3 },
};

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
function timeEpochs({ widths, rows, batch, epochs }: Job, computing: Computing): number[] {
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
function operations({ widths, batch }: Job): number {
  return widths.slice(1).reduce((sum, width, i) => {
    const products = i === 0 ? 2 : 3;
    return sum + 2 * batch * width * widths[i] * products;
  }, 0);
}

const [name, asked = 'auto', threads = '1'] = process.argv.slice(2);
const job = jobs[name];
const engine = ENGINE_NAMES.find((known) => known === asked);
if (!job || !engine) throw new Error('usage: JOB [ENGINE] [THREADS]');
const steps = Math.ceil(job.rows / job.batch);
const times = timeEpochs(job, { engine, threads: Number(threads) }).sort((a, b) => a - b);
const [min, median] = [times[0], times[Math.floor(times.length / 2)]].map((t) => (t / steps) * 1e6);
const gigaflops = operations(job) / min / 1000;
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ job: name, engine, threads, min, median, gigaflops, megabytes }));
