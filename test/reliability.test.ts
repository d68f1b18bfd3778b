/** Every promise of docs/reliability.md names tests that there are. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const document = readFileSync(resolve(root, 'docs/reliability.md'), 'utf8');

/** The rows of the tables of promises: what is promised, and where it is tested. */
const promises = document
  .split('\n')
  .filter((line) => /^\| .*`test(-long)?\//.test(line))
  .map((line) => line.split(/ ?\| ?/).slice(1, -1));

test('there are promises', () => {
  expect(promises.length).toBeGreaterThan(5);
});

test.each(promises)('tested: %s', (_, tests) => {
  const named = tests.split(';').map((part) => /^\s*`([^`]+)`: (.+)$/.exec(part));
  for (const match of named) {
    if (!match) throw new Error(`expected \`FILE\`: "NAME", …; found ${tests}`);
    const [, file, names] = match;
    expect(existsSync(resolve(root, file)), file).toBe(true);
    const text = readFileSync(resolve(root, file), 'utf8');
    for (const [, name] of names.matchAll(/"([^"]+)"/g)) expect(text).toContain(name);
  }
});
