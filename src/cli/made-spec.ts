/** A model that no file holds: the spec made from the data, and what is said about it. */
import { allColumns, type Columns } from '../data/columns.ts';
import type { OptimizerSpec } from '../spec/optimizers.ts';
import { readSpec } from '../spec/read-spec.ts';
import { DEFAULT_HIDDEN, specFromData, type TargetColumns } from '../spec/spec-from-data.ts';
import { formatDocument } from '../spec/write-spec.ts';
import { type ColumnOptions, dataSection } from './column-options.ts';
import { type Model, SPEC_FILE } from './model-input.ts';
import { type ValueParser, wrong } from './option-values.ts';
import type { TrainingData } from './training-data.ts';

/** `64,32` or `none`: units of the hidden layers. */
export const hiddenLayers: ValueParser<readonly number[]> = (value, flag) => {
  if (value === 'none') return [];
  const units = value.split(',').map((word) => Number(word.trim() === '' ? Number.NaN : word));
  if (units.every((count) => Number.isSafeInteger(count) && count >= 1)) return units;
  throw wrong(flag, 'units with commas between them (64,32), or none', value);
};

/** What of the command line a made spec is made by. */
export interface MadeSpecOptions extends ColumnOptions {
  readonly layers?: readonly number[];
}

/**
 * The model for the data.
 *
 * @returns the model, and two lines for people
 */
export function modelFromData(
  data: TrainingData,
  options: MadeSpecOptions,
  optimizer?: OptimizerSpec['type'],
): { model: Model; reasons: readonly [string, string] } {
  const { x, target, form, columns } = data;
  const table = form === 'table' ? columns : null;
  const description = {
    inputShape: x.shape.slice(1),
    target,
    columns: table && targetColumns(table),
    data: table ? dataSection(options, table) : {},
  };
  const hidden = options.layers ?? DEFAULT_HIDDEN;
  const { document, reasons } = specFromData(description, hidden, optimizer);
  const source = `the spec made from ${data.name}`;
  const model = readSpec(formatDocument(document), source);
  return { model: { ...model, path: SPEC_FILE, source }, reasons };
}

function targetColumns(columns: Columns): TargetColumns {
  const { header, targets } = columns;
  const isLast = targets.length === 1 && targets[0].position === allColumns(columns).length;
  return { names: targets.map(({ name }) => name), header, isLast };
}
