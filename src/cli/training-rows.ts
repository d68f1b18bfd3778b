/** Rows of data as the network and its loss take them. */

import { listNames } from '../data/heading.ts';
import type { TablePart } from '../data/table.ts';
import { FOR_CLASSES } from '../data/targets.ts';
import { ExitCode, UserError } from '../errors.ts';
import { sizeOf } from '../ndarray.ts';
import type { Network } from '../nn/network.ts';
import type { LossSpec } from '../spec/losses.ts';
import { checkInputs, checkSampleWeight, checkTargets } from '../training/check.ts';
import type { Samples } from '../training/run.ts';
import type { TrainingData } from './training-data.ts';
import { targetModeOf } from './training-settings.ts';

/**
 * The data in the shapes of network and loss. A table's columns fill an input of any rank in
 * row-major order.
 *
 * @param part  of the data, all of them where it is not given
 * @throws {UserError} exit 3 where rows or targets do not fit, exit 2 where the loss does not fit
 *   the network
 */
export function samplesOf(
  data: TrainingData,
  network: Network,
  loss: LossSpec,
  { x, y, sampleWeight }: TablePart = data,
): Samples {
  const { name } = data;
  const { inputShape } = network;
  const isFlat = x.shape.length === 2 && x.shape[1] === sizeOf(inputShape);
  const shaped = isFlat ? { shape: [x.shape[0], ...inputShape], values: x.values } : x;
  const classes = classesOf(data);
  if (classes) checkCountable(classes, loss, name);
  return {
    x: checkInputs(network, shaped, name),
    y: checkTargets(network, loss, y, { source: name, classes }),
    sampleWeight: sampleWeight && checkSampleWeight(network, sampleWeight, name),
  };
}

/** Classes that are texts are nothing that a loss over numbers could count with. */
function checkCountable(classes: readonly string[], loss: LossSpec, source: string): void {
  if (targetModeOf(loss) !== 'number') return;
  if (classes.every((name, index) => name === String(index))) return;
  throw new UserError(
    ExitCode.data,
    `${source}: expected numbers as targets of ${loss.type}; found the classes ${listNames(classes)}`,
    FOR_CLASSES,
  );
}

/** What the class numbers of the targets are called; null where they are numbers. */
export function classesOf({ target }: TrainingData): readonly string[] | null {
  return target.kind === 'class' ? target.classes : null;
}
