/**
 * What the real Keras computed, from fixtures/keras/. Cases that name what this program does not
 * have yet are told apart by words, and whoever implements a word finds a test that says so.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { UserError } from '../src/errors.ts';
import { buildNetwork, type Network } from '../src/nn/network.ts';
import { readSpec } from '../src/spec/read-spec.ts';
import type { ModelSpec } from '../src/spec/spec.ts';

const special: ReadonlyMap<unknown, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]);

/** The JSON of a file in fixtures/keras/; `"nan"`, `"inf"` and `"-inf"` in it are numbers. */
export function readGoldens<T extends object>(file: string): T {
  const text = readFileSync(join(import.meta.dirname, '../fixtures/keras', file), 'utf8');
  const content: T = JSON.parse(text, (_key, value: unknown) => special.get(value) ?? value);
  return content;
}

/** The cases of such a file. */
export function readCases<C>(file: string): readonly C[] {
  return readGoldens<{ readonly cases: readonly C[] }>(file).cases;
}

/** A document's spec and network, by the way that the program goes. */
export function build(document: object): { spec: ModelSpec; network: Network } {
  const { spec } = readSpec(JSON.stringify(document), 'golden');
  return { spec, network: buildNetwork(spec, spec.input_shape ?? []) };
}

function isRefused(document: object): boolean {
  try {
    build(document);
    return false;
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}

/** How a family of cases is sorted into those to check and those that are not implemented. */
export interface Family<C> {
  readonly cases: readonly C[];
  /** What a case needs: names and options. */
  readonly words: (golden: C) => readonly string[];
  /** Words that nothing implements. */
  readonly notYet: readonly string[];
  /** A document that needs just what the case needs. */
  readonly document: (golden: C) => object;
}

/** The cases that need nothing of the list. */
export function implemented<C>({ cases, words, notYet }: Family<C>): C[] {
  return cases.filter((golden) => !words(golden).some((word) => notYet.includes(word)));
}

/** Fails where a word of the list stands in no case by itself, or is read all the same. */
export function expectNotYet<C>({ cases, words, notYet, document }: Family<C>): void {
  for (const word of notYet) {
    const own = cases.filter((golden) => {
      const listed = words(golden).filter((each) => notYet.includes(each));
      return listed.length > 0 && listed.every((each) => each === word);
    });
    expect(own.length, `cases with ${word}`).toBeGreaterThan(0);
    const read = own.filter((golden) => !isRefused(document(golden)));
    expect(read, `${word} is implemented: take it from the list`).toEqual([]);
  }
}
