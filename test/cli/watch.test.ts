/** Why a run ends: what has happened first, but a failure whatever comes after it. */
import { expect, test } from 'vitest';
import { Watch } from '../../src/cli/watch.ts';
import { ExitCode, UserError } from '../../src/errors.ts';

test('a signal that comes after a failure does not hide it, and one before it does not last', () => {
  const error = new UserError(ExitCode.io, 'log.csv: no space');
  const watch = new Watch({ every: null, end: null, targets: [] }, 0);
  watch.stop('SIGINT');
  expect(watch.reason).toEqual({ kind: 'signal', signal: 'SIGINT' });
  watch.fail(error);
  expect(watch.reason).toEqual({ kind: 'failure', error });
  watch.stop('SIGTERM');
  expect(watch.reason).toEqual({ kind: 'failure', error });
});
