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
  /** False for what no optimizer moves, such as moving statistics. */
  readonly trainable?: boolean;
  /** True for whole numbers, which Keras holds in int64 (here all weights are float32). */
  readonly isCount?: boolean;
}

/** What a forward pass may use besides its input. */
export interface ForwardContext {
  /** True in `fit`'s forward pass: dropout drops. */
  readonly training: boolean;
  /** The layer's position, which keys its chance. */
  readonly index: number;
  /** Of one sample of the layer's input. */
  readonly inputShape: readonly number[];
  /** The layer's weight of this name, as a matrix: `[product of leading axes, last axis]`. */
  weight(name: string): Tensor;
  /** Gives a weight that no optimizer moves its value after this step; shape as `weight` has it. */
  updateWeight(name: string, value: Tensor): void;
}

/** Shapes are those of one sample, without the batch axis. */
export interface LayerDefinition<S> {
  /** As `summary` shows it. */
  readonly className: string;
  /** @throws {ShapeError} where the layer does not suit the input's shape */
  outputShape(spec: S, inputShape: readonly number[]): readonly number[];
  weights(spec: S, inputShape: readonly number[]): readonly WeightDefinition[];
  /** `x` is `[product of leading axes · batch, last axis]`; so is the result, for the output shape. */
  forward(spec: S, x: Tensor, context: ForwardContext): Tensor;
  /** A regularizer of the output that is what the layer is for. */
  activityRegularizer?(spec: S): RegularizerSpec;
}

/** For layers without weights. */
export const noWeights = () => [];
/** A weight that the layer itself moves, if anything does. */
export function statistic(
  name: string,
  shape: readonly number[],
  initializer: InitializerSpec,
): WeightDefinition {
  return { name, shape, initializer, regularizer: null, constraint: null, trainable: false };
}

/** For layers that keep the shape. */
export const sameShape = (_spec: unknown, inputShape: readonly number[]) => inputShape;
