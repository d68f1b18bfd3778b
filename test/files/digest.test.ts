/** Digests of what was learnt: that they are what the document says, and that nothing slips through. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readColumns } from '../../src/data/stored-columns.ts';
import { UserError } from '../../src/errors.ts';
import {
  checkColumnsDigest,
  checkWeightsDigest,
  digestSection,
  weightDigests,
} from '../../src/files/digest.ts';
import { modelDocument } from '../../src/files/model-document.ts';
import { checkWeights } from '../../src/files/weights.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { FORMAT, FORMAT_VERSION } from '../../src/spec/schema.ts';
import { formatDocument, type Writable } from '../../src/spec/write-spec.ts';

const kernel = { name: 'kernel', shape: [2, 2], values: Float32Array.of(0.1, -2, 3e-7, 0) };
const bias = { name: 'bias', shape: [2], values: Float32Array.of(16777216, -1.5) };
const weights = [
  { layer: 'dense', tensors: [kernel, bias] },
  { layer: 'dropout', tensors: [] },
];
const columns = {
  header: true,
  features: [{ name: 'größe', position: 1, kind: 'number', shift: 0.25, scale: 1.5 }],
  targets: [{ name: 'y', position: 2, kind: 'number' }],
};
const layers = [
  { name: 'dense', weights: [kernel, bias].map(({ name, shape }) => ({ name, shape })) },
];

/** What a check was refused with; null where it passed. */
function refusal(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== 4) throw error;
    return error.format();
  }
}

const REMEDY =
  '  it has changed since mlp wrote the file: copy the file again\n  if the change is meant: --no-verify; "mlp set-weights FILE --from FILE --no-verify -o NEW" writes NEW with new digests\n';

test('the digest of a tensor is the SHA-256 of its name, its shape and its numbers', () => {
  const hash = createHash('sha256').update('dense/kernel\n(2, 2)\n');
  for (const value of kernel.values) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    hash.update(bytes);
  }
  const { dense } = weightDigests(weights);
  expect(dense.kernel).toBe(`sha256:${hash.digest('hex').slice(0, 16)}`);
  expect(Object.keys(weightDigests(weights))).toEqual(['dense']);
});

test('the digest of columns is of their canonical JSON, computed by another program', () => {
  // Python: hashlib.sha256('{"a":[1,"é"],"b":0.5}'.encode()).hexdigest()
  const value = { b: 0.5, left: undefined, a: [1.0, 'é'] };
  expect(digestSection([], value).columns).toBe('sha256:17f01d7babd1a5b1');
  expect(digestSection([])).toEqual({ weights: {} });
});

test('what has not changed passes, also without digests', () => {
  const section = digestSection(weights, columns);
  expect(refusal(() => checkWeightsDigest(section, weights, 'm.json'))).toBeNull();
  expect(refusal(() => checkColumnsDigest(section, columns, 'm.json'))).toBeNull();
  expect(refusal(() => checkWeightsDigest(undefined, weights, 'm.json'))).toBeNull();
  expect(refusal(() => checkColumnsDigest(undefined, columns, 'm.json'))).toBeNull();
});

test('negative zero and zero are one: not every program keeps the sign', () => {
  const of = (value: number) =>
    weightDigests([
      { layer: 'a', tensors: [{ name: 'b', shape: [1], values: Float32Array.of(value) }] },
    ]);
  expect(of(-0)).toEqual(of(0));
});

test('each tensor that has changed is named, and only these', () => {
  const section = digestSection(weights, columns);
  const changed = [
    { layer: 'dense', tensors: [{ ...kernel, values: Float32Array.of(0.1, -2, 3e-7, 1) }, bias] },
  ];
  const found = weightDigests(changed).dense.kernel;
  expect(refusal(() => checkWeightsDigest(section, changed, 'm.json'))).toBe(
    `mlp: m.json: weights.dense.kernel: expected the digest "${section.weights.dense.kernel}", as the file says; found "${found}"\n${REMEDY}`,
  );
  const { columns: said } = section;
  const other = digestSection([], { ...columns, header: false }).columns;
  expect(refusal(() => checkColumnsDigest(section, { ...columns, header: false }, 'm.json'))).toBe(
    `mlp: m.json: columns: expected the digest "${said}", as the file says; found "${other}"\n${REMEDY}`,
  );
});

test.each([[{}], [[]], [null], ['sha256:0'], [{ weights: { dense: { kernel: 1 } } }]])(
  'a section that says nothing of a tensor is no digest of it: %j',
  (section) => {
    const text = refusal(() => checkWeightsDigest(section, weights, 'm.json'));
    expect(text).toContain(
      'm.json: weights.dense.bias: expected its digest in the file; found none',
    );
    expect(text?.split('\n')[0]).toContain('weights.dense.kernel: expected');
  },
);

test('tensors of other names, shapes or order have other digests', () => {
  const values = Float32Array.of(1, 2, 3, 4);
  const variants = [
    { layer: 'a', tensors: [{ name: 'k', shape: [2, 2], values }] },
    { layer: 'b', tensors: [{ name: 'k', shape: [2, 2], values }] },
    { layer: 'a', tensors: [{ name: 'l', shape: [2, 2], values }] },
    { layer: 'a', tensors: [{ name: 'k', shape: [4, 1], values }] },
    { layer: 'a', tensors: [{ name: 'k', shape: [2, 2], values: Float32Array.of(1, 3, 2, 4) }] },
  ];
  const digests = variants.map((layer) => Object.values(weightDigests([layer])[layer.layer])[0]);
  expect(new Set(digests).size).toBe(variants.length);
});

const document = modelDocument<Writable>(
  { format: FORMAT, version: FORMAT_VERSION },
  { input_shape: [2], layers: [{ units: 2 }] },
  { weights, columns, training: { tool_version: '0.1.0' } },
);
const text = formatDocument(document);

/** What a program would compute with. */
function learntOf(file: string) {
  const model = readSpec(file, 'm.json');
  const read = checkWeights(model.weights, layers, 'm.json');
  checkColumnsDigest(model.digest, model.columns, 'm.json');
  checkWeightsDigest(model.digest, read, 'm.json');
  // Zero has no sign for who computes.
  const numbers = read.flatMap(({ tensors }) =>
    tensors.map(({ values }) => values.map((x) => x + 0)),
  );
  return { numbers, columns: readColumns(model.columns, 'm.json') };
}

const original = learntOf(text);

/** Whether a file is refused, or gives what the original gives. */
function isHarmless(file: string): boolean {
  try {
    expect(learntOf(file)).toEqual(original);
    return true;
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}

test('a character that changes anywhere is refused, or changes nothing', () => {
  for (let at = 0; at < text.length; at++) {
    for (const other of ['0', '9', '-', '.', '"']) {
      if (text[at] === other) continue;
      const mutant = text.slice(0, at) + other + text.slice(at + 1);
      expect(isHarmless(mutant), `character ${at}: ${mutant.slice(at - 20, at + 20)}`).toBe(true);
    }
  }
});

test('a file that is cut anywhere is refused', () => {
  for (let end = 0; end < text.length - 1; end++) {
    expect(() => learntOf(text.slice(0, end)), String(end)).toThrow(UserError);
  }
});

test('property: parts that are repeated, lost or moved are refused, or change nothing', () => {
  const place = fc.nat(text.length);
  fc.assert(
    fc.property(place, place, place, (a, b, to) => {
      const part = text.slice(Math.min(a, b), Math.max(a, b));
      const without = text.slice(0, Math.min(a, b)) + text.slice(Math.max(a, b));
      expect(isHarmless(text.slice(0, to) + part + text.slice(to))).toBe(true);
      expect(isHarmless(without)).toBe(true);
      expect(isHarmless(without.slice(0, to) + part + without.slice(to))).toBe(true);
    }),
    { numRuns: 500 },
  );
});
