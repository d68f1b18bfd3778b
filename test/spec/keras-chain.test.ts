/** Functional models of Keras 2 and 3: a chain is a list of layers, and all else is refused by its place. */
import { describe, expect, test } from 'vitest';
import graphs from '../../fixtures/keras/to-json/graphs.json' with { type: 'json' };
import { problemsOf, read } from './read-errors.ts';

const chains = graphs.cases.filter((one) => one.case === 'chain');

/** As Keras 2 and 3 made it: their names of axes differ. */
const layersOf = (axis: number) => [
  { units: 6, activation: 'relu' },
  { type: 'Dropout', rate: 0.25 },
  { type: 'BatchNormalization', axis },
  {
    type: 'Activation',
    activation: { name: 'leaky_relu', negative_slope: axis === 1 ? Math.fround(0.1) : 0.1 },
  },
  { units: 3, activation: 'softmax', name: 'out' },
];

describe.each(chains)('a chain of Keras $keras', ({ keras, config }) => {
  const ours = {
    name: 'chain',
    input_shape: [4],
    layers: layersOf(keras.startsWith('2') ? 1 : -1),
  };

  test('is the list of its layers', () => {
    const { layers, input_shape, name } = read(ours).spec;
    expect(read(config).spec).toMatchObject({ name, input_shape, layers });
  });

  test('is put in order, and mistakes keep their places', () => {
    const { layers } = config.config;
    const turned = { ...config, config: { ...config.config, layers: layers.toReversed() } };
    expect(read(turned).spec.layers).toEqual(read(ours).spec.layers);
    const wrong = JSON.parse(JSON.stringify(turned).replace('"rate":0.25', '"rate":2'));
    const problem = 'config.rate: expected a number from 0 to 1; found 2';
    expect(problemsOf(wrong)).toEqual([`config.layers[3].${problem}`]);
  });

  test('may lie in a file of the older name', () => {
    expect(read({ ...config, class_name: 'Model' }).spec.layers).toEqual(read(ours).spec.layers);
  });
});

test('what Keras 3 compiled a chain with is read', () => {
  const [keras3] = chains.filter(({ keras }) => keras.startsWith('3'));
  expect(read(keras3.config).spec.compile).toMatchObject({
    optimizer: { type: 'adam', learning_rate: Math.fround(0.01) },
    loss: { type: 'sparse_categorical_crossentropy' },
    metrics: [{ type: 'accuracy', name: 'accuracy' }],
  });
});

/** What is said of each graph that is no chain, whichever Keras wrote it. */
const refused: Readonly<Record<string, (input: string) => readonly (string | RegExp)[]>> = {
  fork: () => [
    'config.layers[1]: expected one layer after "dense", as in a chain; found "a" and "b"',
  ],
  'skip connection': (input) => [
    `config.layers[0]: expected one layer after "${input}", as in a chain; found "hidden" and "add"`,
    `config.layers[2].inbound_nodes: expected one layer before, as in a chain; found "${input}" and "hidden"`,
    /^config\.layers\[2\]\.class_name: unknown layer type "Add"/,
  ],
  'shared layer': () => ['config.layers[1].inbound_nodes: expected one call of the layer; found 2'],
  'two outputs on one way': () => [
    'config.output_layers: expected "second", the last layer; found "first" and "second"',
  ],
  'two inputs': () => [
    'config.layers[2].inbound_nodes: expected one layer before, as in a chain; found "left" and "right"',
    /^config\.layers\[2\]\.class_name: unknown layer type "Concatenate"/,
  ],
  'in training mode': () => [
    'config.layers[2].inbound_nodes: expected a call without arguments; found "training"',
  ],
};

test.each(graphs.cases.filter((one) => one.case !== 'chain'))(
  'a graph with $case is refused by the layer (Keras $keras)',
  ({ case: name, keras, config }) => {
    const wanted = refused[name](keras.startsWith('2') ? 'input_1' : 'input_layer');
    const problems = problemsOf(config);
    expect(problems).toHaveLength(wanted.length);
    for (const [i, text] of wanted.entries()) {
      if (typeof text === 'string') expect(problems[i]).toBe(text);
      else expect(problems[i]).toMatch(text);
    }
  },
);

test('a graph of layers that lead nowhere is refused', () => {
  const input = { class_name: 'InputLayer', config: { name: 'x', batch_shape: [null, 2] } };
  const dense = (name: string, from: string | null) => ({
    class_name: 'Dense',
    config: { name, units: 1 },
    inbound_nodes: from === null ? [] : [[[from, 0, 0, {}]]],
  });
  const graph = (...layers: object[]) => ({
    class_name: 'Functional',
    config: { name: 'g', layers, output_layers: [['a', 0, 0]] },
  });
  expect(problemsOf(graph(input, dense('a', null)))).toEqual([
    'config.layers[1].inbound_nodes: expected the layer before; found none',
  ]);
  expect(problemsOf(graph(input, dense('a', 'z')))).toEqual([
    'config.layers[1].inbound_nodes: expected a layer of the graph; found "z"',
  ]);
  expect(problemsOf(graph(input, dense('a', 'x'), dense('b', 'c'), dense('c', 'b')))).toEqual([
    'config.layers[2]: expected a layer on the way from the input to the output; found one beside it',
  ]);
  expect(problemsOf(graph(dense('a', 'a')))).toEqual([
    'config.input_layers: expected one input; found none',
  ]);
});

/** A graph of as many Dense layers, which take what `from` says. */
function manyLayers(count: number, from: (index: number) => string) {
  const layers: object[] = [
    { class_name: 'InputLayer', config: { name: 'x', batch_shape: [null, 1] } },
  ];
  for (let i = 0; i < count; i++) {
    const config = { name: `d${i}`, units: 1 };
    layers.push({ class_name: 'Dense', config, inbound_nodes: [[[from(i), 0, 0, {}]]] });
  }
  return { class_name: 'Functional', config: { name: 'long', layers } };
}

test('long graphs are looked through once, and few of many names are said', () => {
  const start = performance.now();
  const chain = manyLayers(5000, (i) => (i === 0 ? 'x' : `d${i - 1}`));
  expect(read(chain).spec.layers).toHaveLength(5000);
  const [fork, ...others] = problemsOf(manyLayers(5000, () => 'x'));
  expect(fork).toBe(
    'config.layers[0]: expected one layer after "x", as in a chain; found "d0" and "d1" and "d2" and 4997 more',
  );
  expect(others).toEqual([]);
  // Work that grows with the square of the layers takes minutes.
  expect(performance.now() - start).toBeLessThan(10_000);
});
