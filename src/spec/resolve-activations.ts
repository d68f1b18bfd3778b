/** Looks up what an activation's text means: a name of Keras, a name of the document's own, a formula. */
import { FormulaError, parseFormula } from '../graph/formula.ts';
import { isObject } from '../is-object.ts';
import { type ActivationName, activations, REQUIRED } from '../nn/activations.ts';
import { describe, escapeControls, nearest, quote } from '../words.ts';
import {
  type Activation,
  activationAliases,
  activationWords,
  isActivationName,
} from './activations.ts';
import { type JsonObject, type JsonValue, ownValue } from './json.ts';
import { MAX_FLOAT32 } from './limits.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';

/** The document's own activations by name. */
type OwnActivations = ReadonlyMap<string, Activation>;

const LINEAR: Activation = { kind: 'named', name: 'linear', arguments: {} };
const NAME = /^[A-Za-z]\w*$/;
const BARE_WORD = /^[A-Za-z_$][\w$]*$/;
const REMEDY = `activations: ${activationWords.join(', ')}; or a formula in x, such as "x * tanh(softplus(x))"`;
const FORMULA_REMEDY =
  'formulas are made of x, numbers, + - * / **, comparisons, and functions such as exp, tanh, max and where';

/** Reads the table `activations` of a document; what is wrong in it goes to `problems`. */
export function ownActivations(table: JsonValue | undefined, problems: Problems): OwnActivations {
  const own = new Map<string, Activation>();
  if (!isObject(table)) return own;
  for (const [name, value] of Object.entries(table)) {
    const path = ['activations', name];
    if (!NAME.test(name)) {
      problems.add(path, 'expected a name of letters, digits and _');
    } else if (activationWords.includes(name) || name === 'x') {
      problems.add(path, `expected a name of your own; ${quote(name)} is taken`);
    } else {
      own.set(name, formulaOf(value, path, problems));
    }
  }
  return own;
}

/**
 * What stands in an `activation`. Where it is wrong, the problem is added and `linear` returned,
 * which nobody uses then; wrong types are left to the schema.
 */
export function resolveActivation(
  value: JsonValue | undefined,
  own: OwnActivations,
  path: Path,
  problems: Problems,
): Activation {
  if (typeof value === 'string') return fromText(value, own, path, problems);
  if (!isObject(value)) return LINEAR;
  if (Object.hasOwn(value, 'formula')) return formulaOf(value, path, problems);
  const key = Object.hasOwn(value, 'type') ? 'type' : 'name';
  const word = ownValue(value, key);
  if (typeof word !== 'string') return LINEAR;
  const name = canonicalName(word);
  if (name !== undefined) return withArguments(name, value, key, path, problems);
  return fromText(word, own, [...path, key], problems);
}

function fromText(text: string, own: OwnActivations, path: Path, problems: Problems): Activation {
  const name = canonicalName(text);
  if (name !== undefined) {
    const missing = missingArguments(name, {});
    if (missing.length > 0) {
      const message = `expected an object with ${missing.join(', ')}; found ${quote(text)}`;
      problems.add(path, message);
    }
    return named(name, {});
  }
  const found = own.get(text);
  if (found !== undefined) return found;
  if (!BARE_WORD.test(text) || text === 'x') return formula(text, {}, path, problems);
  const meant = nearest(text, [...own.keys(), ...activationWords]);
  const hint = meant ? `did you mean ${quote(meant)}?` : 'it is neither a name nor a formula in x';
  problems.add(path, `unknown activation ${quote(text)}; ${hint}`, REMEDY);
  return LINEAR;
}

function canonicalName(word: string): ActivationName | undefined {
  return isActivationName(word) ? word : activationAliases.get(word);
}

/** What each argument is where it is not given. */
type Default = number | boolean | null | typeof REQUIRED;
type Given = Readonly<Record<string, number | boolean>>;

function missingArguments(name: ActivationName, given: Given): string[] {
  return Object.entries<Default>(activations[name].arguments)
    .filter(([key, usual]) => usual === REQUIRED && given[key] === undefined)
    .map(([key]) => key);
}

/** The function with the defaults of the table, save what is given. */
function named(name: ActivationName, given: Given): Activation {
  const values: Record<string, number | boolean> = {};
  for (const [key, value] of Object.entries<Default>(activations[name].arguments)) {
    const used: Default = Object.hasOwn(given, key) ? given[key] : value;
    if (used !== null && used !== REQUIRED) values[key] = used;
  }
  return { kind: 'named', name, arguments: values };
}

/** `{"name": "leaky_relu", "negative_slope": 0.1}` */
function withArguments(
  name: ActivationName,
  object: JsonObject,
  wordKey: string,
  path: Path,
  problems: Problems,
): Activation {
  const defaults = new Map(Object.entries<Default>(activations[name].arguments));
  const given: Record<string, number | boolean> = {};
  for (const [key, value] of Object.entries(object)) {
    if (key === wordKey) continue;
    const usual = defaults.get(key);
    if (usual === undefined) problems.add([...path, key], unknownArgument(key, name, defaults));
    else if (value === null && usual === null) continue;
    else if (isArgument(key, usual, value)) given[key] = value;
    else problems.add([...path, key], `expected ${kindOf(key, usual)}; found ${describe(value)}`);
  }
  for (const key of missingArguments(name, given)) {
    if (!Object.hasOwn(object, key)) problems.add([...path, key], 'required; found nothing');
  }
  return named(name, given);
}

function kindOf(key: string, usual: Default): string {
  if (typeof usual === 'boolean') return 'true or false';
  return key === 'axis' ? 'an axis: a whole number' : 'a number';
}

function isArgument(key: string, usual: Default, value: JsonValue): value is number | boolean {
  if (typeof usual === 'boolean') return typeof value === 'boolean';
  return isFloat(value) && (key !== 'axis' || Number.isInteger(value));
}

function unknownArgument(key: string, name: string, known: ReadonlyMap<string, unknown>): string {
  const meant = nearest(key, known.keys());
  if (meant !== undefined) return `unknown key; did you mean ${quote(meant)}?`;
  if (known.size === 0) return `unknown key; ${name} takes no arguments`;
  return `unknown key; ${name} takes ${[...known.keys()].join(', ')}`;
}

/** `"x * x"`, or `{"formula": "x * sigmoid(b * x)", "b": 1.702}`. */
function formulaOf(value: JsonValue, path: Path, problems: Problems): Activation {
  if (typeof value === 'string') return formula(value, {}, path, problems);
  if (!isObject(value)) return LINEAR;
  const { formula: text, ...rest } = value;
  const parameters: Record<string, number> = {};
  for (const [key, number] of Object.entries(rest)) {
    if (!NAME.test(key) || key === 'x') {
      problems.add([...path, key], 'expected a parameter of letters, digits and _, and not x');
    } else if (!isFloat(number)) {
      problems.add([...path, key], `expected a number; found ${describe(number)}`);
    } else {
      parameters[key] = number;
    }
  }
  if (typeof text !== 'string') return LINEAR;
  return formula(text, parameters, [...path, 'formula'], problems);
}

function formula(
  text: string,
  parameters: Readonly<Record<string, number>>,
  path: Path,
  problems: Problems,
): Activation {
  try {
    const expression = parseFormula(text, ['x', ...Object.keys(parameters)]);
    return { kind: 'formula', text, expression, parameters };
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    const where = text.trim() === '' ? '' : `character ${error.position}: `;
    // The parser quotes the formula, which is foreign text.
    const message = `${where}${escapeControls(error.message)}`;
    problems.add(path, message, formulaRemedy(text, error));
    return LINEAR;
  }
}

/** Not all activations are functions of a formula: those of a whole row are not. */
function formulaRemedy(text: string, { unknownFunction: called }: FormulaError): string {
  if (called === undefined || canonicalName(called) === undefined) return FORMULA_REMEDY;
  const isAlone = text.replace(/\s/g, '') === `${called}(x)`;
  return isAlone
    ? `write ${quote(called)} alone, without (x)`
    : `${quote(called)} is an activation by its name alone, not a function of a formula`;
}

function isFloat(value: JsonValue): value is number {
  return typeof value === 'number' && Math.abs(value) <= MAX_FLOAT32;
}
