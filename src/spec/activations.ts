/**
 * Activations as documents name them: Keras's functions, which `nn/activations.ts` declares, and
 * formulas in `x`.
 */
import * as v from 'valibot';
import type { parseFormula } from '../graph/formula.ts';
import { type ActivationName, activations } from '../nn/activations.ts';
import { notArray } from './objects.ts';
import { expected } from './values.ts';

/** What each second name of Keras's stands for: `swish` is `silu`. */
export const activationAliases: ReadonlyMap<string, ActivationName> = new Map(
  Object.keys(activations)
    .filter(isActivationName)
    .flatMap((name) => activations[name].aliases.map((word) => [word, name] as const)),
);

export function isActivationName(word: string): word is ActivationName {
  return Object.hasOwn(activations, word);
}

/** Every word that names an activation. */
export const activationWords: readonly string[] = [
  ...Object.keys(activations),
  ...activationAliases.keys(),
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
