/** What a row counts for, by the cell of its column. */
import { quote } from '../words.ts';
import type { CellSyntax } from './cell-syntax.ts';

/** What to do about a cell that is no weight. */
export const CORRECT_WEIGHT = 'correct the cell; 0 leaves a row out';

/** What is wrong with it. */
export function noWeight(cell: string): string {
  const found = cell.trim() === '' ? 'an empty cell' : quote(cell);
  return `expected a weight, a number from 0 on; found ${found}`;
}

/** A number from 0 on; undefined for anything else. */
export function readWeight(cell: string, syntax: CellSyntax): number | undefined {
  const weight = syntax.number(cell);
  return weight !== undefined && weight >= 0 ? weight : undefined;
}
