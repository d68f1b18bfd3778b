/**
 * Where a training step goes: each unit of the program timed alone and hot, on one thread, with GFLOP/s of matrix
 * products; then the whole step.
 *
 *     npx esbuild bench/profile.ts --bundle --platform=node --outfile=/tmp/profile.cjs
 *     node /tmp/profile.cjs 20-64-32-5 32
 */

import { MATMUL_SCRATCH } from '../src/engine/wasm/encode-matmul.ts';
import { align, BEHIND, Memory } from '../src/engine/wasm/memory.ts';
import { instantiate } from '../src/engine/wasm/module.ts';
import { Programs, programBytes } from '../src/engine/wasm/programs.ts';
import { type Unit, unitsOf } from '../src/engine/wasm/units.ts';
import { workOf } from '../src/engine/wasm/work.ts';
import type { Plan } from '../src/graph/plan.ts';
import { initialWeights } from '../src/nn/initialize.ts';
import { buildNetwork } from '../src/nn/network.ts';
import { readSpec } from '../src/spec/read-spec.ts';
import { compileModel } from '../src/training/compile.ts';
import { specOf } from './training-job.ts';

const ARENA = 64;
/** Microseconds that a measurement takes at least, and how many there are, of which the fastest counts. */
const LONG_ENOUGH = 300;
const MEASUREMENTS = 40;
/** Milliseconds. */
const WARM_UP = 300;

function planOf(widths: readonly number[], batch: number) {
  const { spec } = readSpec(specOf(widths), 'profile');
  const network = buildNetwork(spec, [widths[0]]);
  const { optimizer, loss, metrics } = spec.compile;
  if (!optimizer || !loss) throw new Error('the spec says both');
  const settings = { optimizer, loss, metrics, weightedMetrics: [] };
  return { network, plan: compileModel(network, settings, [1], 0, batch).plan };
}

/** The program `train` in a memory whose weights are those that training begins with. */
function prepare(widths: readonly number[], batch: number) {
  const { network, plan } = planOf(widths, batch);
  const scratch = align(ARENA + 4 * plan.size + BEHIND);
  const start = align(scratch + MATMUL_SCRATCH + BEHIND);
  const end = align(start + programBytes(plan, 1));
  const memory = new Memory(end);
  fill(memory.floats(ARENA, plan.size), plan, widths, batch);
  const weights = initialWeights(network, 1).flatMap(({ tensors }) =>
    tensors.flatMap(({ values }) => [...values]),
  );
  const trainable = plan.places.get('trainable');
  if (trainable) memory.floats(ARENA + 4 * trainable.offset, weights.length).set(weights);
  const kernels = instantiate(memory.memory, () => {});
  const addresses = { step: 0, arena: ARENA, scratch, scratchSize: MATMUL_SCRATCH };
  const context = { addresses, seed: 1, hosted: () => -1 };
  const programs = new Programs(plan, memory, kernels, context, { start, end });
  const [code] = programs.codesOf('train', batch, null);
  const units = unitsOf(plan.programs.get('train') ?? [], plan);
  return { code, units, kernels, words: memory.words };
}

function fill(arena: Float32Array, plan: Plan, widths: readonly number[], batch: number): void {
  for (const { place, values } of plan.initial) {
    const { offset, rows, cols } = place;
    if (typeof values === 'number') arena.fill(values, offset, offset + rows * cols);
    else arena.set(values, offset);
  }
  // The first step, at a rate of 0, which leaves the weights where they are.
  arena[plan.places.get('step')?.offset ?? 0] = 1;
  const x = plan.places.get('x')?.offset ?? 0;
  for (let i = 0; i < batch * widths[0]; i++) arena[x + i] = Math.sin(i);
  const y = plan.places.get('y')?.offset ?? 0;
  for (let i = 0; i < batch; i++) arena[y + i] = i % widths[widths.length - 1];
}

function microseconds(run: () => void): number {
  let times = 1;
  const measured = () => {
    const start = performance.now();
    for (let i = 0; i < times; i++) run();
    return ((performance.now() - start) * 1000) / times;
  };
  while (measured() * times < LONG_ENOUGH) times *= 2;
  return Math.min(...Array.from({ length: MEASUREMENTS }, measured));
}

function describe(unit: Unit, time: number, whole: number, batch: number): string {
  const { rows, cols, batched } = unit.nodes[unit.nodes.length - 1].instruction.out;
  const products = unit.nodes.filter(({ instruction: { op } }) => op.startsWith('matmul'));
  const flop = 2 * workOf([{ kind: 'one', nodes: products }], batch);
  const speed =
    flop > 0 ? `${(flop / time / 1000).toFixed(1).padStart(5)} GFLOP/s` : ''.padStart(13);
  const ops = unit.nodes.map(({ instruction }) => instruction.op).join(' ');
  const share = `${((time / whole) * 100).toFixed(1).padStart(5)} %`;
  const shape = `[${rows}${batched ? '·batch' : ''}, ${cols}]`;
  return `${time.toFixed(3).padStart(10)} µs ${share} ${speed}  ${unit.kind} ${shape} ${ops}`;
}

const [shape = '20-64-32-5', rows = '32'] = process.argv.slice(2);
const batch = Number(rows);
const { code, units, kernels, words } = prepare(shape.split('-').map(Number), batch);
const step = () => kernels.run(code.from, code.to);
// V8 compiles for speed what has run for a while.
const begin = performance.now();
while (performance.now() - begin < WARM_UP) step();
const whole = microseconds(step);
let at = code.from;
for (const unit of units) {
  const [from, to] = [at, at + words[at / 4 + 1]];
  at = to;
  console.log(
    describe(
      unit,
      microseconds(() => kernels.run(from, to)),
      whole,
      batch,
    ),
  );
}
console.log(`${whole.toFixed(3).padStart(10)} µs a step`);
