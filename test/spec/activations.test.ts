import { describe, expect, test } from 'vitest';
import { formulaFunctions } from '../../src/graph/expression.ts';
import { activations } from '../../src/nn/activations.ts';
import { activationAliases, activationWords } from '../../src/spec/activations.ts';
import { problemsOf, read, refusal } from './read-errors.ts';

/** What an activation resolves to on a Dense layer, with the document's own table. */
function resolved(activation: unknown, table?: object) {
  const document = { layers: [{ units: 1, activation }], ...(table && { activations: table }) };
  const [layer] = read(document).spec.layers;
  return layer.type === 'Dense' ? layer.activation : undefined;
}

function problems(activation: unknown, table?: object) {
  return problemsOf({ layers: [{ units: 1, activation }], ...(table && { activations: table }) });
}

const square = {
  kind: 'formula',
  text: 'x * x',
  expression: {
    kind: 'call',
    function: 'mul',
    arguments: [
      { kind: 'name', name: 'x' },
      { kind: 'name', name: 'x' },
    ],
  },
  parameters: {},
};

/** Keras's defaults; where none is listed the function takes no arguments. */
const defaults: Readonly<Record<string, object>> = {
  relu: { negative_slope: 0, threshold: 0 },
  leaky_relu: { negative_slope: 0.2 },
  elu: { alpha: 1 },
  celu: { alpha: 1 },
  gelu: { approximate: false },
  softmax: { axis: -1 },
  log_softmax: { axis: -1 },
  sparsemax: { axis: -1 },
  glu: { axis: -1 },
  hard_shrink: { threshold: 0.5 },
  soft_shrink: { threshold: 0.5 },
  squareplus: { b: 4 },
};

/** Those that have no defaults, with arguments. */
const needy = { threshold: { threshold: 0.5, default_value: -1 } };

describe('activations by name', () => {
  test.each(Object.keys(activations).filter((name) => !Object.hasOwn(needy, name)))(
    "%s has Keras's defaults",
    (name) => {
      const expected = { kind: 'named', name, arguments: defaults[name] ?? {} };
      expect(resolved(name)).toStrictEqual(expected);
      expect(resolved({ name })).toStrictEqual(expected);
      expect(resolved({ type: name })).toStrictEqual(expected);
    },
  );

  test.each(Object.entries(needy))('%s needs its arguments', (name, given) => {
    const keys = Object.keys(given);
    expect(resolved({ name, ...given })).toStrictEqual({ kind: 'named', name, arguments: given });
    expect(problems(name)).toEqual([
      `layers[0].activation: expected an object with ${keys.join(', ')}; found "${name}"`,
    ]);
    expect(problems({ name })).toEqual(
      keys.map((key) => `layers[0].activation.${key}: required; found nothing`),
    );
    expect(problems({ name, ...given, [keys[0]]: '1' })).toEqual([
      `layers[0].activation.${keys[0]}: expected a number; found "1"`,
    ]);
  });

  test('take whole numbers for an axis', () => {
    expect(resolved({ name: 'softmax', axis: 1 })).toStrictEqual({
      kind: 'named',
      name: 'softmax',
      arguments: { axis: 1 },
    });
    expect(problems({ name: 'softmax', axis: 0.5 })).toEqual([
      'layers[0].activation.axis: expected an axis: a whole number; found 0.5',
    ]);
  });

  test.each([...activationAliases])('%s is %s', (alias, name) => {
    expect(resolved(alias)).toStrictEqual({ kind: 'named', name, arguments: {} });
  });

  test('null is linear, as nothing is', () => {
    const linear = { kind: 'named', name: 'linear', arguments: {} };
    expect(resolved(null)).toStrictEqual(linear);
    expect(resolved(undefined)).toStrictEqual(linear);
  });

  test('take arguments in the object form', () => {
    expect(resolved({ name: 'leaky_relu', negative_slope: 0.1 })).toStrictEqual({
      kind: 'named',
      name: 'leaky_relu',
      arguments: { negative_slope: 0.1 },
    });
    expect(resolved({ name: 'gelu', approximate: true })).toStrictEqual({
      kind: 'named',
      name: 'gelu',
      arguments: { approximate: true },
    });
    expect(resolved({ name: 'relu', max_value: 6, threshold: 1 })).toStrictEqual({
      kind: 'named',
      name: 'relu',
      arguments: { negative_slope: 0, max_value: 6, threshold: 1 },
    });
    expect(resolved({ name: 'relu', max_value: null })).toStrictEqual(resolved('relu'));
  });

  test("are functions in Keras's serialised form", () => {
    const serialised = {
      module: 'builtins',
      class_name: 'function',
      config: 'tanh',
      registered_name: 'function',
    };
    expect(resolved(serialised)).toStrictEqual(resolved('tanh'));
  });

  test.each([
    [{ name: 'elu', alpa: 2 }, 'alpa: unknown key; did you mean "alpha"?'],
    [
      { name: 'relu', slope: 2 },
      'slope: unknown key; relu takes negative_slope, max_value, threshold',
    ],
    [{ name: 'tanh', alpha: 2 }, 'alpha: unknown key; tanh takes no arguments'],
    [{ name: 'elu', alpha: '2' }, 'alpha: expected a number; found "2"'],
    [{ name: 'elu', alpha: null }, 'alpha: expected a number; found null'],
    [{ name: 'elu', alpha: 1e39 }, 'alpha: expected a number; found 1e+39'],
    [{ name: 'gelu', approximate: 1 }, 'approximate: expected true or false; found 1'],
    [{ name: 'reluu' }, 'name: unknown activation "reluu"; did you mean "relu"?'],
  ])('refuse %j', (activation, problem) => {
    expect(problems(activation)).toEqual([`layers[0].activation.${problem}`]);
  });

  test.each([7, true, [], ['relu'], { name: 7 }, {}])('are not %j', (activation) => {
    const [problem, ...more] = problems(activation);
    expect(problem).toMatch(
      /^layers\[0\]\.activation: expected the name of an activation or a formula in x; found /,
    );
    expect(more).toEqual([]);
  });

  test('that are unknown are told all names there are', () => {
    const { text } = refusal(() => read({ layers: [{ units: 1, activation: 'LeakyReLU' }] }));
    expect(text).toBe(
      'mlp: model.json: layers[0].activation: unknown activation "LeakyReLU"; did you mean "leaky_relu"?\n' +
        `  activations: ${activationWords.join(', ')}; or a formula in x, such as "x * tanh(softplus(x))"\n`,
    );
  });
});

describe('formulas', () => {
  test('stand where a name may stand', () => {
    expect(resolved('x * x')).toStrictEqual(square);
    expect(resolved({ formula: 'x * x' })).toStrictEqual(square);
  });

  test('x alone is one', () => {
    expect(resolved('x')).toMatchObject({ kind: 'formula', text: 'x' });
  });

  test('get names in the table of the document', () => {
    expect(resolved('square', { square: 'x * x' })).toStrictEqual(square);
    expect(resolved({ name: 'square' }, { square: { formula: 'x * x' } })).toStrictEqual(square);
  });

  test('take parameters', () => {
    const swishb = { formula: 'x * sigmoid(b * x)', b: 1.702 };
    expect(resolved('swishb', { swishb })).toMatchObject({
      kind: 'formula',
      text: 'x * sigmoid(b * x)',
      parameters: { b: 1.702 },
    });
    expect(resolved(swishb)).toStrictEqual(resolved('swishb', { swishb }));
  });

  test('of the table are the nearest name too', () => {
    expect(problems('sqare', { square: 'x * x' })).toEqual([
      'layers[0].activation: unknown activation "sqare"; did you mean "square"?',
    ]);
  });

  test('are reported with the place of the mistake, in layers and in the table', () => {
    expect(problems('x + y', { bad: 'x *', worse: { formula: 'z', b: '1' } })).toEqual([
      'activations.bad: character 4: expected an operand after *; found the end',
      'activations.worse.b: expected a number; found "1"',
      'activations.worse.formula: character 1: unknown name "z"; known are x, pi, e',
      'layers[0].activation: character 5: unknown name "y"; known are x, pi, e',
    ]);
  });

  test.each([
    ['softmax(x)', 1, 'softmax', 'write "softmax" alone, without (x)'],
    [' swish( x )', 2, 'swish', 'write "swish" alone, without (x)'],
    [
      'x * softsign(x)',
      5,
      'softsign',
      '"softsign" is an activation by its name alone, not a function of a formula',
    ],
    [
      'round(x)',
      1,
      'round',
      'formulas are made of x, numbers, + - * / **, comparisons, and functions such as exp, tanh, max and where',
    ],
  ])('that call what is no function are told what to do: %s', (formula, place, name, remedy) => {
    const { text } = refusal(() => read({ layers: [{ units: 1, activation: formula }] }));
    const known = Object.keys(formulaFunctions).join(', ');
    expect(text).toBe(
      `mlp: model.json: layers[0].activation: character ${place}: unknown function "${name}"; known are ${known}\n  ${remedy}\n`,
    );
  });

  test.each([
    [{ relu: 'x * x' }, 'activations.relu: expected a name of your own; "relu" is taken'],
    [{ x: 'x * x' }, 'activations.x: expected a name of your own; "x" is taken'],
    [{ 'a b': 'x' }, 'activations["a b"]: expected a name of letters, digits and _'],
    [{ a: 7 }, 'activations.a: expected a formula in x; found 7'],
    [{ a: { b: 1 } }, 'activations.a: expected a formula in x; found an object'],
    [
      { a: { formula: 'x', x: 1 } },
      'activations.a.x: expected a parameter of letters, digits and _, and not x',
    ],
    [
      ['x'],
      'activations: expected an object of names and formulas, such as { "square": "x * x" }; found an array of 1',
    ],
  ])('are not named by %j', (table, problem) => {
    expect(problems('relu', table)).toEqual([problem]);
  });

  test('named __proto__ are refused', () => {
    const text = '{"layers": [{"units": 1}], "activations": {"__proto__": "x * x"}}';
    const table: unknown = JSON.parse(text);
    expect(problemsOf(table)).toEqual([
      'activations.__proto__: expected a name of letters, digits and _',
    ]);
  });

  test('show no control characters of theirs in messages', () => {
    expect(problems("'\u001b[31m' + x")).toEqual([
      "layers[0].activation: character 1: '\\u001b[31m' is not part of a formula",
    ]);
  });
});
