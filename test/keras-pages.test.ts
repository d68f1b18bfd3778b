/** docs/keras.md and the lists of docs/keras-differences.md are what the declarations give. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { differencesPage, kerasPage } from '../docs/keras-pages.ts';

/** Where this fails, run `npm run docs`. */
const read = (name: string) => readFileSync(resolve(import.meta.dirname, '../docs', name), 'utf8');

test('keras.md is what the declarations give', async () => {
  expect(read('keras.md')).toBe(await kerasPage());
});

test('keras-differences.md lists what the declarations say', async () => {
  const page = read('keras-differences.md');
  expect(page).toBe(await differencesPage(page));
});

test('a family that differs must have a place in keras-differences.md', async () => {
  const page = read('keras-differences.md').replace('<!-- losses -->', '');
  await expect(differencesPage(page)).rejects.toThrow('has no place for losses');
});
