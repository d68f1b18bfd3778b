/** What the tests of declared formulas reckon with: the value of a formula's text, in double precision. */
import { expect } from 'vitest';
import { FormulaError, parseFormula } from '../../src/graph/formula.ts';
import { Graph } from '../../src/graph/graph.ts';
import { lowerFormula } from '../../src/graph/lower.ts';
import { input } from '../../src/graph/ops.ts';
import type { FamilyEntry } from '../../src/records.ts';
import { runGraph } from '../engine/run-graph.ts';

/** Values of the names that a formula may use. `x` is one of them, 0 where it is not given. */
export type Names = Readonly<Record<string, number>>;

export function reckon(text: string, names: Names): number {
  const { x = 0, ...parameters } = names;
  const known = ['x', ...Object.keys(parameters)];
  const expression = parseFormula(text, known, known);
  const graph = new Graph();
  const value = lowerFormula(expression, input(graph, 'x', 1, 1), parameters);
  return runGraph(graph, { value }, { x: [x] }, { precision: 'float64' }).value[0];
}

/** What sums, means and norms are of one number: themselves. */
export function ofOneNumber(text: string): string {
  return text.replace(/\b(?:sum|mean|largest)\(/g, '(').replace(/\b(?:norm|rms)\(/g, 'abs(');
}

/** Whether a text is a formula in these names. */
function isFormula(text: string, names: readonly string[]): boolean {
  try {
    parseFormula(text, names, names);
    return true;
  } catch (error) {
    if (error instanceof FormulaError) return false;
    throw error;
  }
}

/** Arguments that are given. */
export type Setting = Readonly<Record<string, number | boolean>>;
/** By name of an entry, what is given besides the defaults, case by case. */
export type Moved = Readonly<Record<string, readonly Setting[]>>;

/** The arguments of an entry by name: defaults, and on top of them what is set. */
export function names({ arguments: own }: FamilyEntry, setting: Setting): Names {
  const values = own.map(({ name, default: usual }) => [name, setting[name] ?? usual] as const);
  return Object.fromEntries(
    values.flatMap(([name, value]) => {
      if (typeof value === 'boolean') return [[name, value ? 1 : 0]];
      return typeof value === 'number' ? [[name, value]] : [];
    }),
  );
}

/** The formula that holds with these arguments. */
export function formulaFor({ formula, variants }: FamilyEntry, setting: Setting): string {
  const given = Object.keys(variants).find((name) => setting[name] !== undefined && setting[name]);
  return given === undefined ? formula : variants[given];
}

/** The defaults alone, and each setting that moves them. */
export function settingsOf(moved: Moved, { name }: FamilyEntry): readonly Setting[] {
  return [{}, ...(moved[name] ?? [])];
}

export function expectEqual(found: number, wanted: number, tolerance = 1e-6): void {
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));
}

/**
 * Entries whose formula is none in these names and their arguments.
 *
 * @param read  what is done to a formula before: by default one number stands in the place of many
 */
export function unsaid(
  entries: readonly FamilyEntry[],
  own: readonly string[],
  read: (text: string) => string = ofOneNumber,
): string[] {
  return entries
    .filter((entry) => {
      const known = [...own, ...entry.arguments.map(({ name }) => name)];
      const parts = entry.formula.split('; ').map((part) => part.replace(/^\w = /, ''));
      return !parts.every((part) => isFormula(read(part), known));
    })
    .map(({ name }) => name);
}
