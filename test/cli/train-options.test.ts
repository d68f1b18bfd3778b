import { describe, expect, test } from 'vitest';
import { folderWith, linear, start, train } from './linear-run.ts';
import { done, Folder, refused } from './run.ts';

describe('the command line over the spec', () => {
  test('options win, and what they were is in the file', () => {
    const folder = folderWith(start);
    const options = [
      '--optimizer',
      '{"name":"sgd","momentum":0.5}',
      '--learning-rate',
      '0.01',
      '--loss',
      'mae',
    ];
    const more = [
      '--metrics',
      'mse,rmse',
      '--epochs',
      '4',
      '--initial-epoch',
      '1',
      '--batch-size',
      '3',
    ];
    const { stdout } = folder.mlp([
      ...train,
      ...options,
      ...more,
      '--validation-split',
      '0.5',
      '--json',
    ]);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ epoch }) => epoch)).toEqual([2, 3, 4]);
    const names = ['loss', 'mse', 'rmse'];
    expect(Object.keys(lines[0])).toEqual([
      'epoch',
      ...names,
      ...names.map((name) => `val_${name}`),
    ]);
    const { training, history, compile } = folder.json('model.trained.json');
    expect(training).toMatchObject({ rows: 2, validation_rows: 2 });
    expect(compile).toEqual({
      optimizer: { type: 'sgd', learning_rate: 0.01, momentum: 0.5, nesterov: false },
      loss: { type: 'mean_absolute_error' },
      metrics: [
        { type: 'mean_squared_error', name: 'mse' },
        { type: 'root_mean_squared_error', name: 'rmse' },
      ],
    });
    expect(training.settings).toMatchObject({
      ...compile,
      epochs: 4,
      initial_epoch: 1,
      batch_size: 3,
      validation_split: 0.5,
      shuffle: false,
    });
    expect(history.loss).toEqual(lines.map(({ loss }) => loss));
  });

  test('validation data are measured after each epoch', () => {
    const folder = folderWith(start).write('new.csv', 'y,x\n20,10\n7,3\n');
    const { stderr } = folder.mlp([...train, '--validation-data', 'new.csv', '--verbose', '0']);
    expect(stderr).toBe('saved model.trained.json (loss 0.0000, val_loss 0.5000)\n');
    expect(folder.json('model.trained.json').history.val_loss).toEqual([0.5, 0.5]);
  });

  test('a frozen layer keeps its weights and is written as frozen; --unfreeze undoes it', () => {
    const two = {
      layers: [
        { units: 1, name: 'a' },
        { units: 1, name: 'b' },
      ],
      input_shape: [1],
      compile: linear.compile,
      weights: { a: { kernel: [[1]], bias: [0] }, b: { kernel: [[1]], bias: [0] } },
    };
    const folder = folderWith(two);
    folder.mlp([...train, '--freeze', 'a', '-o', 'frozen.json', '-q']);
    const frozen = folder.json('frozen.json');
    expect(frozen.layers).toEqual([
      { units: 1, name: 'a', trainable: false },
      { units: 1, name: 'b' },
    ]);
    expect(frozen.weights.a).toEqual(two.weights.a);
    expect(frozen.weights.b).not.toEqual(two.weights.b);
    folder.mlp([
      'train',
      'frozen.json',
      ...train.slice(1),
      '--unfreeze',
      'a',
      '-o',
      'free.json',
      '-q',
    ]);
    const free = folder.json('free.json');
    expect(free.layers[0]).toEqual({ units: 1, name: 'a', trainable: true });
    expect(free.weights.a).not.toEqual(two.weights.a);
  });

  test('a spec without a loss gets the one for its target, and says so', () => {
    const folder = folderWith({ layers: [{ units: 1 }] });
    expect(folder.mlp([...train, '--verbose', '0'])).toEqual(
      done(
        '',
        expect.stringMatching(
          /^no loss given; the target is numbers, so mean_squared_error\nsaved /,
        ),
      ),
    );
    expect(folder.json('model.trained.json').compile).toMatchObject({
      optimizer: { type: 'adam' },
      loss: { type: 'mean_squared_error' },
    });
  });

  test('a trained model can be trained on, into another file', () => {
    const folder = folderWith(start);
    folder.mlp([...train, '-q']);
    const again = ['train', 'model.trained.json', '--data', 'data.csv', '--seed', '1'];
    expect(folder.mlp(again)).toEqual(
      refused(
        6,
        'mlp: model.trained.json: expected a file that the command does not use otherwise; found one that it does\n  name another one: -o FILE\n',
      ),
    );
    expect(folder.mlp([...again, '-o', 'more.json', '--json'])).toEqual(
      done(
        '{"epoch":1,"loss":0,"mae":0}\n{"epoch":2,"loss":0,"mae":0}\n',
        'saved more.json (loss 0.0000)\n',
      ),
    );
  });
});

describe('without a model', () => {
  const TWO_CLASSES = 'a,b,kind\n0,0,no\n0,1,yes\n1,0,yes\n1,1,no\n';

  test('a target of numbers gets one linear unit', () => {
    const folder = folderWith(null);
    expect(folder.mlp([...train, '--verbose', '0', '--epochs', '1'])).toEqual(
      done(
        '',
        expect.stringMatching(
          /^target "y": numbers, so 1 linear unit, mean_squared_error\nhidden layers: 64, 32 relu units; optimizer: adam; inputs: 1\nsaved model\.trained\.json \(loss [\d.]+\)\n$/,
        ),
      ),
    );
    const { layers, input_shape, data } = folder.json('model.trained.json');
    expect(layers.map(({ units }: { units: number }) => units)).toEqual([64, 32, 1]);
    expect({ input_shape, data }).toEqual({ input_shape: [1], data: { target: 'y' } });
  });

  test('two classes get one sigmoid unit, and predictions are classes', () => {
    const folder = folderWith(null, TWO_CLASSES);
    const { stderr } = folder.mlp([
      ...train,
      '--layers',
      '8',
      '--learning-rate',
      '0.1',
      '--epochs',
      '100',
      '--verbose',
      '0',
    ]);
    expect(stderr).toMatch(
      /^target "kind": 2 classes \("no", "yes"\), so 1 sigmoid unit, binary_crossentropy, accuracy\nhidden layers: 8 relu units; optimizer: adam; inputs: 2\nsaved /,
    );
    expect(folder.mlp(['predict', '--data', 'data.csv'])).toEqual(done('kind\nno\nyes\nyes\nno\n'));
  });

  test('more classes get softmax units', () => {
    const folder = new Folder().take('data/iris.csv');
    const { stderr } = folder.mlp([
      'train',
      '--data',
      'iris.csv',
      '--seed',
      '1',
      '--layers',
      'none',
      '--verbose',
      '0',
    ]);
    expect(stderr).toMatch(
      /^4 columns of numbers scaled: zscore \(--normalize\)\ntarget "species": 3 classes, so 3 softmax units, sparse_categorical_crossentropy, accuracy\nhidden layers: none; optimizer: adam; inputs: 4\nsaved /,
    );
  });

  test('the loss of the command line says what the target is', () => {
    const folder = folderWith(null, 'x,y\n1,0\n2,1\n3,0\n4,1\n');
    const { stderr } = folder.mlp([...train, '--loss', 'mse', '--verbose', '0']);
    expect(stderr).toContain('target "y": numbers, so 1 linear unit');
  });

  test('arrays of any rank are flattened first', () => {
    const x = [
      [
        [0, 1],
        [1, 0],
      ],
      [
        [1, 0],
        [0, 1],
      ],
      [
        [0, 0],
        [1, 1],
      ],
      [
        [1, 1],
        [0, 0],
      ],
    ];
    const folder = new Folder().write('data.json', { x, y: ['a', 'b', 'a', 'b'] });
    const args = [
      'train',
      '--data',
      'data.json',
      '--seed',
      '1',
      '--layers',
      '4',
      '--epochs',
      '200',
      '--learning-rate',
      '0.05',
      '-q',
    ];
    expect(folder.mlp(args)).toEqual(done(''));
    expect(folder.json('model.trained.json').layers[0]).toEqual({ type: 'Flatten' });
    const predicted = folder.mlp(['predict', '--input', JSON.stringify(x)]);
    expect(predicted).toEqual(done('y\na\nb\na\nb\n'));
  });
});
