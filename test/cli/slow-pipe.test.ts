/** Who delivers slowly is waited for, and what came is the same. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { Folder } from './run.ts';

const program = resolve(import.meta.dirname, '../../bin/mlp.js');
const TABLE = 'a,b,y\n1,2,3\n4,5,9\n"7",8,15\n2,2,4\n3,1,4\n6,0,6\n9,9,18\n1,1,2\n';

/** Runs `mlp` with these words, and feeds it a byte every 10 ms. */
async function fedSlowly(at: Folder, words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [program, ...words], { cwd: at.path });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const ended = new Promise((done) => child.on('close', done));
  for (const byte of Buffer.from(TABLE)) {
    child.stdin.write(Uint8Array.of(byte));
    await new Promise((next) => setTimeout(next, 10));
  }
  child.stdin.end();
  expect(await ended).toBe(0);
  return said;
}

test('a pipe that delivers a byte every 10 ms', async () => {
  const at = new Folder().write('model.json', { layers: [{ units: 1 }] });
  const words = [
    'train',
    'model.json',
    '--loss',
    'mse',
    '--seed',
    '1',
    '--epochs',
    '2',
    '--data',
    '-',
  ];
  const quick = at.mlp([...words, '-o', 'quick.json'], TABLE);
  expect(quick.status).toBe(0);
  const [slow, predicted] = await Promise.all([
    fedSlowly(at, [...words, '-o', 'slow.json', '--verbose', '0']),
    fedSlowly(at, ['predict', 'quick.json', '--data', '-']),
  ]);
  expect(slow).toContain('saved slow.json');
  expect(at.read('slow.json')).toBe(at.read('quick.json'));
  expect(predicted).toBe(at.mlp(['predict', 'quick.json', '--data', '-'], TABLE).stdout);
});
