/**
 * How the cost of a training step grows with the network: GFLOP/s of networks from 1,000 to more than 10,000,000
 * parameters × rows, on one thread, each the fastest epoch of several; and how many times the best is as fast. Prints
 * one JSON line.
 */
import { operations, timeEpochs } from './training-job.ts';

const BATCH = 32;
const WIDTHS: readonly (readonly number[])[] = [
  [4, 6, 1],
  [10, 8, 1],
  [10, 16, 8, 1],
  [20, 32, 16, 5],
  [20, 64, 32, 5],
  [64, 128, 32, 10],
  [64, 128, 128, 10],
  [128, 256, 256, 10],
  [256, 512, 256, 10],
  [784, 512, 512, 10],
];
/** Floating-point operations of an epoch, and how many epochs are timed. */
const EPOCH = 4e8;
const EPOCHS = 8;
const MOST_STEPS = 2000;

const found = WIDTHS.map((widths) => {
  const flop = operations({ widths, batch: BATCH, rows: BATCH, epochs: 1 });
  const steps = Math.min(MOST_STEPS, Math.max(4, Math.ceil(EPOCH / flop)));
  const job = { widths, batch: BATCH, rows: steps * BATCH, epochs: EPOCHS };
  const microseconds = (Math.min(...timeEpochs(job, { engine: 'auto', threads: 1 })) / steps) * 1e6;
  const parameters = widths.slice(1).reduce((sum, units, i) => sum + units * (widths[i] + 1), 0);
  const gigaflops = flop / microseconds / 1000;
  return { network: widths.join('-'), work: parameters * BATCH, microseconds, gigaflops };
});
const best = Math.max(...found.map(({ gigaflops }) => gigaflops));
console.log(JSON.stringify(found.map((job) => ({ ...job, timesBest: best / job.gigaflops }))));
