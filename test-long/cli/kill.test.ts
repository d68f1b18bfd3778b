/** SIGKILL at any moment of a training, ten times as often as in npm test: see kill-run.ts. */
import { test } from 'vitest';
import { killAndTell } from '../../test/cli/kill-run.ts';

test('2,000 trainings killed at random moments', () => killAndTell(2000, 20261125));
