/** SIGKILL at any moment of a training, ten times as often as in npm test: see kill-run.ts. */
import { expect, test } from 'vitest';
import { killTrainings } from '../../test/cli/kill-run.ts';

const COUNT = 2000;
const SEED = 20261125;

test('2,000 trainings killed at random moments', async () => {
  const { killed, finished, resumed } = await killTrainings(COUNT, SEED);
  console.log(
    `kill test, seed ${SEED}: ${killed} trainings killed, ${finished} done before it came; ${resumed} times went on from the newest checkpoint to the same bytes`,
  );
  expect(killed + finished).toBe(COUNT);
  // Moments are drawn over the time that an undisturbed run takes here and now.
  expect(killed).toBeGreaterThan(COUNT / 3);
  expect(resumed).toBeGreaterThan(COUNT / 3);
});
