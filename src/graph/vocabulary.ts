/**
 * The op vocabulary: every op there is, with its shapes and its rounding. Layers, losses and
 * optimizers produce these; engines and exporters consume them. Gradient rules lie in
 * `gradients.ts`, the defining code in `engine/reference/`; tests walk this table, so an op
 * without either cannot go unnoticed.
 *
 * Shapes: r rows, c columns; "same" is the broadcast shape of all inputs.
 */

interface OpDefinition {
  /** What the planner may do: `leaf` has storage of its own, `alias` shares its input's, `elementwise` may run in place. */
  readonly kind: 'leaf' | 'alias' | 'elementwise' | 'row' | 'reduce' | 'matmul' | 'move';
  readonly inputs: number;
  readonly shape: string;
  /** How the float32 result relates to the exact one. */
  readonly rounding: string;
}

const EXACT = 'exact';
const ONE = 'correctly rounded';
const TWO_ULP = 'our polynomial, at most 2 ulp (engine/elementary.ts states each)';
const IN_ORDER = 'rounded after each addition, in rising order of index';

function leaf(shape: string) {
  return { kind: 'leaf', inputs: 0, shape, rounding: EXACT } as const;
}
function unary(rounding: string) {
  return { kind: 'elementwise', inputs: 1, shape: '[r, c] → [r, c]', rounding } as const;
}
function binary(rounding: string) {
  return { kind: 'elementwise', inputs: 2, shape: 'two that broadcast → same', rounding } as const;
}

export const vocabulary = {
  /** Rows the host writes before each run: features, targets. */
  input: leaf('[k·batch, c]'),
  /** One number the host writes before a run: learning rate, step. */
  scalar: leaf('[1, 1]'),
  /** Storage that lives across runs: parameters, optimizer slots. */
  variable: leaf('[r, c]'),
  constant: leaf('[1, 1]'),
  /** Fixed numbers of any shape. */
  table: leaf('[r, c]'),
  /** The number of samples in this run's batch. */
  batchSize: leaf('[1, 1]'),
  /** Uniform numbers in [0, 1), a function of seed, step, stream and element alone. */
  uniform: leaf('[r, c]'),

  /** The same numbers in row-major order under other lengths: `[k·batch, c] → [k'·batch, c']`. */
  reshape: { kind: 'alias', inputs: 1, shape: '[r, c] → [r′, c′], r·c = r′·c′', rounding: EXACT },
  /** A run of a `[1, n]` block seen as a matrix. */
  part: { kind: 'alias', inputs: 1, shape: '[1, n] → [r, c], r·c ≤ n', rounding: EXACT },

  neg: unary(EXACT),
  abs: unary(EXACT),
  sign: unary(EXACT),
  floor: unary(EXACT),
  relu: unary(EXACT),
  square: unary(ONE),
  reciprocal: unary(ONE),
  sqrt: unary(ONE),
  rsqrt: unary('1 / sqrt(x), rounded after each'),
  exp: unary(TWO_ULP),
  expm1: unary(TWO_ULP),
  log: unary(TWO_ULP),
  log1p: unary(TWO_ULP),
  tanh: unary(TWO_ULP),
  sigmoid: unary(TWO_ULP),
  softplus: unary(TWO_ULP),
  erf: unary(TWO_ULP),
  sin: unary(TWO_ULP),
  cos: unary(TWO_ULP),
  tan: unary(TWO_ULP),
  sinh: unary(TWO_ULP),
  cosh: unary(TWO_ULP),
  atan: unary(TWO_ULP),

  add: binary(ONE),
  sub: binary(ONE),
  mul: binary(ONE),
  div: binary(ONE),
  pow: binary(TWO_ULP),
  min: binary(EXACT),
  max: binary(EXACT),
  lt: binary(EXACT),
  le: binary(EXACT),
  gt: binary(EXACT),
  ge: binary(EXACT),
  eq: binary(EXACT),
  ne: binary(EXACT),
  /** `where(condition, a, b)`: a where the condition is not 0. */
  where: { kind: 'elementwise', inputs: 3, shape: 'three that broadcast → same', rounding: EXACT },

  /** Copies a `[1, 1]`, `[1, c]` or `[r, 1]` over a whole `[r, c]`. */
  broadcast: {
    kind: 'move',
    inputs: 1,
    shape: '[1, 1], [1, c] or [r, 1] → [r, c]',
    rounding: EXACT,
  },
  /** The inputs' numbers one after another: `[1, n]`. */
  pack: { kind: 'move', inputs: -1, shape: 'any → [1, n]', rounding: EXACT },
  /** Writes the second input over the first, a variable. */
  assign: { kind: 'move', inputs: 2, shape: '[r, c], [r, c] → [r, c]', rounding: EXACT },

  sumRows: { kind: 'reduce', inputs: 1, shape: '[r, c] → [1, c]', rounding: IN_ORDER },
  sumCols: { kind: 'reduce', inputs: 1, shape: '[r, c] → [r, 1]', rounding: IN_ORDER },
  maxCols: { kind: 'reduce', inputs: 1, shape: '[r, c] → [r, 1]', rounding: EXACT },
  /** Column index of the largest value, the first of equals. */
  argmaxCols: { kind: 'reduce', inputs: 1, shape: '[r, c] → [r, 1]', rounding: EXACT },

  /** Sum of a column and all before it. */
  cumsumCols: { kind: 'row', inputs: 1, shape: '[r, c] → [r, c]', rounding: IN_ORDER },
  /** Each row in falling order. */
  sortCols: { kind: 'row', inputs: 1, shape: '[r, c] → [r, c]', rounding: EXACT },
  /** Where each value stands in its row's falling order, from 0; equals keep their order. */
  rankCols: { kind: 'row', inputs: 1, shape: '[r, c] → [r, c]', rounding: EXACT },
  /** `x[r, index[r, c]]` */
  takeCols: { kind: 'row', inputs: 2, shape: '[r, c], [r, n] → [r, n]', rounding: EXACT },
  /** A run of columns. */
  columns: { kind: 'row', inputs: 1, shape: '[r, c] → [r, n], n ≤ c', rounding: EXACT },
  /** The input in a run of columns, 0 in all others. */
  placeColumns: { kind: 'row', inputs: 1, shape: '[r, n] → [r, c], n ≤ c', rounding: EXACT },
  /** The axes of each sample in another order. */
  permute: { kind: 'move', inputs: 1, shape: '[k·batch, c] → [k′·batch, c′]', rounding: EXACT },

  softmax: {
    kind: 'row',
    inputs: 1,
    shape: '[r, c] → [r, c]',
    rounding: 'exp(x − max) / sum, sums in rising order',
  },
  logSoftmax: {
    kind: 'row',
    inputs: 1,
    shape: '[r, c] → [r, c]',
    rounding: 'x − max − log(sum of exp)',
  },
  /** The value in the column that the second input names: `x[r, index[r]]`. */
  pick: { kind: 'row', inputs: 2, shape: '[r, c], [r, 1] → [r, 1]', rounding: EXACT },
  /** 1 in the column that the input names, else 0. */
  oneHot: { kind: 'row', inputs: 1, shape: '[r, 1] → [r, c]', rounding: EXACT },

  matmul: { kind: 'matmul', inputs: 2, shape: '[r, k], [k, c] → [r, c]', rounding: IN_ORDER },
  /** aᵀ · b, summed over rows: what the gradient of a kernel needs. */
  matmulTransposeA: {
    kind: 'matmul',
    inputs: 2,
    shape: '[k, r], [k, c] → [r, c]',
    rounding: IN_ORDER,
  },
  /** a · bᵀ: what the gradient of a layer's input needs. */
  matmulTransposeB: {
    kind: 'matmul',
    inputs: 2,
    shape: '[r, k], [c, k] → [r, c]',
    rounding: IN_ORDER,
  },
} as const satisfies Record<string, OpDefinition>;

export type OpName = keyof typeof vocabulary;

/** Element-wise ops of one input, of two, of three. */
type ElementwiseOp<N extends number> = {
  [K in OpName]: (typeof vocabulary)[K] extends { readonly kind: 'elementwise'; readonly inputs: N }
    ? K
    : never;
}[OpName];
export type UnaryOp = ElementwiseOp<1>;
export type BinaryOp = ElementwiseOp<2>;
