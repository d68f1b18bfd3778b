/**
 * What training takes in memory, in bytes, part by part, as the plan has it: four for each weight, its gradient
 * and each number that the optimizer keeps for it, and what one batch needs. The WebAssembly engine touches no
 * more of the plan's memory; the reference engine writes intermediate results of an update beside it.
 */
import { BLOCKS } from '../nn/forward.ts';
import type { Network } from '../nn/network.ts';
import type { MemoryPart, TrainingMemory } from '../records.ts';
import { targetsOf } from './check.ts';
import { type CompiledModel, type CompileSettings, compileModel } from './compile.ts';

const BYTES = 4;
/** So many rows that they fit in no gap between others: what a row adds is seen by them. */
const MANY = 2 ** 30;
/** lbfgs counts in doubles. */
const BYTES_OF_DOUBLE = 8;

/**
 * @param rows  of a batch
 * @throws {UserError} exit 2 where the optimizer does not suit the layers
 */
export function trainingMemory(
  network: Network,
  settings: CompileSettings,
  rows: number,
): TrainingMemory {
  const compile = (most: number) =>
    compileModel(network, settings, targetShapeOf(network, settings), 0, most);
  const model = compile(MANY);
  const perRow = (compile(2 * MANY).plan.size - model.plan.size) / MANY;
  const batch = BYTES * perRow * rows;
  const parts: MemoryPart[] = [
    {
      name: 'weights',
      bytes: BYTES * (lengthOf(model, BLOCKS.trainable) + lengthOf(model, BLOCKS.frozen)),
    },
    { name: 'gradient', bytes: BYTES * lengthOf(model, BLOCKS.trainable) },
    ...keptBy(model, settings),
    { name: rows === 1 ? 'one row' : `one batch of ${rows} rows`, bytes: batch },
  ];
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return { optimizer: settings.optimizer.type, rows, parts, total };
}

/** The shape of one sample's target: class numbers where the loss takes those, else that of the output. */
function targetShapeOf(network: Network, { loss }: CompileSettings): readonly number[] {
  const { outputShape } = network;
  const targets = targetsOf(network, loss, [1, ...outputShape]);
  return targets === 'class numbers' ? [...outputShape.slice(0, -1), 1] : outputShape;
}

function lengthOf({ plan }: CompiledModel, name: string): number {
  const place = plan.places.get(name);
  return place ? place.rows * place.cols : 0;
}

/** What the optimizer keeps: by its words, each for all weights together. */
function keptBy(model: CompiledModel, { optimizer }: CompileSettings): MemoryPart[] {
  if (optimizer.type === 'lbfgs') {
    const pairs = 2 * optimizer.memory * lengthOf(model, BLOCKS.trainable);
    return [{ name: `the last ${optimizer.memory} moves`, bytes: BYTES_OF_DOUBLE * pairs }];
  }
  const slots = new Map<string, number>();
  for (const [name, { rows, cols }] of model.plan.places) {
    const [kind, word] = name.split('/');
    if (kind === 'slot') slots.set(word, (slots.get(word) ?? 0) + BYTES * rows * cols);
  }
  return [...slots].map(([name, bytes]) => ({ name, bytes }));
}
