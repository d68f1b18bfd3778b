import { expect, test } from 'vitest';
import { activationWords } from '../../src/spec/activations.ts';
import { initializers } from '../../src/spec/initializers.ts';
import { jsonSchema } from '../../src/spec/json-schema.ts';
import { layers } from '../../src/spec/layers.ts';
import { metrics } from '../../src/spec/metrics.ts';
import { regularizers } from '../../src/spec/regularizers.ts';

const schema: unknown = jsonSchema();

/** What stands at a path of the schema. */
function at(...path: (string | number)[]): unknown {
  let value: unknown = schema;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value;
}

test('the JSON Schema names its parts', () => {
  expect(Object.keys(Object(at('$defs')))).toEqual([
    'layers',
    'layer',
    'activation',
    'activations',
    'initializer',
    'regularizer',
    'constraint',
    'compile',
    'optimizer',
    'learning_rate',
    'schedule',
    'loss',
    'metric',
    'callback',
    'fit',
    'data',
  ]);
  expect(at('$schema')).toBe('http://json-schema.org/draft-07/schema#');
});

test('the JSON Schema takes the keys of a document and no others', () => {
  expect(Object.keys(Object(at('properties')))).toEqual([
    '$schema',
    'name',
    'input_shape',
    'layers',
    'activations',
    'compile',
    'fit',
    'data',
    'format',
    'version',
    'weights',
    'columns',
    'digest',
    'history',
    'training',
    'state',
  ]);
  expect(at('required')).toEqual(['layers']);
  expect(at('additionalProperties')).toBe(false);
});

test('the JSON Schema describes Dense with defaults and limits', () => {
  const dense = ['$defs', 'layer', 'anyOf', 0];
  expect(at(...dense, 'required')).toEqual(['units']);
  expect(at(...dense, 'additionalProperties')).toBe(false);
  expect(at(...dense, 'properties', 'units')).toEqual({
    type: 'integer',
    minimum: 1,
    maximum: 16777216,
  });
  expect(at(...dense, 'properties', 'use_bias')).toEqual({ type: 'boolean', default: true });
  expect(at(...dense, 'properties', 'type')).toEqual({ type: 'string', enum: ['Dense', 'dense'] });
  expect(at(...dense, 'properties', 'kernel_initializer')).toEqual({
    anyOf: [{ $ref: '#/$defs/initializer' }, { type: 'null' }],
    default: 'glorot_uniform',
  });
});

test('the JSON Schema lists every word of the tables', () => {
  const wordsOf = (table: Readonly<Record<string, { words: readonly string[] }>>) =>
    Object.values(table).flatMap(({ words }) => words);
  expect(at('$defs', 'initializer', 'anyOf', 0, 'enum')).toEqual(wordsOf(initializers));
  // Those of the form precision_at_recall need an argument, and so have no form as text.
  const texts = wordsOf(metrics).filter((word) => !/_at_|At[A-Z]/.test(word));
  expect(at('$defs', 'metric', 'anyOf', 0, 'enum')).toEqual(texts);
  expect(at('$defs', 'regularizer', 'anyOf', 0, 'enum')).toEqual([
    ...['l1', 'L1', 'l2', 'L2'],
    ...regularizers.orthogonal_regularizer.words,
  ]);
  expect(at('$defs', 'layer', 'anyOf')).toHaveLength(Object.keys(layers).length);
  expect(at('$defs', 'activation', 'anyOf', 0, 'anyOf', 0, 'enum')).toEqual(activationWords);
});

test('the JSON Schema refers to nothing that is not there', () => {
  const references = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/([^"]*)"/g)];
  expect(references.length).toBeGreaterThan(10);
  for (const [, name] of references) expect(at('$defs', name)).toBeTypeOf('object');
});
