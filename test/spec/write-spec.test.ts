import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/spec/json.ts';
import { formatDocument, type Writable } from '../../src/spec/write-spec.ts';
import { refusal } from './read-errors.ts';

describe('formatDocument', () => {
  test('keeps arrays of numbers on one line, and all else on lines of its own', () => {
    const document = {
      name: 'a',
      input_shape: [2],
      layers: [{ type: 'Dense', units: 3 }],
      compile: { metrics: ['accuracy', 'mse'], loss: null },
      empty: { object: {}, array: [] },
      left_out: undefined,
      weights: {
        dense: {
          kernel: [
            [0.5, -0, 1e-7],
            [1, 2, 3],
          ],
          bias: [0, 0, 0],
        },
      },
    };
    expect(formatDocument(document)).toBe(`{
  "name": "a",
  "input_shape": [2],
  "layers": [
    {
      "type": "Dense",
      "units": 3
    }
  ],
  "compile": {
    "metrics": ["accuracy", "mse"],
    "loss": null
  },
  "empty": {
    "object": {},
    "array": []
  },
  "weights": {
    "dense": {
      "kernel": [
        [0.5, -0, 1e-7],
        [1, 2, 3]
      ],
      "bias": [0, 0, 0]
    }
  }
}
`);
  });

  test('breaks arrays of text that are longer than a line', () => {
    const words = Array.from({ length: 12 }, (_, index) => `category ${index}`);
    expect(formatDocument(words).split('\n')).toHaveLength(15);
  });

  test('writes float arrays nested by their shape, with the shortest float32 decimals', () => {
    const values = Float32Array.of(0.1, -0, 3.4028235e38, 1e-45, 16777216, 1 / 3);
    expect(formatDocument({ kernel: { shape: [2, 3], values } })).toBe(`{
  "kernel": [
    [0.1, -0, 3.4028235e+38],
    [1e-45, 16777216, 0.33333334]
  ]
}
`);
    expect(formatDocument({ shape: [], values: Float32Array.of(0.1) })).toBe('0.1\n');
    expect(formatDocument({ shape: [6], values })).toBe(
      '[0.1, -0, 3.4028235e+38, 1e-45, 16777216, 0.33333334]\n',
    );
    expect(formatDocument({ shape: [1, 2, 1], values: values.slice(0, 2) })).toBe(
      '[\n  [\n    [0.1],\n    [-0]\n  ]\n]\n',
    );
    expect(formatDocument({ shape: [0, 3], values: new Float32Array(0) })).toBe('[]\n');
    expect(formatDocument({ shape: [2, 0], values: new Float32Array(0) })).toBe(
      '[\n  [],\n  []\n]\n',
    );
  });

  test('keeps numbers and nulls on one line, however many', () => {
    const list = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? null : i));
    expect(formatDocument(list)).toBe(`[${list.map(String).join(', ')}]\n`);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses %d, which JSON would turn into null',
    (number) => {
      const { text, exitCode } = refusal(() => formatDocument({ history: { loss: [1, number] } }));
      expect(text).toBe(`mlp: history.loss[1]: expected a finite number; found ${number}\n`);
      expect(exitCode).toBe(5);
      const values = Float32Array.of(0, number);
      expect(refusal(() => formatDocument({ b: { shape: [2], values } })).text).toBe(
        `mlp: b[1]: expected a finite number; found ${number}\n`,
      );
    },
  );

  test('gives every JSON value back, negative zero and __proto__ included', () => {
    const key = fc.oneof(
      fc.string(),
      fc.constantFrom('__proto__', 'constructor', 'values', 'shape'),
    );
    const { value } = fc.letrec<{ value: Writable }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constant(null),
        fc.boolean(),
        fc.string(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.array(tie('value')),
        fc.dictionary(key, tie('value'), { noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (document) => {
        // toStrictEqual compares what keys named `constructor` hold by identity.
        expect(isDeepStrictEqual(parseJson(formatDocument(document), 'f'), document)).toBe(true);
      }),
    );
  });

  test('gives every float32 back, bit for bit', () => {
    const floats = fc.float32Array({ noNaN: true, noDefaultInfinity: true, maxLength: 20 });
    fc.assert(
      fc.property(floats, (values) => {
        const text = formatDocument({ shape: [values.length], values });
        const back = parseJson(text, 'f');
        expect(Array.isArray(back) && back.map((x) => Math.fround(Number(x)))).toStrictEqual([
          ...values,
        ]);
      }),
    );
  });
});
