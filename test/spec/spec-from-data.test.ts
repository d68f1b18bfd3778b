import { expect, test } from 'vitest';
import { readSpec } from '../../src/spec/read-spec.ts';
import { lossFor, specFromData } from '../../src/spec/spec-from-data.ts';

const numbers = { kind: 'number', outputs: 1 } as const;
const two = { kind: 'class', classes: ['0', '1'] } as const;
const three = { kind: 'class', classes: ['a', 'b', 'c'] } as const;

test.each([
  [numbers, 1, 'linear', 'mean_squared_error', []],
  [{ kind: 'number', outputs: 3 } as const, 3, 'linear', 'mean_squared_error', []],
  [two, 1, 'sigmoid', 'binary_crossentropy', ['accuracy']],
  [three, 3, 'softmax', 'sparse_categorical_crossentropy', ['accuracy']],
])('a target of %j gets %i %s units and %s', (target, units, activation, loss, metrics) => {
  const data = { inputShape: [5], target, columns: null, data: {} };
  const { document } = specFromData(data, [4]);
  const { spec } = readSpec(JSON.stringify(document), 'made');
  expect(spec.input_shape).toEqual([5]);
  expect(spec.layers).toMatchObject([
    { type: 'Dense', units: 4, activation: { name: 'relu' } },
    { type: 'Dense', units, activation: { name: activation } },
  ]);
  expect(spec.compile.loss?.type).toBe(loss);
  expect(spec.compile.optimizer?.type).toBe('adam');
  expect(spec.compile.metrics.map(({ name }) => name)).toEqual(metrics);
});

test('inputs of higher rank are flattened first', () => {
  const { document, reasons } = specFromData(
    {
      inputShape: [28, 28],
      target: two,
      columns: { names: ['digit'], header: true, isLast: true },
      data: {},
    },
    [],
  );
  expect(document.layers).toEqual([
    { type: 'Flatten' },
    { type: 'Dense', units: 1, activation: 'sigmoid' },
  ]);
  expect(reasons).toEqual([
    'target "digit": 2 classes ("0", "1"), so 1 sigmoid unit, binary_crossentropy, accuracy',
    'hidden layers: none; optimizer: adam; inputs: 28 × 28',
  ]);
});

test.each([
  [{ names: ['a', 'b'], header: true, isLast: false }, '"a", "b"', ['a', 'b']],
  [{ names: ['14'], header: false, isLast: true }, 'column 14', undefined],
  [{ names: ['1'], header: false, isLast: false }, 'column 1', '1'],
  [{ names: ['1', '3'], header: false, isLast: false }, 'columns 1, 3', ['1', '3']],
  [null, 'y', undefined],
])('targets %j are called %s, and named in the spec where need be', (columns, label, target) => {
  const { document, reasons } = specFromData(
    { inputShape: [2], target: numbers, columns, data: {} },
    [],
  );
  expect(reasons[0]).toBe(`target ${label}: numbers, so 1 linear unit, mean_squared_error`);
  expect(document.data).toEqual(target === undefined ? undefined : { target });
});

test('the loss of a spec that has none goes by its last layer, too', () => {
  expect(lossFor(numbers, 1)).toEqual({ loss: 'mean_squared_error', metrics: [] });
  expect(lossFor(two, 1)).toEqual({ loss: 'binary_crossentropy', metrics: ['accuracy'] });
  for (const target of [two, three]) {
    const sparse = { loss: 'sparse_categorical_crossentropy', metrics: ['accuracy'] };
    expect(lossFor(target, 3)).toEqual(sparse);
  }
});
