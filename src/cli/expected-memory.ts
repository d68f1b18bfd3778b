/** What training would take in memory, as far as a model file tells; nothing of the data is read. */
import { totalmem } from 'node:os';
import { ExitCode, UserError } from '../errors.ts';
import { countParameters, type Network } from '../nn/network.ts';
import type { TrainingMemory } from '../records.ts';
import type { CompileSpec, FitSpec } from '../spec/spec.ts';
import { trainingMemory } from '../training/plan-memory.ts';
import { formatBytes } from '../words.ts';
import { BATCH_SIZE, completeCompile } from './training-settings.ts';

/** Models of fewer parameters fit in wherever a Node does; of others it is looked at. */
const LARGE = 2 ** 22;

/**
 * Where the model names no loss, one for numbers stands for it: it takes as much as another would.
 *
 * @param batchSize  of the command line
 */
export function expectedMemory(
  network: Network,
  compile: CompileSpec,
  fit: FitSpec,
  batchSize?: number,
): TrainingMemory {
  const outputs = network.outputShape.at(-1) ?? 1;
  const settings = completeCompile(compile, { kind: 'number', outputs }, outputs);
  // lbfgs takes all rows of the data at once: so much for each of them.
  const byDefault = settings.optimizer.type === 'lbfgs' ? 1 : BATCH_SIZE;
  return trainingMemory(network, settings, batchSize ?? fit.batch_size ?? byDefault);
}

/**
 * Holds a model against the memory of the machine before its data are read. How many rows a batch will have is not
 * known before, so that of those only one counts here.
 *
 * @throws {UserError} exit 2
 */
export function checkExpectedMemory(network: Network, compile: CompileSpec, fit: FitSpec): void {
  if (countParameters(network.weights) < LARGE) return;
  const { parts, total } = expectedMemory(network, compile, fit, 1);
  const limit = totalmem();
  if (total <= limit) return;
  const found = parts.map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`).join(', ');
  throw new UserError(
    ExitCode.usage,
    `model: expected training that fits in the ${formatBytes(limit)} of this machine; found ${formatBytes(total)}: ${found}`,
    'give its layers fewer units, or take an optimizer that keeps less, such as sgd',
  );
}
