/** Every promise of docs/reliability.md names tests that there are, and every limit is that of the code. */
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

/** What, how much, and the constant of each limit, and its file. */
const limits = [
  ...document.matchAll(/^\| ([^|]+) \| ([\d,]+)(?: bytes)? \| `(\w+)` in `([^`]+)` \|$/gm),
].map((match) => match.slice(1));

test('there are limits', () => {
  expect(limits.length).toBeGreaterThan(15);
});

test.each(limits)('%s: %s, as %s in %s', async (_, amount, name, file) => {
  const source = readFileSync(resolve(root, file), 'utf8');
  const [, said] = new RegExp(`const ${name} = ([\\d_ *+-]+);`).exec(source) ?? [];
  expect(said).toBeDefined();
  expect(numberOf(said ?? '').toLocaleString('en')).toBe(amount);
});

/** The value of a number as the code writes it: `10_000`, `2 ** 29 - 24`. */
function numberOf(text: string): number {
  const [power, minus = '0'] = text.replaceAll('_', '').split(' - ');
  const [base, exponent = '1'] = power.split(' ** ');
  return Number(base) ** Number(exponent) - Number(minus);
}
