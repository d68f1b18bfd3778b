/**
 * Trainings that are killed without warning: after each, the model file is the old one or the new one, whole,
 * the newest checkpoint loads, and going on from it gives the bytes of a run that nobody disturbed.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { randomStream } from '../../src/random.ts';
import { pretendIo } from './pretend-io.ts';
import { Folder } from './run.ts';

const MODEL = {
  input_shape: [2],
  layers: [
    { units: 8, activation: 'tanh' },
    { type: 'Dropout', rate: 0.1 },
    { type: 'BatchNormalization' },
    { units: 1 },
  ],
  compile: { optimizer: 'adam', loss: 'mse', metrics: ['mae'] },
};
const EPOCHS = 12;
const COMMON = ['--epochs', String(EPOCHS), '--seed', '5', '--quiet'];
const FIT = ['--validation-split', '0.2', '--batch-size', '16', '--keep', 'best'];

/** What came of the trainings. */
interface Kills {
  /** Ended by SIGKILL before they were done. */
  killed: number;
  /** Done before it came. */
  finished: number;
  /** That left a checkpoint behind from which the run went on. */
  resumed: number;
}

/**
 * Starts `count` trainings one after the other, each where the one before left off, and kills each at a
 * moment drawn from `seed`.
 */
async function killTrainings(count: number, seed: number): Promise<Kills> {
  const at = new Folder().take('linear/data.csv').write('model.json', MODEL);
  const path = (name: string) => join(at.path, name);
  const fresh = ['train', 'model.json', '--data', 'data.csv', ...COMMON, ...FIT];
  const always = ['--checkpoint-every', '1', '--checkpoint'];
  const start = performance.now();
  expect(at.mlp([...fresh, ...always, 'last.json', '-o', 'whole.json']).status).toBe(0);
  const duration = performance.now() - start;
  const whole = at.read('whole.json');
  const random = randomStream(seed, 'kill');
  const kills: Kills = { killed: 0, finished: 0, resumed: 0 };
  const old = '{"format": "mlp-model", "version": 1, "old": true}\n';
  at.write('model.out.json', old);
  for (let i = 0; i < count; i++) {
    const isGoingOn = existsSync(path('saved.json'));
    const first = isGoingOn
      ? ['train', '--data', 'data.csv', '--resume', 'saved.json', '-q']
      : fresh;
    const running = at.start([...first, ...always, 'saved.json', '-o', 'model.out.json']);
    const timer = setTimeout(() => running.child.kill('SIGKILL'), random() * duration);
    const { status, signal, stderr } = await running.ended;
    clearTimeout(timer);
    expect(stderr).toBe('');
    expect([status, signal]).toEqual(signal === null ? [0, null] : [null, 'SIGKILL']);
    kills[signal === null ? 'finished' : 'killed']++;
    const model = at.read('model.out.json');
    expect(signal === null ? [whole] : [old, whole]).toContain(model);
    if (existsSync(path('saved.json'))) {
      await goOn(path, whole, () => at.read('rest.json'));
      kills.resumed++;
    }
    if (signal === null) {
      rmSync(path('saved.json'));
      at.write('model.out.json', old);
    }
  }
  // What the killed ones left half written is gone at the next write.
  expect(at.names().filter((name) => name.startsWith('.')).length).toBeLessThanOrEqual(1);
  return kills;
}

/** Goes on from the newest checkpoint to the end, in this process. */
async function goOn(
  path: (name: string) => string,
  whole: string,
  rest: () => string,
): Promise<void> {
  const { io, written } = pretendIo();
  const words = ['--data', path('data.csv'), '--resume', path('saved.json'), '-q'];
  const code = await main(['train', ...words, '-o', path('rest.json')], io);
  expect([code, written.err]).toEqual([0, '']);
  expect(rest()).toBe(whole);
}

/** Kills `count` trainings, prints what came of them, and holds that enough of them were disturbed. */
export async function killAndTell(count: number, seed: number): Promise<void> {
  const { killed, finished, resumed } = await killTrainings(count, seed);
  console.log(
    `kill test, seed ${seed}: ${killed} trainings killed, ${finished} done before it came; ${resumed} times went on from the newest checkpoint to the same bytes`,
  );
  expect(killed + finished).toBe(count);
  // Moments are drawn over the time that an undisturbed run takes here and now.
  expect(killed).toBeGreaterThan(count / 3);
  expect(resumed).toBeGreaterThan(count / 3);
}
