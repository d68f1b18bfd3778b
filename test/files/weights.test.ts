import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { checkWeights, weightsSection } from '../../src/files/weights.ts';
import { formatDocument } from '../../src/spec/write-spec.ts';

const layers = [
  {
    name: 'hidden',
    weights: [
      { name: 'kernel', shape: [4, 3] },
      { name: 'bias', shape: [3] },
    ],
  },
  { name: 'dropout', weights: [] },
  {
    name: 'out',
    weights: [
      { name: 'kernel', shape: [3, 2] },
      { name: 'bias', shape: [2] },
    ],
  },
];

function good() {
  return {
    hidden: {
      kernel: [
        [0.1, -0.2, 0.3],
        [0.4, 0.5, -0.6],
        [-0.7, 0.8, 0.9],
        [1, -1.1, 1.2],
      ],
      bias: [0, 0.1, -0.1],
    },
    out: {
      kernel: [
        [0.5, -0.5],
        [0.25, 0.75],
        [-1, 1],
      ],
      bias: [0, 0.2],
    },
  };
}

/** The text and exit code that the section is refused with. */
function refusal(section: unknown): { text: string; exitCode: number } {
  try {
    checkWeights(section, layers, 'model.json');
  } catch (error) {
    if (error instanceof UserError) return { text: error.message, exitCode: error.exitCode };
    throw error;
  }
  throw new Error('the weights were accepted');
}

test('weights that fit come in the order of the layers, as float32', () => {
  const checked = checkWeights(good(), layers, 'model.json');
  expect(checked.map(({ layer, tensors }) => [layer, tensors.map(({ name }) => name)])).toEqual([
    ['hidden', ['kernel', 'bias']],
    ['dropout', []],
    ['out', ['kernel', 'bias']],
  ]);
  expect(checked[2].tensors[0]).toEqual({
    name: 'kernel',
    shape: [3, 2],
    values: Float32Array.of(0.5, -0.5, 0.25, 0.75, -1, 1),
  });
});

test('a layer without weights may stand in the file or not', () => {
  expect(checkWeights({ ...good(), dropout: {} }, layers, 'model.json')).toHaveLength(3);
});

const { hidden, out } = good();
const mistakes: [string, unknown, string][] = [
  ['no object', [1], 'model.json: weights: expected an object; found [1]'],
  [
    'a missing layer',
    { hidden },
    'model.json: weights.out: expected weights of this layer; found nothing',
  ],
  [
    'an unknown layer',
    { ...good(), Hiden: {} },
    'model.json: weights.Hiden: unknown layer; did you mean "hidden"?',
  ],
  [
    'an unknown tensor',
    { hidden: { ...hidden, kernle: [] }, out },
    'model.json: weights.hidden.kernle: unknown tensor; did you mean "kernel"?',
  ],
  [
    'a missing tensor',
    { hidden: { kernel: hidden.kernel }, out },
    'model.json: weights.hidden.bias: expected numbers of shape (3,); found nothing',
  ],
  [
    'a number for a tensor',
    { hidden: { ...hidden, bias: 0 }, out },
    'model.json: weights.hidden.bias: expected numbers of shape (3,); found 0',
  ],
  [
    'another shape',
    { hidden: { ...hidden, kernel: hidden.kernel.slice(1) }, out },
    'model.json: weights.hidden.kernel: expected shape (4, 3); found shape (3, 3)',
  ],
  [
    'another rank',
    { hidden: { ...hidden, bias: [hidden.bias] }, out },
    'model.json: weights.hidden.bias: expected shape (3,); found shape (1, 3)',
  ],
  [
    'a short row',
    {
      hidden: {
        ...hidden,
        kernel: [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8],
          [9, 9, 9],
        ],
      },
      out,
    },
    'model.json: weights.hidden.kernel[2]: expected 3 numbers; found 2',
  ],
  [
    'a row that is none',
    { hidden: { ...hidden, kernel: [[1, 2, 3], 4, [7, 8, 9], [9, 9, 9]] }, out },
    'model.json: weights.hidden.kernel[1]: expected an array of 3; found 4',
  ],
  [
    'text, null, infinity and more than float32 holds, each in its place',
    {
      hidden,
      out: {
        kernel: [
          ['0.5', null],
          [Number.POSITIVE_INFINITY, 1e39],
          [-1, 1],
        ],
        bias: [0, 0],
      },
    },
    [
      'model.json: weights.out.kernel[0][0]: expected a finite number; found "0.5"',
      'model.json: weights.out.kernel[0][1]: expected a finite number; found null',
      'model.json: weights.out.kernel[1][0]: expected a finite number; found Infinity',
      'model.json: weights.out.kernel[1][1]: expected a number that fits in 32-bit floats; found 1e+39',
    ].join('\n'),
  ],
];

test.each(mistakes)('%s is refused, by its place', (_, section, text) => {
  expect(refusal(section)).toEqual({ text, exitCode: 4 });
});

test('a tensor full of mistakes is reported by its first ten, and how many more there are', () => {
  const kernel = Array.from({ length: 4 }, () => [null, null, null]);
  const { text } = refusal({ hidden: { ...hidden, kernel }, out });
  const lines = text.split('\n');
  expect(lines).toHaveLength(11);
  expect(lines[10]).toBe(
    'model.json: weights.hidden.kernel: expected numbers only; found 2 more mistakes',
  );
});

test('names that every object has are names like any other', () => {
  const odd = [{ name: '__proto__', weights: [{ name: 'constructor', shape: [1] }] }];
  const section = JSON.parse('{"__proto__": {"constructor": [2]}}');
  const checked = checkWeights(section, odd, 'model.json');
  expect(checked[0].tensors[0].values).toEqual(Float32Array.of(2));
  expect(formatDocument(weightsSection(checked))).toBe(
    '{\n  "__proto__": {\n    "constructor": [2]\n  }\n}\n',
  );
  expect(refusal({ constructor: {} }).text).toContain('weights.constructor: unknown layer');
});

describe('property', () => {
  const float = fc.float({ noNaN: true, noDefaultInfinity: true });

  test('weights survive being written and read, bit for bit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(float),
        (rows, cols, stream) => {
          const values = Float32Array.from([...stream.take(rows * cols)]);
          const shape = [rows, cols];
          const network = [{ name: 'dense', weights: [{ name: 'kernel', shape }] }];
          const written = formatDocument(
            weightsSection([{ layer: 'dense', tensors: [{ name: 'kernel', shape, values }] }]),
          );
          const read = checkWeights(JSON.parse(written), network, 'model.json');
          expect(read[0].tensors[0].values).toEqual(values);
        },
      ),
    );
  });

  test('any JSON value is accepted or refused with exit 4', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(refusal(value).exitCode).toBe(4);
      }),
    );
  });
});

test.each([
  ['weights_shape.json', 'weights.hidden.kernel: expected shape (4, 3); found shape (3, 3)'],
  ['weights_ragged.json', 'weights.hidden.kernel[2]: expected 3 numbers; found 2'],
  ['weights_text.json', 'weights.hidden.kernel[0][0]: expected a finite number; found "0.1"'],
])('%s of the malformed models is refused', (file, problem) => {
  const folder = resolve(import.meta.dirname, '../../fixtures/bad-models');
  const document = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  expect(refusal(document.weights).text).toBe(`model.json: ${problem}`);
});
