/**
 * Formula text → checked tree. `jsep` only parses: nothing in a formula is ever run as code, and
 * whatever is not in the closed list of names, functions and operators is refused with its place.
 */
import type { Expression } from './expression.ts';

/** A formula that is not one: `message` says what was expected and found, `position` counts characters from 1. */
export class FormulaError extends Error {
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(message);
    this.name = 'FormulaError';
  }
}

/** Stub signature, replaced within the hour. */
export function parseFormula(_text: string, _names: readonly string[]): Expression {
  throw new FormulaError('not ready', 1);
}
