/**
 * Activations: Keras's functions by name, and formulas in `x`. The table says which names there are
 * and what arguments each takes; what they compute is `nn/`'s matter.
 */
import * as v from 'valibot';
import type { parseFormula } from '../graph/formula.ts';
import { notArray } from './objects.ts';
import { expected } from './values.ts';

/** Stands for the default of an argument that has none: it must be given. */
export const REQUIRED = 'required' as const;

/**
 * The functions of `keras.activations`, each with its arguments and their defaults. Null is "none"
 * (relu without an upper bound) and does not come out as an argument. `axis` counts as Keras does:
 * 1 is the first axis of a row, −1 the last.
 */
export const activations = Object.freeze({
  linear: {},
  relu: { negative_slope: 0, max_value: null, threshold: 0 },
  sigmoid: {},
  tanh: {},
  softmax: { axis: -1 },
  softplus: {},
  softsign: {},
  elu: { alpha: 1 },
  selu: {},
  exponential: {},
  silu: {},
  gelu: { approximate: false },
  mish: {},
  leaky_relu: { negative_slope: 0.2 },
  relu6: {},
  hard_sigmoid: {},
  log_softmax: { axis: -1 },
  log_sigmoid: {},
  hard_tanh: {},
  celu: { alpha: 1 },
  hard_silu: {},
  hard_shrink: { threshold: 0.5 },
  soft_shrink: { threshold: 0.5 },
  tanh_shrink: {},
  squareplus: { b: 4 },
  sparse_plus: {},
  sparse_sigmoid: {},
  sparsemax: { axis: -1 },
  threshold: { threshold: REQUIRED, default_value: REQUIRED },
  /** Half as many outputs: the first half gated by the sigmoid of the second. */
  glu: { axis: -1 },
});
export type ActivationName = keyof typeof activations;

/** Second names, as Keras has them. */
export const activationAliases = Object.freeze({
  swish: 'silu',
  hard_swish: 'hard_silu',
} as const satisfies Record<string, ActivationName>);

/** Every word that names an activation. */
export const activationWords: readonly string[] = [
  ...Object.keys(activations),
  ...Object.keys(activationAliases),
];

/** A checked formula's tree. */
export type Expression = ReturnType<typeof parseFormula>;

/** What computes a layer's outputs. */
export type Activation =
  | {
      readonly kind: 'named';
      readonly name: ActivationName;
      /** Every argument of the function that is not "none". */
      readonly arguments: Readonly<Record<string, number | boolean>>;
    }
  | {
      readonly kind: 'formula';
      readonly text: string;
      readonly expression: Expression;
      /** The values of the formula's names besides `x`. */
      readonly parameters: Readonly<Record<string, number>>;
    };

const phrase = 'the name of an activation or a formula in x';
const formula = v.looseObject({ formula: v.string(expected('a formula in x')) });

/** A place for an activation. Only its form is checked here; names need the whole document. */
export const activation = notArray(
  v.nullable(
    v.union(
      [
        v.picklist(activationWords),
        v.string(),
        v.looseObject({ name: word() }),
        formula,
        v.looseObject({ type: word() }),
      ],
      expected(phrase),
    ),
  ),
  phrase,
);

function word() {
  return v.union([v.picklist(activationWords), v.string()], expected(phrase));
}

const tablePhrase = 'an object of names and formulas, such as { "square": "x * x" }';

/** The document's own table of activations. */
export const activationTable = notArray(
  v.record(
    v.string(),
    v.union([v.string(), formula], expected('a formula in x')),
    expected(tablePhrase),
  ),
  tablePhrase,
);
