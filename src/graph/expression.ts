/**
 * Checked formula trees: what a formula in a model file has become once every name and function
 * in it is known. Holds no code and no text; `formula.ts` makes them, `lower.ts` turns them into ops.
 */

/** The closed list of functions a formula may call, with how many arguments each takes. */
export const formulaFunctions = {
  abs: 1,
  exp: 1,
  expm1: 1,
  log: 1,
  log1p: 1,
  sqrt: 1,
  rsqrt: 1,
  square: 1,
  pow: 2,
  sin: 1,
  cos: 1,
  tan: 1,
  tanh: 1,
  sinh: 1,
  cosh: 1,
  atan: 1,
  erf: 1,
  sigmoid: 1,
  softplus: 1,
  relu: 1,
  sign: 1,
  floor: 1,
  min: 2,
  max: 2,
  clip: 3,
  where: 3,
} as const;
export type FormulaFunction = keyof typeof formulaFunctions;

/** Operators, by the name of the op each stands for. Comparisons and logic give 1 or 0. */
export type FormulaOperator =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'pow'
  | 'neg'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'eq'
  | 'ne'
  | 'and'
  | 'or'
  | 'not';

/** A checked formula. `name` nodes are `x` or one of the formula's parameters. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | {
      readonly kind: 'call';
      readonly function: FormulaFunction | FormulaOperator;
      readonly arguments: readonly Expression[];
    };
