/** The rows that `evaluate` measures a model on: which of their columns it takes for what. */
import type { Columns, TargetColumn } from '../data/columns.ts';
import { checkClasses, readColumns } from '../data/stored-columns.ts';
import { ExitCode, UserError } from '../errors.ts';
import { sizeOf } from '../ndarray.ts';
import { losses } from '../nn/losses.ts';
import type { Network } from '../nn/network.ts';
import type { LossSpec } from '../spec/losses.ts';
import { quote } from '../words.ts';
import { type SyntaxOptions, syntaxOf } from './column-options.ts';
import { type SaidFormat, saidFormat } from './input-format.ts';
import type { Io } from './io.ts';
import type { Model } from './model-input.ts';
import { type DataOptions, readTrainingData, type TrainingData } from './training-data.ts';
import { classesOf } from './training-rows.ts';
import { targetModeOf } from './training-settings.ts';

export interface EvaluationDataOptions extends SaidFormat, SyntaxOptions {
  readonly header?: boolean;
  readonly target?: readonly string[];
}

/**
 * Reads the rows with their targets. The model's own columns decide; for a model without any, the
 * targets that `--target` or its spec names; else the columns go by position, inputs first, as
 * `predict` has them, and then the targets.
 *
 * @throws {UserError} exit 3 where rows do not fit, 4 where the model's columns do not, 2 for `--target`
 *   beside the columns of the model
 */
export async function readEvaluationData(
  io: Io,
  paths: readonly string[],
  model: Model,
  network: Network,
  options: EvaluationDataOptions,
): Promise<TrainingData> {
  const { header, target } = options;
  const said = saidFormat(options);
  if (model.columns !== undefined) {
    if (target) throw decidedAlready(model.source, target);
    const contract = readColumns(model.columns, model.source);
    checkClasses(contract, sizeOf(network.outputShape), model.source);
    const columns = { contract, inOwnUnits: true, mayLackWeights: true };
    return readTrainingData(io, paths, { ...said, header, syntax: syntaxOf(options), columns });
  }
  const { spec } = model;
  const { loss } = spec.compile;
  const columns = columnsFor(network, loss, target ?? spec.data.target);
  const data = await readTrainingData(io, paths, {
    ...said,
    header: header ?? spec.data.header ?? undefined,
    syntax: syntaxOf(options, spec.data),
    columns,
  });
  const classes = 'contract' in columns ? null : classesOf(data);
  if (!classes || classes.every((name, index) => name === String(index))) return data;
  const outputs = network.outputShape.at(-1) ?? 1;
  if (classes.every((name) => isIndex(name, outputs))) return asIndices(data, classes, outputs);
  const order = classes.map(quote).join(', ');
  const note = `note: the model does not name its classes; they are taken in this order: ${order}`;
  return { ...data, notes: [...data.notes, note] };
}

/** Whether a class is called by the number of an output. */
function isIndex(name: string, outputs: number): boolean {
  return /^\d+$/.test(name) && Number(name) < outputs;
}

/** Class numbers as they are: in these rows some may not occur, and the others keep their outputs. */
function asIndices(data: TrainingData, classes: readonly string[], outputs: number): TrainingData {
  const { shape, values } = data.y;
  return {
    ...data,
    y: { shape, values: values.map((code) => Number(classes[code])) },
    target: { kind: 'class', classes: Array.from({ length: outputs }, (_, i) => String(i)) },
  };
}

function decidedAlready(source: string, target: readonly string[]): UserError {
  return new UserError(
    ExitCode.usage,
    `--target: expected none, since the columns of ${source} say what its targets are; found ${target.map(quote).join(', ')}`,
    'the column of the rows must be called as in the training table',
  );
}

/** How the columns are chosen where the model has none. */
function columnsFor(
  network: Network,
  loss: LossSpec | null,
  asked: readonly string[] | null,
): DataOptions['columns'] {
  const mode = targetModeOf(loss);
  // Its columns were all there when its inputs were counted, even those that do not vary here.
  const inputs = sizeOf(network.inputShape);
  if (asked) return { targets: asked, mode, inputs };
  const contract = loss && columnsByPosition(network, loss);
  return contract ? { contract } : { targets: [], mode, inputs };
}

/** Inputs and then targets, as many as the loss wants; undefined for outputs of several axes. */
function columnsByPosition(network: Network, loss: LossSpec): Columns | undefined {
  const { inputShape, outputShape } = network;
  if (outputShape.length > 1) return undefined;
  const [outputs] = outputShape;
  const inputs = sizeOf(inputShape);
  const at = (index: number) => ({ name: String(index + 1), position: index + 1 });
  const { targets } = losses[loss.type];
  const areClasses = targets === 'class numbers' || (targets === 'by shape' && outputs > 1);
  const classes = Array.from({ length: outputs }, (_, index) => String(index));
  return {
    header: false,
    features: Array.from({ length: inputs }, (_, index) => ({ ...at(index), kind: 'number' })),
    targets: areClasses
      ? [{ ...at(inputs), kind: 'class', classes }]
      : classes.map((_, index): TargetColumn => ({ ...at(inputs + index), kind: 'number' })),
  };
}
