/** Weights in and out of a session: Keras's tensors by layer on one side, two flat blocks on the other. */
import type { Session } from '../engine/engine.ts';
import type { LayerWeights, NamedTensor } from '../ndarray.ts';
import { sizeOf } from '../ndarray.ts';
import { BLOCKS, type Parameters } from '../nn/forward.ts';
import type { Network } from '../nn/network.ts';

/** Writes all weights. `weights` must have the network's layers, tensors and shapes. */
export function loadWeights(
  session: Session,
  parameters: Parameters,
  weights: readonly LayerWeights[],
): void {
  const tensors = new Map(
    weights.flatMap(({ layer, tensors }) =>
      tensors.map((tensor) => [`${layer}/${tensor.name}`, tensor.values]),
    ),
  );
  const blocks = blockArrays(parameters);
  for (const { spec, offset } of parameters.weights) {
    const values = tensors.get(`${spec.layer}/${spec.name}`);
    if (!values) throw new Error(`internal: no weights for ${spec.layer}/${spec.name}`);
    blockOf(blocks, spec.trainable).set(values, offset);
  }
  writeAll(session, parameters, blocks);
}

/** A copy of both blocks, the trainable one first. */
export function readBlocks(session: Session, parameters: Parameters): Float32Array {
  const { trainable, frozen } = readAll(session, parameters);
  const copy = new Float32Array(trainable.length + frozen.length);
  copy.set(trainable);
  copy.set(frozen, trainable.length);
  return copy;
}

/** Writes what `readBlocks` gave. */
export function writeBlocks(session: Session, parameters: Parameters, values: Float32Array): void {
  const size = parameters.trainable?.shape.cols ?? 0;
  writeAll(session, parameters, {
    trainable: values.subarray(0, size),
    frozen: values.subarray(size),
  });
}

/** All weights, copied out in the network's order. */
export function saveWeights(
  session: Session,
  parameters: Parameters,
  network: Network,
): LayerWeights[] {
  const blocks = readAll(session, parameters);
  const byLayer = new Map<string, NamedTensor[]>();
  for (const { name } of network.layers) byLayer.set(name, []);
  for (const { spec, offset } of parameters.weights) {
    const values = blockOf(blocks, spec.trainable).slice(offset, offset + sizeOf(spec.shape));
    byLayer.get(spec.layer)?.push({ name: spec.name, shape: spec.shape, values });
  }
  return [...byLayer].map(([layer, tensors]) => ({ layer, tensors }));
}

type Blocks = Record<keyof typeof BLOCKS, Float32Array>;

function writeAll(session: Session, parameters: Parameters, blocks: Blocks): void {
  if (parameters.trainable) session.write(BLOCKS.trainable, blocks.trainable);
  if (parameters.frozen) session.write(BLOCKS.frozen, blocks.frozen);
}

function readAll(session: Session, parameters: Parameters): Blocks {
  const blocks = blockArrays(parameters);
  if (parameters.trainable) session.read(BLOCKS.trainable, blocks.trainable);
  if (parameters.frozen) session.read(BLOCKS.frozen, blocks.frozen);
  return blocks;
}

function blockArrays({ trainable, frozen }: Parameters): Blocks {
  return {
    trainable: new Float32Array(trainable?.shape.cols ?? 0),
    frozen: new Float32Array(frozen?.shape.cols ?? 0),
  };
}

function blockOf(blocks: Blocks, trainable: boolean): Float32Array {
  return trainable ? blocks.trainable : blocks.frozen;
}
