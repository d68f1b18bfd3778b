/** Texts that Python printed, from fixtures/keras/text. */
import { readFileSync } from 'node:fs';

/** The cases of one file, whose form the caller knows. */
export function readCases<Case>(file: string): Case[] {
  const path = new URL(`../../fixtures/keras/text/${file}`, import.meta.url);
  const document: { cases: Case[] } = JSON.parse(readFileSync(path, 'utf8'));
  return document.cases;
}

/** A number as JSON holds it there: the ones it cannot hold are strings. */
export type JsonNumber = number | 'nan' | 'inf' | '-inf';

/** The number behind it. */
export function readNumber(value: JsonNumber): number {
  if (value === 'nan') return Number.NaN;
  if (value === 'inf') return Number.POSITIVE_INFINITY;
  return value === '-inf' ? Number.NEGATIVE_INFINITY : value;
}
