/**
 * The model file as one JSON document: what the user wrote, and behind it what was learnt. No
 * clock, host or user goes in, so the same work gives the same bytes.
 */
import type { LayerWeights } from '../ndarray.ts';
import { type DigestSection, digestSection } from './digest.ts';
import { type WeightsSection, weightsSection } from './weights.ts';

/** What a model file holds besides the spec; what is absent is left out of the file. */
export interface Learnt<Value> {
  readonly weights: readonly LayerWeights[];
  /** The column contract: which columns go in and what comes out. */
  readonly columns?: Value;
  /** Keras's `History.history`. */
  readonly history?: Value;
  /** How it was made: tool version, seed, resolved settings. */
  readonly training?: Value;
  /** Of a checkpoint: what training goes on with. */
  readonly state?: Value;
}

/** The keys of a model file that are not the spec's: its mark, and what was learnt. */
export const OUR_KEYS = [
  'format',
  'version',
  'columns',
  'digest',
  'weights',
  'history',
  'training',
  'state',
] as const;
type OurKey = (typeof OUR_KEYS)[number];

/** What marks a file as ours. It comes first, so that a file can be known by its first bytes. */
interface FormatMark {
  readonly format: string;
  readonly version: number;
}

/**
 * The document of a model file, in this order: `format`, `version`, the keys of the spec as the
 * user wrote them, `columns`, `digest`, `weights`, `history`, `training`, `state`.
 *
 * @param spec  the document that was read; its own mark and learnt sections are replaced
 */
export function modelDocument<Value>(
  { format, version }: FormatMark,
  spec: Readonly<Record<string, Value>>,
  { weights, columns, history, training, state }: Learnt<Value>,
): Record<
  string,
  Value | FormatMark[keyof FormatMark] | DigestSection | WeightsSection | undefined
> {
  const mark = { format, version };
  const digest = digestSection(weights, columns);
  const learnt = { columns, digest, weights: weightsSection(weights), history, training, state };
  const ours: Record<OurKey, unknown> = { ...mark, ...learnt };
  const written = Object.entries(spec).filter(([key]) => !Object.hasOwn(ours, key));
  return { ...mark, ...Object.fromEntries(written), ...learnt };
}
