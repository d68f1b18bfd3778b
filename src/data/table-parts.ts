/** Parts of a table: rows picked out of matrices, and what is told about who got which. */
import { type NdArray, sizeOf } from '../ndarray.ts';
import { formatThousands, quote } from '../words.ts';
import type { RowSelection } from './column-profile.ts';
import type { TargetColumn } from './columns.ts';
import type { SplitWish } from './split-wish.ts';
import type { TablePart } from './table.ts';

/** The rows of a selection, in its order, in new arrays. */
export function partOfRows({ x, y, sampleWeight }: TablePart, rows: RowSelection): TablePart {
  return {
    rows: rows.length,
    x: pickRows(x, rows),
    y: pickRows(y, rows),
    sampleWeight: sampleWeight && pickRows(sampleWeight, rows),
  };
}

/** @param array  [rows, …] */
function pickRows({ shape, values }: NdArray, rows: RowSelection): NdArray {
  const size = sizeOf(shape.slice(1));
  const isRange = rows.every((row, i) => row === rows[0] + i);
  const first = (rows[0] ?? 0) * size;
  const picked = isRange
    ? values.subarray(first, first + rows.length * size)
    : new Float32Array(rows.length * size);
  if (!isRange) {
    rows.forEach((row, i) => {
      picked.set(values.subarray(row * size, (row + 1) * size), i * size);
    });
  }
  return { shape: [rows.length, ...shape.slice(1)], values: picked };
}

/** With more classes than this, only rows are counted. */
const MAX_TOLD_CLASSES = 12;

/** Parts to be told about. */
interface Parts {
  readonly training: Pick<TablePart, 'rows' | 'y'>;
  readonly validation: Pick<TablePart, 'rows' | 'y'> | null;
  readonly test: Pick<TablePart, 'rows' | 'y'> | null;
}

/**
 * How many rows of each class went where, if the user asked for a split; and the classes that the rows to
 * validate with lack, as happens where a table is sorted.
 */
export function splitNote(
  wish: SplitWish | undefined,
  parts: Parts,
  targets: readonly TargetColumn[],
): readonly string[] {
  const { training, validation, test } = parts;
  if (!wish || (validation === null && test === null)) return [];
  const [target] = targets;
  const classes = targets.length === 1 && target.kind === 'class' ? target.classes : null;
  const warnings = classes
    ? [
        ...lackingNote(classes, parts),
        ...(wish.word.by === 'last' ? sortedNote(classes, parts) : []),
      ]
    : [];
  if (!wish.isAskedFor) return warnings;
  const told = [
    `${describePart(training, classes)} to learn from`,
    ...(validation ? [`${describePart(validation, classes)} to validate with`] : []),
    ...(test ? [`${describePart(test, classes)} to test with`] : []),
  ];
  return [`rows: ${told.join('; ')}`, ...warnings];
}

function describePart(
  { rows, y }: Pick<TablePart, 'rows' | 'y'>,
  classes: readonly string[] | null,
): string {
  if (classes === null || classes.length > MAX_TOLD_CLASSES) return formatThousands(rows);
  const counts = countClasses(y.values, classes.length);
  const each = classes.map((name, i) => `${quote(name)} ${formatThousands(counts[i])}`);
  return `${formatThousands(rows)} (${each.join(', ')})`;
}

function lackingNote(
  classes: readonly string[],
  { training, validation }: Parts,
): readonly string[] {
  if (validation === null) return [];
  const learnt = countClasses(training.y.values, classes.length);
  const checked = countClasses(validation.y.values, classes.length);
  const notLearnt = classes.filter((_, i) => learnt[i] === 0 && checked[i] > 0);
  if (notLearnt.length === 0) return [];
  return [
    `warning: ${nameClasses(notLearnt)} is only among the rows to validate with, so it cannot be learnt; --split stratified divides each class`,
  ];
}

/** With fewer rows for each class than this, one may be missing by chance. */
const ROWS_OF_CLASS = 5;

/** The last rows of a sorted table are of few classes, and measure nothing. */
function sortedNote(
  classes: readonly string[],
  { training, validation, test }: Parts,
): readonly string[] {
  const learnt = countClasses(training.y.values, classes.length);
  const lacking = [validation, test].flatMap((part) => {
    if (part === null || part.rows < ROWS_OF_CLASS * classes.length) return [];
    const found = countClasses(part.y.values, classes.length);
    return classes.filter((_, i) => learnt[i] > 0 && found[i] === 0);
  });
  if (lacking.length === 0) return [];
  return [
    `warning: the last rows have no ${nameClasses([...new Set(lacking)])}, as where a table is sorted; --split stratified divides each class`,
  ];
}

function nameClasses([first, ...others]: readonly string[]): string {
  if (others.length === 0) return quote(first);
  return `${quote(first)} and ${others.length} more class${others.length === 1 ? '' : 'es'}`;
}

function countClasses(codes: Float32Array, classes: number): Uint32Array {
  const counts = new Uint32Array(classes);
  // Of a class that only test rows have there is no code.
  for (const code of codes) if (code >= 0) counts[code]++;
  return counts;
}
