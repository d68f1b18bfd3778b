/** A terminal that is closed under a training: all is saved, and the process is gone as any other would be. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { done, Folder } from './run.ts';

const program = resolve(import.meta.dirname, '../../bin/mlp.js');

/** `script` of util-linux runs a command in a terminal of its own. */
const hasTerminals = (() => {
  const { stdout, status } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  return status === 0 && stdout.includes('util-linux');
})();
if (!hasTerminals)
  console.warn('left out: a closed terminal, since there is no script(1) of util-linux');

/** Fails before the test's own time is over, so that whoever waits can end what it waits for. */
async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 15_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error('it did not come to that in 15 s');
    await sleep(10);
  }
}

test.skipIf(!hasTerminals)(
  'a terminal that is closed ends a run by SIGHUP, once all is saved',
  async () => {
    const folder = new Folder().take('linear/model.json', 'linear/data.csv');
    const at = (name: string) => join(folder.path, name);
    const words = 'train model.json --data data.csv --seed 1 --epochs 10000000 --csv-log log.csv';
    // The shell lives on to tell what became of it.
    const line = `trap : HUP; '${process.execPath}' '${program}' ${words}; echo $? > code`;
    const terminal = spawn(
      'script',
      ['-qec', `bash -c "${line.replace(/[$]/g, '\\$&')}"`, 'seen'],
      {
        cwd: folder.path,
        env: { PATH: process.env.PATH, SHELL: '/bin/sh', TERM: 'xterm' },
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    );
    // Whatever fails, the training is not to go on for ever.
    onTestFinished(() => {
      terminal.kill('SIGKILL');
    });
    await until(() => existsSync(at('log.csv')) && folder.read('log.csv').split('\n').length > 9);
    terminal.kill('SIGKILL');
    await until(() => existsSync(at('code')) && folder.read('code') !== '');
    // As a shell calls it.
    expect(folder.read('code')).toBe(`${128 + 1}\n`);
    expect(folder.names()).toEqual([
      ...['code', 'data.csv', 'log.csv', 'model.checkpoint.json', 'model.json'],
      ...['model.trained.json', 'seen'],
    ]);

    const { last_epoch: epoch } = folder.json('model.checkpoint.json').training;
    expect(epoch).toBeGreaterThan(5);
    const end = ['--data', 'data.csv', '--epochs', String(epoch + 2), '-q'];
    const rest = ['train', '--resume', 'model.checkpoint.json', ...end, '-o', 'rest.json'];
    expect(folder.mlp(rest)).toEqual(done(''));
    const whole = ['train', 'model.json', '--seed', '1', ...end, '-o', 'whole.json'];
    expect(folder.mlp(whole)).toEqual(done(''));
    expect(folder.read('rest.json')).toBe(folder.read('whole.json'));
  },
);
