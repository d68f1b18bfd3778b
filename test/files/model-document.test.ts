import { expect, test } from 'vitest';
import { modelDocument } from '../../src/files/model-document.ts';
import { formatDocument, type Writable } from '../../src/spec/write-spec.ts';

const mark = { format: 'mlp-model', version: 1 };
const weights = [
  {
    layer: 'dense',
    tensors: [
      { name: 'kernel', shape: [2, 1], values: Float32Array.of(0.1, -0) },
      { name: 'bias', shape: [1], values: Float32Array.of(1e-7) },
    ],
  },
  { layer: 'dropout', tensors: [] },
];

test('a model file has the mark first, the spec as written, then what was learnt', () => {
  const spec: Record<string, Writable> = {
    layers: [{ units: 1 }],
    weights: 'of before',
    format: 'mlp-model',
    name: 'net',
    training: 'of before',
    version: 1,
  };
  const document = modelDocument<Writable>(mark, spec, {
    weights,
    columns: { header: true },
    history: { loss: [2, 1] },
    training: { seed: 1 },
  });
  expect(formatDocument(document)).toBe(`{
  "format": "mlp-model",
  "version": 1,
  "layers": [
    {
      "units": 1
    }
  ],
  "name": "net",
  "columns": {
    "header": true
  },
  "digest": {
    "weights": {
      "dense": {
        "kernel": "sha256:fe7bc570323b8978",
        "bias": "sha256:74785d03df3c219c"
      }
    },
    "columns": "sha256:563a4af1518fd751"
  },
  "weights": {
    "dense": {
      "kernel": [
        [0.1],
        [-0]
      ],
      "bias": [1e-7]
    }
  },
  "history": {
    "loss": [2, 1]
  },
  "training": {
    "seed": 1
  }
}
`);
});

test('what was not learnt is not in the file, and what was learnt before is gone', () => {
  const spec: Record<string, Writable> = { layers: [], history: {}, columns: {} };
  const document = modelDocument<Writable>(mark, spec, { weights: [] });
  expect(formatDocument(document)).toBe(`{
  "format": "mlp-model",
  "version": 1,
  "layers": [],
  "digest": {
    "weights": {}
  },
  "weights": {}
}
`);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d is refused by layer and tensor', (value) => {
  const tensors = [{ name: 'bias', shape: [1], values: Float32Array.of(value) }];
  const document = modelDocument<Writable>(mark, {}, { weights: [{ layer: 'dense', tensors }] });
  expect(() => formatDocument(document)).toThrow(
    `weights.dense.bias[0]: expected a finite number; found ${value}`,
  );
});
