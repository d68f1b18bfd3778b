import { describe, expect, test } from 'vitest';
import { MAX_LAYERS } from '../../src/spec/limits.ts';
import { problemsOf, read } from './read-errors.ts';

describe('the size of a model', () => {
  test('may reach MAX_LAYERS and not more', () => {
    const layers = (count: number) => Array(count).fill({ units: 1 });
    expect(read({ layers: layers(MAX_LAYERS) }).spec.layers).toHaveLength(MAX_LAYERS);
    expect(problemsOf({ layers: layers(MAX_LAYERS + 1) })).toEqual([
      'layers: expected at most 10,000 layers; found 10,001',
    ]);
  });
});
