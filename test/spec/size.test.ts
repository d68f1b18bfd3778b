import { describe, expect, test } from 'vitest';
import { MAX_LAYERS, MAX_PARAMETERS } from '../../src/spec/limits.ts';
import { problemsOf, read } from './read-errors.ts';

describe('the size of a model', () => {
  test('may reach MAX_LAYERS and not more', () => {
    const layers = (count: number) => Array(count).fill({ units: 1 });
    expect(read({ layers: layers(MAX_LAYERS) }).spec.layers).toHaveLength(MAX_LAYERS);
    expect(problemsOf({ layers: layers(MAX_LAYERS + 1) })).toEqual([
      'layers: expected at most 10,000 layers; found 10,001',
    ]);
  });

  test('may reach MAX_PARAMETERS and not more', () => {
    const inputs = MAX_PARAMETERS / 2 ** 10;
    const document = (use_bias: boolean) => ({
      input_shape: [inputs],
      layers: [{ units: 2 ** 10, use_bias }],
    });
    expect(read(document(false)).spec.layers).toHaveLength(1);
    expect(problemsOf(document(true))).toEqual([
      'layers[0]: expected at most 134,217,728 parameters in all; found 134,218,752 (1 GiB) up to this layer',
    ]);
  });

  test('is counted from below where the input shape is not known', () => {
    const layers = [{ units: 2 ** 20 }, { type: 'Dropout', rate: 0.1 }, { units: 2 ** 20 }];
    expect(problemsOf({ layers })).toEqual([
      'layers[2]: expected at most 134,217,728 parameters in all; found 1,099,514,773,504 (4,096 GiB) up to this layer',
    ]);
  });

  test('counts what one row becomes', () => {
    const layers = [{ units: 2 ** 20 }];
    expect(problemsOf({ input_shape: [2 ** 20, 1], layers })).toEqual([
      'layers[0]: expected at most 134,217,728 outputs for one row; found 1,099,511,627,776',
    ]);
  });

  test('counts a flattened row whole', () => {
    const layers = [{ type: 'Flatten' }, { units: 2 ** 12 }];
    expect(problemsOf({ input_shape: [2 ** 10, 2 ** 10], layers })).toEqual([
      'layers[1]: expected at most 134,217,728 parameters in all; found 4,294,971,392 (16 GiB) up to this layer',
    ]);
  });
});
