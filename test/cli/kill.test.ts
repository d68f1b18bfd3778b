/** SIGKILL at any moment of a training: see kill-run.ts; `npm run test:long` has ten times as many. */
import { test } from 'vitest';
import { killAndTell } from './kill-run.ts';

test('200 trainings killed at random moments', { timeout: 200_000 }, () =>
  killAndTell(200, 20261124),
);
