/** One target of the contract: cells of its column to the numbers that the network is to learn. */
import type { CellSyntax } from './cell-syntax.ts';
import { ClassLookup } from './classes.ts';
import type { TargetColumn } from './columns.ts';
import type { CellProblem } from './feature-encoder.ts';
import { describeNotNumber } from './number.ts';
import { CORRECT } from './targets.ts';

/** The value of a cell that is not missing: a number or a class index; or what is wrong with it. */
export type TargetEncoder = (cell: string) => number | CellProblem;

/**
 * The encoder of a target.
 *
 * @param inOwnUnits  whether numbers stay as they are in the table, whatever scale the network learnt
 */
export function targetEncoder(
  target: TargetColumn,
  syntax: CellSyntax,
  inOwnUnits: boolean,
): TargetEncoder {
  if (target.kind === 'class') return classEncoder(target.classes, syntax);
  const { shift = 0, scale = 1 } = inOwnUnits ? {} : target;
  return (cell) => {
    const value = syntax.number(cell);
    if (value !== undefined) return (value - shift) / scale;
    return { problem: `expected a number; found ${describeNotNumber(cell)}`, remedy: CORRECT };
  };
}

function classEncoder(classes: readonly string[], syntax: CellSyntax): TargetEncoder {
  const lookup = new ClassLookup(classes, syntax);
  return (cell) => lookup.find(cell) ?? { problem: lookup.describeUnknown(cell), remedy: CORRECT };
}
