/** SIGKILL at any moment of a training: see kill-run.ts; `npm run test:long` has ten times as many. */
import { expect, test } from 'vitest';
import { killTrainings } from './kill-run.ts';

const COUNT = 200;
const SEED = 20261124;

test('200 trainings killed at random moments', { timeout: 200_000 }, async () => {
  const { killed, finished, resumed } = await killTrainings(COUNT, SEED);
  console.log(
    `kill test, seed ${SEED}: ${killed} trainings killed, ${finished} done before it came; ${resumed} times went on from the newest checkpoint to the same bytes`,
  );
  expect(killed + finished).toBe(COUNT);
  // Moments are drawn over the time that an undisturbed run takes here and now.
  expect(killed).toBeGreaterThan(COUNT / 3);
  expect(resumed).toBeGreaterThan(COUNT / 3);
});
