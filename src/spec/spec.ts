/** ModelSpec: what a model document means, once every default is filled in and every name resolved. */
import type { Activation } from './activations.ts';
import type { RealLayer } from './input-shape.ts';
import type { LossSpec } from './losses.ts';
import type { MetricSpec } from './metrics.ts';
import type { OptimizerSpec } from './optimizers.ts';
import type { DocumentFields } from './schema.ts';

type InputKey = 'input_shape' | 'input_dim' | 'batch_input_shape';

/** A layer's fields with its name and, where it has one, its activation resolved. */
type Resolved<L> = L extends { activation: unknown }
  ? Omit<L, InputKey | 'name' | 'activation'> & { name: string; activation: Activation }
  : Omit<L, InputKey | 'name'> & { name: string };

/** One layer. `type` is Keras's class name; the arguments are Keras's, by Keras's names. */
export type LayerSpec = Resolved<RealLayer>;

/** The layers of one class, for example `LayerOf<'Dense'>`. */
export type LayerOf<T extends LayerSpec['type']> = Extract<LayerSpec, { type: T }>;
export type DenseSpec = LayerOf<'Dense'>;

/** Keras's compile arguments. Null is "not said". */
export interface CompileSpec {
  readonly optimizer: OptimizerSpec | null;
  readonly loss: LossSpec | null;
  readonly metrics: readonly MetricSpec[];
  /** Those that sample weights count in. */
  readonly weighted_metrics: readonly MetricSpec[];
}

/** Keras's fit arguments, and the run's seed. */
export type FitSpec = Readonly<DocumentFields['fit']>;

/** How the columns of a training table are read. Null is "not said". */
export type DataSpec = Readonly<DocumentFields['data']>;

/** A network and how to train it. */
export interface ModelSpec {
  readonly name: string;
  /** Without the batch; null where the data are to give it. */
  readonly input_shape: readonly number[] | null;
  /** In order, without an InputLayer; their names are unique. */
  readonly layers: readonly LayerSpec[];
  readonly compile: CompileSpec;
  readonly fit: FitSpec;
  readonly data: DataSpec;
}
