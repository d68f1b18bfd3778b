/**
 * Microseconds of a training step, in one process a job: shuffle, gather, forward, loss, backward, Adam,
 * the epoch's reports. Prints one JSON line: the fastest and the median epoch after the first.
 *
 *     node steps.cjs JOB [ENGINE] [THREADS]
 */
import { ENGINE_NAMES } from '../src/engine/names.ts';
import { type Job, operations, timeEpochs } from './training-job.ts';

const jobs: Readonly<Record<string, Job>> = {
  seed: { widths: [2, 1], rows: 1000, batch: 32, epochs: 400 },
  small: { widths: [20, 64, 32, 5], rows: 10_000, batch: 32, epochs: 10 },
  medium: { widths: [64, 128, 128, 10], rows: 50_000, batch: 128, epochs: 4 },
  large: { widths: [784, 512, 512, 10], rows: 12_800, batch: 128, epochs: 4 },
  large1024: { widths: [784, 512, 512, 10], rows: 16_384, batch: 1024, epochs: 3 },
};

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
