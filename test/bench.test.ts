/** The words of the benchmark's command line; it times nothing here. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const program = resolve(import.meta.dirname, '../bench/run.mjs');
const USAGE = 'npm run bench -- [--rounds N] [--only NAME,NAME] [--no-peers] [--no-write]';
const NAMES =
  'node -e 0, mlp --version, mlp --help, mlp summary, mlp train, seed, small, medium, large, large1024, tables, scaling';

function bench(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('--help says how it is called', () => {
  const stdout = `${USAGE}\n\nNAME is one of ${NAMES}.\n`;
  expect(bench('--help')).toEqual({ status: 0, stdout, stderr: '' });
});

test.each([
  [['--only', 'small,nosuch'], `--only: expected ${NAMES}; found "nosuch"`],
  [['--rounds', '0'], '--rounds: expected a whole number, 1 or more; found "0"'],
  [['--nosuch'], "Unknown option '--nosuch'"],
])('%j is refused', (words, problem) => {
  const stderr = `bench: ${problem}\n  ${USAGE}\n`;
  expect(bench(...words)).toEqual({ status: 2, stdout: '', stderr });
});
