/**
 * Real tables as they come: each makes a model with no more said than the target (and what a file cannot
 * say of itself: no header, a delimiter, decimal commas), all that was decided about its columns is told, and
 * the model is better than its baseline.
 */
import { describe, expect, test } from 'vitest';
import { fileOf } from './reference-tasks.ts';
import { Folder, refused } from './run.ts';

interface RealTable {
  readonly file: string;
  readonly words: readonly string[];
  /** On standard error, before where the model was saved. */
  readonly says: readonly string[];
}

const tables: readonly RealTable[] = [
  {
    file: 'iris.csv',
    words: ['--target', 'species'],
    says: [
      '4 columns of numbers scaled: zscore (--normalize)',
      'target "species": 3 classes, so 3 softmax units, sparse_categorical_crossentropy, accuracy',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 4',
    ],
  },
  {
    file: 'iris_counts_header.csv',
    words: [],
    says: [
      'note: iris_counts_header.csv:1 is taken as the header',
      '4 columns of numbers scaled: zscore (--normalize)',
      'target "virginica": 3 classes, so 3 softmax units, sparse_categorical_crossentropy, accuracy',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 4',
    ],
  },
  {
    file: 'wine.csv',
    words: ['--target', 'class'],
    says: [
      '13 columns of numbers scaled: zscore (--normalize)',
      'target "class": 3 classes, so 3 softmax units, sparse_categorical_crossentropy, accuracy',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 13',
    ],
  },
  {
    file: 'wine_noheader.csv',
    words: ['--no-header'],
    says: [
      '13 columns of numbers scaled: zscore (--normalize)',
      'target column 14: 3 classes, so 3 softmax units, sparse_categorical_crossentropy, accuracy',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 13',
    ],
  },
  {
    file: 'breast_cancer.csv',
    words: ['--target', 'diagnosis'],
    says: [
      '30 columns of numbers scaled: zscore (--normalize)',
      'target "diagnosis": 2 classes ("benign", "malignant"), so 1 sigmoid unit, binary_crossentropy, accuracy',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 30',
    ],
  },
  {
    file: 'diabetes.csv',
    words: ['--target', 'progression'],
    says: [
      '10 columns of numbers scaled: zscore (--normalize)',
      'target "progression": learnt as (x - 152.1) / 77.01; predictions are turned back, the log is not (--normalize-target no)',
      'target "progression": numbers, so 1 linear unit, mean_squared_error',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 10',
    ],
  },
  {
    file: 'diabetes_eu.csv',
    words: ['--target', 'progression', '--delimiter', ';', '--decimal-comma'],
    says: [
      '10 columns of numbers scaled: zscore (--normalize)',
      'target "progression": learnt as (x - 152.1) / 77.01; predictions are turned back, the log is not (--normalize-target no)',
      'target "progression": numbers, so 1 linear unit, mean_squared_error',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 10',
    ],
  },
  {
    file: 'penguins.csv',
    words: ['--target', 'species'],
    says: [
      'column "island": category: one input for each of 3 categories (--ignore)',
      'column "bill_length_mm": 2 missing filled with the mean 43.92 (--missing)',
      'column "bill_depth_mm": 2 missing filled with the mean 17.15 (--missing)',
      'column "flipper_length_mm": 2 missing filled with the mean 200.9 (--missing)',
      'column "body_mass_g": 2 missing filled with the mean 4202 (--missing)',
      'column "sex": category: one input for each of 2 categories; 11 missing are a category of their own (--ignore)',
      '5 columns of numbers scaled: zscore (--normalize)',
      'target "species": 3 classes, so 3 softmax units, sparse_categorical_crossentropy, accuracy',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 11',
    ],
  },
  {
    file: 'penguins.csv',
    words: ['--target', 'body_mass_g'],
    says: [
      'column "species": category: one input for each of 3 categories (--ignore)',
      'column "island": category: one input for each of 3 categories (--ignore)',
      'column "sex": category: one input for each of 2 categories; 9 missing are a category of their own (--ignore)',
      '4 columns of numbers scaled: zscore (--normalize)',
      'target "body_mass_g": learnt as (x - 4202) / 800.8; predictions are turned back, the log is not (--normalize-target no)',
      'left out 2 rows without a target',
      'target "body_mass_g": numbers, so 1 linear unit, mean_squared_error',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 13',
    ],
  },
  {
    file: 'penguins_raw.csv',
    words: ['--target', 'Sex'],
    says: [
      'column "studyName": category: one input for each of 3 categories (--ignore)',
      'column "Species": category: one input for each of 3 categories (--ignore)',
      'column "Region": left out: "Anvers" in every row',
      'column "Island": category: one input for each of 3 categories (--ignore)',
      'column "Stage": left out: "Adult, 1 Egg Stage" in every row',
      'column "Individual ID": left out: 190 different texts in 333 rows (--categorical)',
      'column "Clutch Completion": boolean: "no" is 0, "yes" is 1 (--categorical)',
      'column "Date Egg": date: year, month, day, weekday (--categorical)',
      'column "Delta 15 N (o/oo)": 9 missing filled with the mean 8.74 (--missing)',
      'column "Delta 13 C (o/oo)": 8 missing filled with the mean -25.68 (--missing)',
      'column "Comments": category: one input for each of 4 categories; 290 missing are a category of their own (--ignore)',
      '8 columns of numbers scaled: zscore (--normalize)',
      'left out 11 rows without a target',
      'target "Sex": 2 classes ("FEMALE", "MALE"), so 1 sigmoid unit, binary_crossentropy, accuracy',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 26',
    ],
  },
  {
    file: 'penguins_zh.csv',
    words: ['--target', '种类'],
    says: [
      'column "岛屿": category: one input for each of 3 categories (--ignore)',
      'column "喙长（毫米）": 2 missing filled with the mean 43.92 (--missing)',
      'column "喙深（毫米）": 2 missing filled with the mean 17.15 (--missing)',
      'column "鳍长（毫米）": 2 missing filled with the mean 200.9 (--missing)',
      'column "体重（克）": 2 missing filled with the mean 4202 (--missing)',
      'column "性别": category: one input for each of 2 categories; 11 missing are a category of their own (--ignore)',
      '5 columns of numbers scaled: zscore (--normalize)',
      'target "种类": 3 classes, so 3 softmax units, sparse_categorical_crossentropy, accuracy',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 11',
    ],
  },
  {
    file: 'penguins.jsonl',
    words: ['--target', 'sex'],
    says: [
      'column "species": category: one input for each of 3 categories (--ignore)',
      'column "island": category: one input for each of 3 categories (--ignore)',
      '5 columns of numbers scaled: zscore (--normalize)',
      'left out 11 rows without a target',
      'target "sex": 2 classes ("female", "male"), so 1 sigmoid unit, binary_crossentropy, accuracy',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 11',
    ],
  },
  {
    file: 'auto_mpg.csv',
    words: ['--target', 'mpg'],
    says: [
      'column "horsepower": 5 missing filled with the mean 104.5 (--missing)',
      'column "name": left out: 304 different texts in 397 rows (--categorical)',
      '7 columns of numbers scaled: zscore (--normalize)',
      'target "mpg": learnt as (x - 23.52) / 7.816; predictions are turned back, the log is not (--normalize-target no)',
      'target "mpg": numbers, so 1 linear unit, mean_squared_error',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 7',
    ],
  },
  {
    file: 'digits.csv.gz',
    words: ['--no-header'],
    says: [
      'column 1: left out: 0 in every row',
      'column 33: left out: 0 in every row',
      'column 40: left out: 0 in every row',
      '61 columns of numbers scaled: zscore (--normalize)',
      'target column 65: 10 classes, so 10 softmax units, sparse_categorical_crossentropy, accuracy',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 61',
    ],
  },
  {
    file: 'stocks.csv',
    words: ['--target', 'price'],
    says: [
      'column "symbol": category: one input for each of 5 categories (--ignore)',
      'column "date": date: year, month, weekday (--categorical)',
      '1 column of numbers scaled: zscore (--normalize)',
      'target "price": learnt as (x - 100.7) / 132.4; predictions are turned back, the log is not (--normalize-target no)',
      'target "price": numbers, so 1 linear unit, mean_squared_error',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 8',
    ],
  },
  {
    file: 'modechoice.csv',
    words: ['--target', 'choice', '--delimiter', ';'],
    says: [
      '8 columns of numbers scaled: zscore (--normalize)',
      'target "choice": 2 classes ("0", "1"), so 1 sigmoid unit, binary_crossentropy, accuracy',
      'hidden layers: 16 relu units; optimizer: adam; inputs: 8',
    ],
  },
];

/** What any file needs of a run. */
const RUN = ['--layers', '16', '--epochs', '20', '--learning-rate', '0.01', '--seed', '1', '-q'];

for (const { file, words, says } of tables) {
  test([file, ...words].join(' '), () => {
    const folder = new Folder().take(`data/${file}`);
    const data = ['--data', file, ...words.filter((word) => word !== '--decimal-comma')];
    const made = folder.mlp(['new', '--data', file, ...words, '--layers', '16', '-o', 'new.json']);
    expect(made).toEqual({
      status: 0,
      stdout: '',
      stderr: [...says, 'saved new.json', ''].join('\n'),
    });
    const run = ['--verbose', '0', ...RUN];
    expect(folder.mlp(['train', '--data', file, ...words, ...run])).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    const known = data.filter((word, i) => word !== '--target' && data[i - 1] !== '--target');
    const { loss, baseline } = JSON.parse(folder.mlp(['evaluate', ...known, '--json']).stdout);
    expect(loss).toBeLessThan(0.75 * baseline.loss);
  });
}

const CHINESE: Partial<Record<string, string>> = {
  species: '种类',
  island: '岛屿',
  bill_length_mm: '喙长（毫米）',
  bill_depth_mm: '喙深（毫米）',
  flipper_length_mm: '鳍长（毫米）',
  body_mass_g: '体重（克）',
  sex: '性别',
  year: '年份',
  female: '雌',
  male: '雄',
  Adelie: '阿德利企鹅',
  Chinstrap: '帽带企鹅',
  Gentoo: '巴布亚企鹅',
};

/** A document with the words of penguins.csv as those of penguins_zh.csv. */
function inChinese(document: object) {
  return JSON.parse(JSON.stringify(document), (_, value) => CHINESE[value] ?? value);
}

/** A contract but for the order of its categories and classes. */
function withTextsSorted(columns: object) {
  const isTexts = (value: unknown) => Array.isArray(value) && typeof value[0] === 'string';
  return JSON.parse(JSON.stringify(columns), (_, value) => (isTexts(value) ? value.sort() : value));
}

describe('the same rows in another form give the same weights', () => {
  /** The weights and the contract of a run from a file. */
  function learnt(folder: Folder, file: string, words: readonly string[]) {
    const run = ['train', '--data', file, ...words, ...RUN, '--epochs', '3', '-o', 'm.json', '-f'];
    const { status, stderr } = folder.mlp(run);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { weights, columns } = folder.json('m.json');
    return { weights, columns };
  }

  test('diabetes with semicolons and decimal commas, and packed', () => {
    const folder = new Folder().take('data/diabetes.csv', 'data/diabetes_eu.csv');
    folder.shell('gzip -k diabetes.csv');
    const target = ['--target', 'progression'];
    const { weights, columns } = learnt(folder, 'diabetes.csv', target);
    expect(learnt(folder, 'diabetes.csv.gz', target)).toEqual({ weights, columns });
    const european = [...target, '--delimiter', ';', '--decimal-comma'];
    const { header, ...rest } = columns;
    expect(learnt(folder, 'diabetes_eu.csv', european)).toEqual({
      weights,
      columns: { header, decimal_comma: true, ...rest },
    });
  });

  test('breast cancer with tabs', () => {
    const folder = new Folder().take('data/breast_cancer.csv');
    folder.shell("tr ',' '\\t' < breast_cancer.csv > breast_cancer.tsv");
    const target = ['--target', 'diagnosis'];
    expect(learnt(folder, 'breast_cancer.tsv', target)).toEqual(
      learnt(folder, 'breast_cancer.csv', target),
    );
  });

  describe('penguins', () => {
    const target = ['--target', 'species'];

    test('as JSON lines and as Parquet, null for what is missing', () => {
      const folder = new Folder().take('data/penguins.csv', 'data/penguins.jsonl');
      folder.take('data/penguins.parquet');
      const table = learnt(folder, 'penguins.csv', target);
      expect(learnt(folder, 'penguins.jsonl', target)).toEqual(table);
      expect(learnt(folder, 'penguins.parquet', target)).toEqual(table);
    });

    test('in Chinese, once categories and classes are in the same order', () => {
      const folder = new Folder().take('data/penguins.csv', 'data/penguins_zh.csv');
      const { weights } = learnt(folder, 'penguins.csv', target);
      const document = inChinese(folder.json('m.json'));
      const { columns } = learnt(folder, 'penguins_zh.csv', ['--target', '种类']);
      expect(withTextsSorted(columns)).toEqual(withTextsSorted(document.columns));

      const { weights: _w, digest: _d, history: _h, training: _t, ...spec } = document;
      const run = ['--epochs', '3', '--learning-rate', '0.01', '--seed', '1', '-q', '-o', 'm.json'];
      const words = ['train', 'zh.json', '--data', 'penguins_zh.csv', ...run];
      expect(folder.write('zh.json', spec).mlp(words).status).toBe(0);
      const trained = folder.json('m.json');
      expect(trained.columns).toEqual(document.columns);
      expect(trained.weights).toEqual(weights);
    });
  });

  test('cars with blanks and tabs between the cells', () => {
    const folder = new Folder().take('data/auto_mpg.csv', 'data/auto_raw.data');
    const target = ['--target', 'mpg'];
    expect(folder.mlp(['train', '--data', 'auto_raw.data', ...target, ...RUN])).toEqual(
      refused(
        3,
        [
          'mlp: auto_raw.data:2: expected 8 cells as in line 1; found 2',
          '  cells with blanks between them are read with --delimiter space',
          '',
        ].join('\n'),
      ),
    );
    expect(learnt(folder, 'auto_raw.data', [...target, '--delimiter', 'space'])).toEqual(
      learnt(folder, 'auto_mpg.csv', target),
    );
  });
});

describe('files that are not copied here', () => {
  const outside: Record<string, [words: string[], says: string[]]> = {
    'titanic.csv': [
      ['--target', 'survived'],
      [
        'column "name": left out: 1,309 different texts in 1,309 rows (--categorical)',
        'column "sex": category: one input for each of 2 categories (--ignore)',
        'column "age": 263 missing filled with the mean 29.88 (--missing)',
        'column "passengerClass": category: one input for each of 3 categories (--ignore)',
        '1 column of numbers scaled: zscore (--normalize)',
        'target "survived": 2 classes ("no", "yes"), so 1 sigmoid unit, binary_crossentropy, accuracy',
        'hidden layers: 16 relu units; optimizer: adam; inputs: 6',
      ],
    ],
    'breaches.csv': [
      ['--target', 'Covered.Entity.Type'],
      [
        'column "Name.of.Covered.Entity": left out: 1,055 different texts in 1,151 rows (--categorical)',
        'column "State": category: one input for each of 52 categories (--ignore)',
        'column "Breach.Submission.Date": date: year, month, day, weekday (--categorical)',
        'column "Type.of.Breach": category: one input for each of 29 categories (--ignore)',
        'column "Location.of.Breached.Information": category: one input for each of 47 categories (--ignore)',
        'column "Business.Associate.Present": boolean: "false" is 0, "true" is 1 (--categorical)',
        'column "Web.Description": category: one input for each of 206 categories; 50 missing are a category of their own (--ignore)',
        '2 columns of numbers scaled: zscore (--normalize)',
        'target "Covered.Entity.Type": 4 classes, so 4 softmax units, sparse_categorical_crossentropy, accuracy',
        'hidden layers: 16 relu units; optimizer: adam; inputs: 341',
      ],
    ],
    'bikeshare.csv': [
      ['--target', 'bikers', '--ignore', 'casual,registered'],
      [
        'column "mnth": category: one input for each of 12 categories (--ignore)',
        'column "weathersit": category: one input for each of 4 categories (--ignore)',
        '10 columns of numbers scaled: zscore (--normalize)',
        'target "bikers": learnt as (x - 143.8) / 133.8; predictions are turned back, the log is not (--normalize-target no)',
        'target "bikers": numbers, so 1 linear unit, mean_squared_error',
        'hidden layers: 16 relu units; optimizer: adam; inputs: 26',
      ],
    ],
    'mnist_5k.csv.gz': [
      ['--no-header'],
      [
        '121 columns left out: constant: 1, 2, 3 and 118 more',
        '663 columns of numbers scaled: zscore (--normalize)',
        'target column 785: 10 classes, so 10 softmax units, sparse_categorical_crossentropy, accuracy',
        'hidden layers: 16 relu units; optimizer: adam; inputs: 663',
      ],
    ],
  };
  for (const [file, [words, says]] of Object.entries(outside)) {
    const path = fileOf({ file });
    const why = path === null ? ' (left out: MLP_DATA names no folder that has it)' : '';
    test.skipIf(path === null)(`${file}${why}`, () => {
      const all = ['new', '--data', path ?? '', ...words, '--layers', '16'];
      const { status, stderr } = new Folder().mlp(all);
      expect({ status, stderr }).toEqual({ status: 0, stderr: `${says.join('\n')}\n` });
    });
  }
});
