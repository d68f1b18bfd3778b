/** docs/keras-differences.md says which of Keras's cases are not held; each line must still be true. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { differences } from './keras-differences.ts';

function casesOf(family: string): object[] {
  const file = resolve(import.meta.dirname, `../fixtures/keras/${family}.json`);
  return JSON.parse(readFileSync(file, 'utf8')).cases;
}

test.each(differences)('$family: $pattern is a case of Keras and has a reason', (difference) => {
  const found = casesOf(difference.family).filter((one) => {
    const own = new Map(Object.entries(one));
    return Object.entries(difference.pattern).every(
      ([key, value]) => JSON.stringify(own.get(key)) === JSON.stringify(value),
    );
  });
  expect(found.length).toBeGreaterThan(0);
  expect(difference.reason).not.toBe('');
});

test('the page has lines to read', () => {
  expect(differences.length).toBeGreaterThan(0);
});
