/** What is said of each name: for every name, in its order, with the arguments that it has. */
import { describe, expect, test } from 'vitest';
import { activations } from '../../src/nn/activations.ts';
import { activationAliases } from '../../src/spec/activations.ts';
import { callbacks } from '../../src/spec/callbacks.ts';
import { constraints } from '../../src/spec/constraints.ts';
import { families } from '../../src/spec/families.ts';
import { initializers } from '../../src/spec/initializers.ts';
import { layers } from '../../src/spec/layers.ts';
import { losses } from '../../src/spec/losses.ts';
import { metrics } from '../../src/spec/metrics.ts';
import { optimizers } from '../../src/spec/optimizers.ts';
import { regularizers } from '../../src/spec/regularizers.ts';
import { schedules } from '../../src/spec/schedules.ts';

const tables = {
  layers,
  losses,
  metrics,
  optimizers,
  schedules,
  initializers,
  regularizers,
  constraints,
  callbacks,
};

const loaded = await Promise.all(
  Object.entries(families).map(async ([name, load]) => ({ name, family: await load() })),
);
const all = new Map(loaded.map(({ name, family }) => [name, family]));

/** The family of a name. */
function familyOf(name: string) {
  const family = all.get(name);
  if (!family) throw new Error(`no family ${name}`);
  return family;
}

function entryOf(family: string, name: string) {
  const entry = familyOf(family).entries.find((one) => one.name === name);
  if (!entry) throw new Error(`no ${name} among the ${family}`);
  return entry;
}

describe.each(loaded)('$name', ({ name, family }) => {
  test('is called by its name', () => {
    expect(family.name).toBe(name);
  });

  test('says something of each entry, on one line', () => {
    for (const { formula, where, variants, differences } of family.entries) {
      const texts = [formula, ...(where === undefined ? [] : [where]), ...differences];
      for (const text of [...texts, ...Object.values(variants)]) {
        expect(text).toMatch(/^\S(.*\S)?$/);
        expect(text.split('`').length % 2, text).toBe(1);
      }
    }
  });

  test('has a variant of a formula for arguments only', () => {
    for (const { variants, arguments: own } of family.entries) {
      const names = own.map((argument) => argument.name);
      expect(names).toEqual(expect.arrayContaining(Object.keys(variants)));
    }
  });
});

test.each(Object.entries(tables))('%s are those of the table, with its words', (name, table) => {
  expect(familyOf(name).entries.map((entry) => [entry.name, ...entry.aliases])).toEqual(
    Object.values(table).map(({ words }) => [...words]),
  );
});

test('activations are those of the table, with its words', () => {
  const { entries } = familyOf('activations');
  expect(entries.map(({ name }) => name)).toEqual(Object.keys(activations));
  const aliases = entries.flatMap(({ name, aliases: own }) =>
    own.map((word) => [word, name] as const),
  );
  expect(new Map(aliases)).toEqual(activationAliases);
});

test('arguments have the defaults of the schemas, or must or may be given', () => {
  expect(entryOf('losses', 'sparse_categorical_crossentropy').arguments).toEqual([
    { name: 'from_logits', default: false, required: false },
    { name: 'ignore_class', required: false },
    { name: 'axis', required: false },
  ]);
  expect(entryOf('schedules', 'PolynomialDecay').arguments).toEqual([
    { name: 'initial_learning_rate', required: true },
    { name: 'decay_steps', required: true },
    { name: 'end_learning_rate', default: 0.0001, required: false },
    { name: 'power', default: 1, required: false },
    { name: 'cycle', default: false, required: false },
  ]);
  expect(entryOf('activations', 'threshold').arguments).toEqual([
    { name: 'threshold', required: true },
    { name: 'default_value', required: true },
  ]);
  expect(entryOf('activations', 'relu').arguments).toEqual([
    { name: 'negative_slope', default: 0, required: false },
    { name: 'max_value', default: null, required: false },
    { name: 'threshold', default: 0, required: false },
  ]);
});

test('what nearly all of a family take is said once, and what one takes otherwise with it', () => {
  const common = (name: string) => {
    const { arguments: own, except } = familyOf(name).common;
    return { names: own.map((argument) => argument.name), except };
  };
  expect(common('optimizers')).toEqual({
    names: [
      'weight_decay',
      'clipnorm',
      'clipvalue',
      'global_clipnorm',
      'use_ema',
      'ema_momentum',
      'ema_overwrite_frequency',
      'loss_scale_factor',
      'gradient_accumulation_steps',
    ],
    except: ['lbfgs'],
  });
  expect(common('losses')).toEqual({ names: ['reduction'], except: ['crossentropy'] });
  expect(common('layers').except).toEqual(['InputLayer']);
  const decays = familyOf('optimizers').entries.flatMap(({ name, arguments: own }) =>
    own.flatMap((argument) => (argument.name === 'weight_decay' ? [[name, argument.default]] : [])),
  );
  expect(decays).toEqual([
    ['adamw', 0.004],
    ['muon', 0.004],
  ]);
});

test('a metric shows its name where it is not that of the type', () => {
  const shown = familyOf('metrics').entries.flatMap(({ arguments: own }) =>
    own.flatMap((argument) => (argument.name === 'name' ? [argument.default] : [])),
  );
  expect(shown).toEqual(['logcosh', 'fbeta_score']);
});
