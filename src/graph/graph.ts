/**
 * The graph in the middle: tensors that know which op makes them from which tensors. Equal ops on
 * equal inputs are one tensor, so that a gradient that needs `sigmoid(x)` again gets the one there is.
 */
import { ExitCode, UserError } from '../errors.ts';
import type { ChanceStream } from '../random.ts';
import { formatThousands } from '../words.ts';
import type { OpName } from './vocabulary.ts';

/**
 * A matrix shape. Rows are counted per batch: a `batched` tensor has `rows · batch` rows, where
 * the batch is known only at run time (the last one may be short).
 */
export interface Shape {
  readonly rows: number;
  readonly cols: number;
  readonly batched: boolean;
}

/** What an op needs besides its inputs: a constant's value, a leaf's name, a part's offset. */
export interface Attributes {
  readonly name?: string;
  readonly value?: number;
  readonly offset?: number;
  /** A table's numbers, row-major. */
  readonly values?: readonly number[];
  /** What `permute` does to a sample: the lengths of its axes, and which axis comes where. */
  readonly axes?: Permutation;
  /** Where `uniform` draws from. */
  readonly stream?: ChanceStream;
}

/** `order[i]` is the input's axis that becomes the output's axis i. */
export interface Permutation {
  readonly shape: readonly number[];
  readonly order: readonly number[];
}

/** One value of the graph. Tensors are made by the functions in `ops.ts`; ids rise in that order. */
export interface Tensor {
  readonly graph: Graph;
  readonly id: number;
  readonly op: OpName;
  readonly inputs: readonly Tensor[];
  readonly shape: Shape;
  readonly attributes: Attributes;
}

/**
 * Tensors of one graph, gradients and the optimizer's included. The deepest plain network that a model
 * may have needs half of it; what makes more of them is a long formula in many layers.
 */
export const MAX_TENSORS = 2 ** 18;

/** All tensors of one computation, in an order in which they can be computed. */
export class Graph {
  readonly tensors: Tensor[] = [];
  readonly #known = new Map<string, Tensor>();

  /**
   * The tensor of this op on these inputs: the one there is, or a new one.
   *
   * @throws {UserError} exit 2 above `MAX_TENSORS`
   */
  tensor(op: OpName, inputs: readonly Tensor[], shape: Shape, attributes: Attributes = {}): Tensor {
    const { stream } = attributes;
    const key = [
      op,
      inputs.map((input) => input.id).join(','),
      shape.rows,
      shape.cols,
      shape.batched,
      attributes.name,
      Object.is(attributes.value, -0) ? '-0' : attributes.value,
      attributes.offset,
      attributes.values?.join(),
      attributes.axes && `${attributes.axes.shape} ${attributes.axes.order}`,
      stream && `${stream.kind} ${stream.number} ${stream.draw}`,
    ].join('|');
    const known = this.#known.get(key);
    if (known) return known;
    if (this.tensors.length === MAX_TENSORS) throw tooManyTensors();
    const tensor: Tensor = { graph: this, id: this.tensors.length, op, inputs, shape, attributes };
    this.tensors.push(tensor);
    this.#known.set(key, tensor);
    return tensor;
  }
}

function tooManyTensors(): UserError {
  return new UserError(
    ExitCode.usage,
    `the network: expected at most ${formatThousands(MAX_TENSORS)} operations, gradients included; found more`,
    'use fewer layers, or shorter formulas',
  );
}

/** Whether two shapes are the same for every batch. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.rows === b.rows && a.cols === b.cols && a.batched === b.batched;
}

/** `[3·batch, 4]` or `[3, 4]`, for messages. */
export function formatMatrixShape({ rows, cols, batched }: Shape): string {
  return batched ? `[${rows}·batch, ${cols}]` : `[${rows}, ${cols}]`;
}
