/** The cases of fixtures/keras that are not held to Keras's numbers, as docs/keras-differences.md lists them. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const page = readFileSync(resolve(import.meta.dirname, '../docs/keras-differences.md'), 'utf8');

/** One line of a family's list: `- skipped: {"layer": "Embedding"}: the reason`. */
interface Difference {
  readonly family: string;
  /** What a case has to have to be one of these. */
  readonly pattern: Readonly<Record<string, unknown>>;
  readonly reason: string;
}

/** All lines of the page that say so, in order. */
export const differences: readonly Difference[] = readDifferences();

function readDifferences(): Difference[] {
  const found: Difference[] = [];
  let family = '';
  for (const line of page.split('\n')) {
    family = line.match(/^## .*`(\w+)\.json`/)?.[1] ?? family;
    const [, pattern, reason] = line.match(/^- skipped: `(\{.*\})`: (.*)$/) ?? [];
    if (pattern) found.push({ family, pattern: JSON.parse(pattern), reason });
  }
  return found;
}

/** Why a case of a family is skipped; undefined where it is not. */
export function skipped(family: string, one: object): string | undefined {
  const own = new Map(Object.entries(one).map(([key, value]) => [key, JSON.stringify(value)]));
  return differences.find(
    (difference) =>
      difference.family === family &&
      Object.entries(difference.pattern).every(
        ([key, value]) => own.get(key) === JSON.stringify(value),
      ),
  )?.reason;
}
