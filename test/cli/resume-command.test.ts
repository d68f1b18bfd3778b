/** The command that goes on with a run, as a shell reads it. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { byteCount } from '../../src/cli/option-values.ts';
import { resumeCommand } from '../../src/cli/resume-command.ts';
import type { TrainOptions } from '../../src/cli/train-run.ts';
import { Folder } from './run.ts';

/** Words of a command as bash gives them to a program. */
function wordsOf(command: string): string[] {
  const line = `mlp() { printf '%s\\0' "$@"; }; ${command}`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', line], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\0').slice(0, -1);
}

const NAMES = [
  'data.csv',
  'two words.csv',
  "it's.csv",
  '$HOME `id` "x" \\ *.csv',
  '-rf',
  'tab\tand line\nend.csv',
  '\u001b[2J\u0007.csv',
  'café\u202e.csv',
  "'\u0001'",
  '!x',
  '',
];

test('a name stays the name that it is, and is no command to the terminal', () => {
  const options = { dataPatterns: NAMES, output: '\u001b]0;x\u0007.json' } as unknown;
  const command = resumeCommand('a b.json', options as TrainOptions);
  expect(wordsOf(command)).toEqual([
    ...['train', '--resume', 'a b.json'],
    ...NAMES.flatMap((name) => ['--data', name]),
    ...['-o', '\u001b]0;x\u0007.json'],
  ]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point
  expect(command).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
});

test('how files are read stays as it was: --max-bytes, and texts that were written with units', () => {
  const options = {
    dataPatterns: ['a.csv.gz'],
    maxBytes: byteCount('3G', '--max-bytes'),
    encoding: 'utf-16le',
    delimiter: '\t',
    comment: '#',
    checkpointEvery: { seconds: 90, text: '1m30s' },
    stopAt: [{ name: 'loss', value: 0.1, text: 'loss=0.10' }],
    testOut: 't.csv',
  } as unknown;
  const words = wordsOf(resumeCommand('c.json', options as TrainOptions));
  expect(words).toEqual([
    ...['train', '--resume', 'c.json', '--data', 'a.csv.gz', '--encoding', 'utf-16le'],
    ...['--delimiter', '\t', '--comment', '#', '--max-bytes', String(3 * 2 ** 30)],
    ...['--test-out', 't.csv', '--checkpoint-every', '1m30s', '--stop-at', 'loss=0.10', '--force'],
  ]);
  expect(byteCount(words[words.indexOf('--max-bytes') + 1], '--max-bytes')).toBe(3 * 2 ** 30);
});

test('a run whose files are called so goes on by the command that it prints', () => {
  const at = new Folder().take('linear/model.json', 'linear/data.csv');
  const name = "it's\t\u001b[7m.csv";
  at.write(name, at.read('data.csv'));
  const words = ['--data', name, '--max-bytes', '1M', '--seed', '1', '--epochs', '100000'];
  const { status, stderr } = at.mlp(['train', 'model.json', ...words, '--max-time', '0.1s']);
  expect(status).toBe(0);
  expect(stderr).not.toContain('\u001b');
  const [, command] = /^to go on: (mlp .*)$/m.exec(stderr) ?? [];
  expect(command).toContain('--max-bytes 1048576');
  const { last_epoch: epoch } = at.json('model.checkpoint.json').training;
  expect(at.shell(`${command} --epochs ${epoch + 1} -q`)).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect(at.json('model.trained.json').training.last_epoch).toBe(epoch + 1);
});
