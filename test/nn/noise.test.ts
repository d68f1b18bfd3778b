/** Which chance layers draw: what tells their streams apart, and when they share one. */
import { expect, test } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { input } from '../../src/graph/ops.ts';
import { forward, parametersOf } from '../../src/nn/forward.ts';
import { build } from '../keras-goldens.ts';

/** The streams that the training pass of these layers draws from, as text, in order. */
function streamsOf(layers: object[]): string[] {
  const { network } = build({ input_shape: [3], layers });
  const graph = new Graph();
  forward(network, parametersOf(graph, network), input(graph, 'x', 1, 3), true);
  return graph.tensors.flatMap(({ op, attributes: { stream } }) =>
    op === 'uniform' && stream ? [`${stream.kind} ${stream.number} ${stream.draw}`] : [],
  );
}

test('layers draw by their position, or by a seed of their own, and normal numbers from two draws', () => {
  const layers = [
    { type: 'GaussianNoise', stddev: 1 },
    { type: 'Dropout', rate: 0.5 },
    { type: 'GaussianDropout', rate: 0.5, seed: 0 },
    { type: 'AlphaDropout', rate: 0.5, seed: 2 ** 30 },
  ];
  expect(streamsOf(layers)).toEqual([
    'position 0 0',
    'position 0 1',
    'position 1 0',
    'seed 0 0',
    'seed 0 1',
    'seed 1073741824 0',
  ]);
});

test('layers with the same seed draw the same, as in Keras', () => {
  const dropout = { type: 'Dropout', rate: 0.5, seed: 4 };
  expect(streamsOf([dropout, dropout])).toEqual(['seed 4 0']);
});
