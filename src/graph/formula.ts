/**
 * Formula text → checked tree. `jsep` only parses: nothing in a formula is ever run as code, and
 * whatever is not in the closed list of names, functions and operators is refused with its place.
 *
 * Precedence is Python's: `-x ** 2` is −(x²), `not a > b` is not (a > b); `and`, `or` bind least.
 */
import jsep from 'jsep';
import { nearest, quote } from '../words.ts';
import { type Expression, type FormulaFunction, formulaFunctions } from './expression.ts';
import { complaint, notPart } from './formula-words.ts';

export { formulaFunctions };

/** Longer texts are refused before they are parsed; the longest activation known has about 60 characters. */
export const MAX_FORMULA_LENGTH = 2000;
/** Deeper trees are refused: lowering and differentiating them is recursive. */
export const MAX_FORMULA_DEPTH = 100;

/** Names that always have these values. */
export const formulaConstants = { pi: Math.PI, e: Math.E } as const;
const constants: Readonly<Record<string, number>> = formulaConstants;

/** Operators between two operands, by the name of the op each stands for. */
export const binaryOperators = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '**': 'pow',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
  and: 'and',
  or: 'or',
} as const;
/** Operators before one operand. */
export const unaryOperators = { '-': 'neg', not: 'not' } as const;
const comparisons = new Set(['<', '<=', '>', '>=', '==', '!=']);

/** A formula that is not one: `message` says what was expected or found, `position` counts characters from 1. */
export class FormulaError extends Error {
  constructor(
    message: string,
    readonly position: number,
    /** The function that was called and that there is not, if that is the mistake. */
    readonly unknownFunction?: string,
  ) {
    super(message);
    this.name = 'FormulaError';
  }
}

teachPythonPrecedence();

/**
 * Parses and checks a formula.
 *
 * @param text   for example `x * tanh(softplus(x))`
 * @param names  what it may name besides `pi` and `e`: `x` first, then its parameters
 * @param needed the names of which it must use at least one: `x`, where not said
 * @returns the tree, in which every function and name is known
 * @throws {FormulaError} on anything else, with the place
 */
export function parseFormula(
  text: string,
  names: readonly string[],
  needed: readonly string[] = names.slice(0, 1),
): Expression {
  if (text.trim() === '') throw new FormulaError('expected a formula; found nothing', 1);
  if (text.length > MAX_FORMULA_LENGTH) {
    const found = `found ${text.length}`;
    throw new FormulaError(`expected at most ${MAX_FORMULA_LENGTH} characters; ${found}`, 1);
  }
  const checker = new Checker(text, names, needed);
  const expression = checker.check(parse(text), 0);
  if (!checker.usesNeeded) {
    throw new FormulaError(`expected a formula in ${needed.join(' and ')}; found none of it`, 1);
  }
  return expression;
}

/** Turns the parser's tree into ours. Every kind of node that is not listed is refused. */
class Checker {
  usesNeeded = false;
  readonly #text: string;
  readonly #names: readonly string[];
  readonly #needed: readonly string[];

  constructor(text: string, names: readonly string[], needed: readonly string[]) {
    this.#text = text;
    this.#names = names;
    this.#needed = needed;
  }

  check(node: jsep.Expression, depth: number): Expression {
    if (depth > MAX_FORMULA_DEPTH) {
      throw new FormulaError(`expected at most ${MAX_FORMULA_DEPTH} levels; found more`, 1);
    }
    const known = node as jsep.CoreExpression;
    switch (known.type) {
      case 'Literal':
        return this.#number(known);
      case 'Identifier':
        return this.#name(known.name);
      case 'UnaryExpression':
        return this.#unary(known, depth);
      case 'BinaryExpression':
        return this.#binary(known, depth);
      case 'CallExpression':
        return this.#call(known, depth);
      case 'MemberExpression':
        return this.#refuse('property access', known.computed ? '[' : '.');
      case 'Compound':
      case 'SequenceExpression':
        return this.#refuse('more than one expression', ';');
      case 'ConditionalExpression':
        return this.#refuse('?:', '?');
      case 'ArrayExpression':
        return this.#refuse('an array', '[');
      default:
        return this.#refuse('this', 'this');
    }
  }

  #number({ value, raw }: jsep.Literal): Expression {
    if (typeof value !== 'number') return this.#refuse(raw, raw);
    if (!Number.isFinite(Math.fround(value))) {
      throw new FormulaError(`expected a number within float32; found ${raw}`, this.#place(raw));
    }
    return { kind: 'number', value };
  }

  #name(name: string): Expression {
    if (this.#names.includes(name)) {
      if (this.#needed.includes(name)) this.usesNeeded = true;
      return { kind: 'name', name };
    }
    if (Object.hasOwn(constants, name)) return { kind: 'number', value: constants[name] };
    const known = [...this.#names, ...Object.keys(constants)];
    const hint = isFunction(name) ? `${name} is a function` : `known are ${known.join(', ')}`;
    throw new FormulaError(`unknown name ${quote(name)}; ${hint}`, this.#place(name));
  }

  #unary({ operator, argument }: jsep.UnaryExpression, depth: number): Expression {
    if (operator === '+') return this.check(argument, depth + 1);
    if (!Object.hasOwn(unaryOperators, operator)) return this.#refuse(operator, operator);
    const name = unaryOperators[operator as keyof typeof unaryOperators];
    return { kind: 'call', function: name, arguments: [this.check(argument, depth + 1)] };
  }

  #binary({ operator, left, right }: jsep.BinaryExpression, depth: number): Expression {
    if (!Object.hasOwn(binaryOperators, operator)) {
      return this.#refuse(operator, operator);
    }
    if (comparisons.has(operator) && isComparison(left)) {
      const remedy = 'write a < x and x < b';
      throw new FormulaError(`chained comparison; ${remedy}`, this.#place(operator));
    }
    const name = binaryOperators[operator as keyof typeof binaryOperators];
    const operands = [this.check(left, depth + 1), this.check(right, depth + 1)];
    return { kind: 'call', function: name, arguments: operands };
  }

  #call({ callee, arguments: given }: jsep.CallExpression, depth: number): Expression {
    if (callee.type !== 'Identifier') return this.#refuse('property access', '.');
    const name = String(callee.name);
    if (!isFunction(name)) {
      throw this.#unknownFunction(name);
    }
    const wanted = formulaFunctions[name];
    if (given.length !== wanted) {
      const found = `found ${given.length}`;
      throw new FormulaError(`${name}: expected ${wanted} arguments; ${found}`, this.#place(name));
    }
    const checked = given.map((argument) => this.check(argument, depth + 1));
    return { kind: 'call', function: name, arguments: checked };
  }

  #unknownFunction(name: string): FormulaError {
    const known = Object.keys(formulaFunctions);
    const near = nearest(name, known);
    const hint = near ? `did you mean ${near}?` : `known are ${known.join(', ')}`;
    const message = `unknown function ${quote(name)}; ${hint}`;
    return new FormulaError(message, this.#place(name), name);
  }

  #refuse(what: string, sign: string): never {
    throw new FormulaError(notPart(what), this.#place(sign));
  }

  /** Where a word or sign first stands: the parser keeps no places. */
  #place(word: string): number {
    const isWord = /^\w/.test(word);
    const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const found = this.#text.search(new RegExp(isWord ? `\\b${escaped}\\b` : escaped));
    return Math.max(found, 0) + 1;
  }
}

function isFunction(name: string): name is FormulaFunction {
  return Object.hasOwn(formulaFunctions, name);
}

function isComparison(node: jsep.Expression): boolean {
  return node.type === 'BinaryExpression' && comparisons.has(String(node.operator));
}

function parse(text: string): jsep.Expression {
  try {
    return jsep(text);
  } catch (error) {
    // jsep throws an Error with an `index`; a RangeError means that the nesting was too deep.
    if (error instanceof RangeError) {
      throw new FormulaError(`expected at most ${MAX_FORMULA_DEPTH} levels; found more`, 1);
    }
    if (error instanceof Error && 'index' in error) {
      const words = 'description' in error ? String(error.description) : error.message;
      const { message, position } = complaint(text, words, Number(error.index));
      throw new FormulaError(message, position);
    }
    throw error;
  }
}

/** Adds `and`, `or`, `not`, and lets `-` bind less than `**`. */
function teachPythonPrecedence(): void {
  jsep.addBinaryOp('or', 1);
  jsep.addBinaryOp('and', 2);
  jsep.addUnaryOp('not');
  const afterSign = jsep.binary_ops['**'];
  const afterNot = jsep.binary_ops['=='];
  jsep.hooks.add('gobble-token', function (env) {
    const rest = this.expr.slice(this.index, this.index + 4);
    const operator = rest[0] === '-' ? '-' : /^not(?:\W|$)/.test(rest) ? 'not' : undefined;
    if (!operator) return;
    this.index += operator.length;
    const argument = climb(this, operator === '-' ? afterSign : afterNot);
    if (!argument) this.throwError(`expected an operand after ${operator}`);
    env.node = { type: 'UnaryExpression', operator, argument, prefix: true };
  });
}

/** One operand and the operators behind it that bind at least as tightly as `least`. */
function climb(parser: jsep.HookScope, least: number): jsep.Expression | undefined {
  let left = parser.gobbleToken();
  while (left) {
    const before = parser.index;
    const operator: unknown = parser.gobbleBinaryOp();
    const precedence = typeof operator === 'string' ? jsep.binary_ops[operator] : 0;
    if (typeof operator !== 'string' || precedence < least) {
      parser.index = before;
      break;
    }
    const right = climb(parser, operator === '**' ? precedence : precedence + 1);
    if (!right) parser.throwError(`expected an operand after ${operator}`);
    left = { type: 'BinaryExpression', operator, left, right };
  }
  return left;
}
