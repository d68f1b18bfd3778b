/** Fifty trainings at once, on however few cores: each ends with the bytes of one that is alone. */
import { expect, test } from 'vitest';
import { Folder } from '../../test/cli/run.ts';

const COUNT = 50;

test('50 trainings at once, half of them into the same file', { timeout: 300_000 }, async () => {
  const at = new Folder().take('linear/model.json', 'linear/data.csv');
  const words = [
    'train',
    'model.json',
    '--data',
    'data.csv',
    '--epochs',
    '50',
    '--seed',
    '1',
    '-q',
  ];
  expect(at.mlp([...words, '-o', 'alone.json']).status).toBe(0);
  const outputs = Array.from({ length: COUNT }, (_, i) =>
    i % 2 ? `own-${i}.json` : 'shared.json',
  );
  const start = performance.now();
  const ended = await Promise.all(
    outputs.map((output) => at.start([...words, '--threads', '2', '-o', output]).ended),
  );
  const seconds = (performance.now() - start) / 1000;
  console.log(`${COUNT} trainings at once: ${seconds.toFixed(1)} s, all ended with the same bytes`);
  for (const { status, stderr } of ended) expect([status, stderr]).toEqual([0, '']);
  for (const output of outputs) expect(at.read(output)).toBe(at.read('alone.json'));
  expect(at.names().filter((name) => name.startsWith('.'))).toEqual([]);
});
