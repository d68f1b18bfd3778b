/** Scaling of cost, for run.mjs: several runs of scaling.ts, of each network the fastest. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** @returns of each network its work (parameters × rows), µs a step, GFLOP/s, and how many times faster the best is */
export function benchScaling(root, scratch, rounds) {
  const outfile = join(scratch, 'scaling.cjs');
  const entryPoints = [join(root, 'bench/scaling.ts')];
  buildSync({ entryPoints, bundle: true, platform: 'node', outfile, logLevel: 'warning' });
  const runs = Array.from({ length: rounds }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [outfile], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`scaling failed: ${stderr}`);
    return JSON.parse(stdout);
  });
  const fastest = runs[0].map((_, i) =>
    runs.map((run) => run[i]).reduce((a, b) => (a.microseconds < b.microseconds ? a : b)),
  );
  const best = Math.max(...fastest.map(({ gigaflops }) => gigaflops));
  const found = fastest.map((job) => ({ ...job, timesBest: best / job.gigaflops }));
  for (const { network, work, microseconds, gigaflops, timesBest } of found) {
    const [time, speed, ratio] = [microseconds, gigaflops, timesBest].map((x) => x.toFixed(2));
    console.log(
      `${network.padEnd(26)} ${String(work).padStart(9)} parameters × rows ${time.padStart(9)} µs ${speed.padStart(6)} GFLOP/s   best is ${ratio} ×`,
    );
  }
  return found;
}
