/**
 * The declared formulas of activations, losses, regularizers and constraints are true: those that the
 * language of formulas can say are reckoned by it and compared with what the program computes.
 */
import { describe, expect, test } from 'vitest';
import { Graph, type Tensor } from '../../src/graph/graph.ts';
import { input } from '../../src/graph/ops.ts';
import { activate } from '../../src/nn/activate.ts';
import { constrain } from '../../src/nn/constraints.ts';
import { lossOf } from '../../src/nn/losses.ts';
import { penaltyOf } from '../../src/nn/regularizers.ts';
import type { Family } from '../../src/records.ts';
import { family as activations } from '../../src/spec/families/activations.ts';
import { family as constraints } from '../../src/spec/families/constraints.ts';
import { family as losses } from '../../src/spec/families/losses.ts';
import { family as regularizers } from '../../src/spec/families/regularizers.ts';
import { runGraph } from '../engine/run-graph.ts';
import { build } from '../keras-goldens.ts';
import {
  expectEqual,
  formulaFor,
  type Moved,
  names,
  ofOneNumber,
  reckon,
  type Setting,
  settingsOf,
  unsaid,
} from './formula-value.ts';

/** Fifty points from −7 to 9, the kinks among them. */
const points = Array.from({ length: 50 }, (_, i) => (i - 21) / 3);

describe('activations', () => {
  const rows = ['softmax', 'log_softmax', 'sparsemax', 'glu'];
  const others = activations.entries.filter(({ name }) => !rows.includes(name));
  const moved: Moved = {
    relu: [
      { negative_slope: 0.1 },
      { max_value: 2 },
      { threshold: 1 },
      { negative_slope: 0.1, max_value: 2, threshold: 1 },
    ],
    elu: [{ alpha: 0.5 }],
    celu: [{ alpha: 0.5 }],
    gelu: [{ approximate: true }],
    leaky_relu: [{ negative_slope: 0.4 }],
    hard_shrink: [{ threshold: 1 }],
    soft_shrink: [{ threshold: 1 }, { threshold: -1 }],
    squareplus: [{ b: 1 }],
  };
  const needed: Readonly<Record<string, Setting>> = {
    threshold: { threshold: 0.7, default_value: -9 },
  };

  test('are said in the language of formulas, save those of a whole row', () => {
    expect(unsaid(activations.entries, ['x'], (text) => text)).toEqual(rows);
  });

  for (const entry of others) {
    for (const setting of settingsOf(moved, entry)) {
      const given = { ...needed[entry.name], ...setting };
      test(`${entry.name} ${JSON.stringify(given)} is ${formulaFor(entry, given)}`, () => {
        const document = { name: entry.name, ...given };
        const layers = [{ type: 'Activation', activation: document }];
        const [layer] = build({ input_shape: [1], layers }).spec.layers;
        if (layer.type !== 'Activation') throw new Error('no activation');
        const graph = new Graph();
        const y = activate(input(graph, 'x', 1, 1), layer.activation, [1]);
        const batch = points.length;
        const found = runGraph(graph, { y }, { x: points }, { batch, precision: 'float64' }).y;
        // "Not clipped where max_value is null."
        const values = { max_value: 1e9, ...names(entry, given) };
        points.forEach((x, index) => {
          expectEqual(found[index], reckon(formulaFor(entry, given), { x, ...values }));
        });
      });
    }
  }
});

describe('losses', () => {
  const own = ['y', 'p'];
  const moved: Moved = {
    huber: [{ delta: 0.3 }],
    binary_crossentropy: [{ from_logits: true }],
    binary_focal_crossentropy: [{ gamma: 1.5 }],
    tversky: [{ alpha: 0.2, beta: 0.7, axis: -1 }],
    dice: [{ axis: -1 }],
  };
  /** Of one number: class numbers, and what is divided by its own sum. */
  const rows = [
    'sparse_categorical_crossentropy',
    'crossentropy',
    'categorical_focal_crossentropy',
    'categorical_generalized_cross_entropy',
  ];

  test('are said in the language of formulas, save those about classes', () => {
    const numbers = losses.entries.filter(({ name }) => name !== 'categorical_focal_crossentropy');
    expect(unsaid(numbers, own)).toEqual(rows.filter((name) => !name.includes('focal')));
  });

  for (const entry of losses.entries.filter(({ name }) => !rows.includes(name))) {
    for (const setting of settingsOf(moved, entry)) {
      test(`${entry.name} ${JSON.stringify(setting)} is ${formulaFor(entry, setting)}`, () => {
        const compile = { loss: { type: entry.name, ...setting } };
        const { spec } = build({ input_shape: [1], layers: [{ units: 1 }], compile });
        if (!spec.compile.loss) throw new Error('no loss');
        for (const y of [0.15, 0.5, 0.85]) {
          for (const p of [0.05, 0.3, 0.5, 0.95]) {
            const graph = new Graph();
            const inputs = [input(graph, 'y', 1, 1), input(graph, 'p', 1, 1)] as const;
            const loss = lossOf(...inputs, spec.compile.loss);
            const found = runGraph(graph, { loss }, { y: [y], p: [p] }, { precision: 'float64' });
            const text = ofOneNumber(formulaFor(entry, setting));
            expectEqual(found.loss[0], reckon(text, { y, p, ...names(entry, setting) }));
          }
        }
      });
    }
  }
});

const ofWeights: readonly {
  readonly family: Family;
  readonly key: string;
  readonly moved: Moved;
  /** What is said of whole matrices. */
  readonly matrices: readonly string[];
}[] = [
  {
    family: regularizers,
    key: 'kernel_regularizer',
    moved: { l1_l2: [{ l1: 0.3, l2: 0.2 }] },
    matrices: ['orthogonal_regularizer'],
  },
  {
    family: constraints,
    key: 'kernel_constraint',
    moved: {
      max_norm: [{ max_value: 0.5 }],
      min_max_norm: [{ min_value: 0.4, max_value: 0.8, rate: 0.5 }],
    },
    matrices: [],
  },
];

describe.each(ofWeights)('$family.name', ({ family, key, moved, matrices }) => {
  test('are said in the language of formulas', () => {
    expect(unsaid(family.entries, ['w'])).toEqual(matrices);
  });

  for (const entry of family.entries.filter(({ name }) => !matrices.includes(name))) {
    for (const setting of settingsOf(moved, entry)) {
      test(`${entry.name} ${JSON.stringify(setting)} is ${entry.formula}`, () => {
        const dense = { units: 1, [key]: { type: entry.name, ...setting } };
        const [layer] = build({ input_shape: [1], layers: [dense] }).spec.layers;
        if (layer.type !== 'Dense') throw new Error('no Dense');
        for (const w of [-3, -0.3, 0.6, 2.5]) {
          const graph = new Graph();
          const x: Tensor = input(graph, 'w', 1, 1);
          const { kernel_regularizer: penalty, kernel_constraint: constraint } = layer;
          const result = penalty
            ? penaltyOf(x, penalty)
            : constraint && constrain(x, constraint, [1, 1]);
          if (!result) throw new Error(`no ${entry.name}`);
          const found = runGraph(graph, { result }, { w: [w] }, { precision: 'float64' });
          const text = ofOneNumber(entry.formula);
          expectEqual(found.result[0], reckon(text, { w, ...names(entry, setting) }));
        }
      });
    }
  }
});
