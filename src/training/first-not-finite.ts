/** Where in a step the first number that is not finite came about: forwards, then backwards, then the update. */
import type { Network } from '../nn/network.ts';
import { escapeControls } from '../words.ts';
import { type Range, rangeOf, stranger } from './extremes.ts';
import type { NonFinite } from './finite.ts';
import type { OpSeen, Probe, ProbedRows, Seen } from './probe.ts';

/** An op and the numbers it took; null where nobody can tell. */
type By = { readonly op: OpSeen['op']; readonly inputs: readonly Range[] } | null;

/** `layer` is an index; null where it is none's. */
export type First =
  | { readonly kind: 'output'; readonly layer: number; readonly value: number; readonly by: By }
  | { readonly kind: 'loss'; readonly layer: null; readonly value: number; readonly by: By }
  | {
      readonly kind: 'gradient';
      readonly layer: number | null;
      /** `dense/kernel`, `the output of "dense"` */
      readonly tensor: string;
      readonly value: number;
    }
  | (Omit<NonFinite, 'layer'> & { readonly kind: 'update'; readonly layer: number });

/** What was looked at. */
interface Looked {
  readonly weights: Float32Array;
  readonly rows: ProbedRows;
  readonly step: number;
}

/** Null where outputs, loss and gradients are all finite. */
export function firstNotFinite(
  network: Network,
  probe: Probe,
  seen: Seen,
  looked: Looked,
): First | null {
  return forwards(network, probe, seen, looked) ?? backwards(network, seen);
}

function forwards(
  { layers }: Network,
  probe: Probe,
  seen: Seen,
  { weights, rows, step }: Looked,
): First | null {
  for (let layer = 0; layer < layers.length; layer++) {
    const value = stranger(seen.output(layer));
    if (value === undefined) continue;
    const by = rangesOf(probe.firstOpIn(layer, weights, rows, step));
    return { kind: 'output', layer, value, by };
  }
  if (Number.isFinite(seen.loss)) return null;
  const by = rangesOf(probe.firstOpOfLoss(weights, rows, step));
  return { kind: 'loss', layer: null, value: seen.loss, by };
}

/** Gradients come about from the last layer to the first. */
function backwards({ layers }: Network, seen: Seen): First | null {
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    const { name, weights } = layers[layer];
    const value = stranger(seen.outputGradient(layer));
    if (value !== undefined) {
      // What is behind this layer made it of a gradient that is finite.
      const from = layer === layers.length - 1 ? null : layer + 1;
      const tensor = `the output of "${escapeControls(name)}"`;
      return { kind: 'gradient', layer: from, tensor, value };
    }
    for (const spec of weights) {
      const { gradient } = seen.weight(spec);
      const found = gradient ? stranger(gradient) : undefined;
      if (found === undefined) continue;
      const tensor = escapeControls(`${name}/${spec.name}`);
      return { kind: 'gradient', layer, tensor, value: found };
    }
  }
  return null;
}

function rangesOf(seen: OpSeen | null): By {
  if (seen === null) return null;
  return { op: seen.op, inputs: seen.inputs.map(rangeOf) };
}
