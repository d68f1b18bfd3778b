/** What a layer is: shapes, weights, and its forward pass in ops. Gradients follow from the ops. */
import type { Tensor } from '../../graph/graph.ts';
import type { ConstraintSpec } from '../../spec/constraints.ts';
import type { InitializerSpec } from '../../spec/initializers.ts';
import type { RegularizerSpec } from '../../spec/regularizers.ts';

/** A weight that a layer wants. */
export interface WeightDefinition {
  /** Keras's name: `kernel`, `bias`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: InitializerSpec;
  readonly regularizer: RegularizerSpec | null;
  readonly constraint: ConstraintSpec | null;
}

/** What a forward pass may use besides its input. */
export interface ForwardContext {
  /** True in `fit`'s forward pass: dropout drops. */
  readonly training: boolean;
  /** The layer's position, which keys its chance. */
  readonly index: number;
  /** The layer's weight of this name, as a matrix: `[product of leading axes, last axis]`. */
  weight(name: string): Tensor;
}

/** Shapes are those of one sample, without the batch axis. */
export interface LayerDefinition<S> {
  /** As `summary` shows it. */
  readonly className: string;
  outputShape(spec: S, inputShape: readonly number[]): readonly number[];
  weights(spec: S, inputShape: readonly number[]): readonly WeightDefinition[];
  /** `x` is `[product of leading axes · batch, last axis]`; so is the result, for the output shape. */
  forward(spec: S, x: Tensor, context: ForwardContext): Tensor;
}

/** For layers without weights. */
export const noWeights = () => [];
/** For layers that keep the shape. */
export const sameShape = (_spec: unknown, inputShape: readonly number[]) => inputShape;
