/** `mlp columns`: a table of the columns of a data file, whole. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Io, Output } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { pretendIo } from './pretend-io.ts';
import { done, Folder, refused } from './run.ts';

const BIRDS = `id,island,bill,mass,sex,seen,sure,code,note,species
1,Dream,39.1,3750,male,2007-11-11,yes,7,NA,Adelie
2,Dream,39.5,3800,female,2007-11-16,yes,7,NA,Adelie
3,Biscoe,,3250,female,2008-11-16,no,7,NA,Adelie
4,Biscoe,46.1,4500,,2008-11-27,yes,7,NA,Gentoo
5,Biscoe,50,5700,male,2009-11-27,yes,7,NA,Gentoo
6,Dream,46.5,3500,female,2009-11-09,no,7,NA,
`;

test('each column has a line: what it is, and what becomes of it and why', () => {
  const folder = new Folder().write('birds.csv', BIRDS);
  expect(folder.mlp(['columns', 'birds.csv', '--ignore', 'id'])).toEqual(
    done(`column   kind      missing  distinct  range                    inputs  what is done
id       -               -         -  -                             -  left out: ignored
island   category        0         2  "Biscoe" 3, "Dream" 2         2  one input for each of 2 categories (--ignore)
bill     number          1         4  39.1 – 50                     1  zscore (x - 43.67) / 4.105; 1 missing filled with the mean 43.67 (--missing)
mass     number          0         5  3250 – 5700                   1  zscore (x - 4200) / 849.1
sex      category        1         2  "male" 2, "female" 2          3  one input for each of 2 categories; 1 missing is a category of its own (--ignore)
seen     date            0         5  2007-11-11 – 2009-11-27       3  zscore of year (x - 2008) / 0.7483, day (x - 19.4) / 6.468, weekday (x - 5.6) / 1.2 (--categorical)
sure     boolean         0         2  "yes" 4, "no" 1               1  "no" is 0, "yes" is 1 (--categorical)
code     number          0         1  7 – 7                         -  left out: 7 in every row
note     -               5         0  -                             -  left out: missing in every row
species  class           1         2  "Adelie" 3, "Gentoo" 2        -  target of 2 classes: "Adelie", "Gentoo"

6 rows, 1 without a target, 11 inputs of the network
`),
  );
});

test('options decide as they do in train; a target of numbers says how it is learnt', () => {
  const folder = new Folder().write('birds.csv', BIRDS);
  const args = '--target mass --features bill,sex,seen --missing drop --normalize none';
  expect(folder.mlp(['columns', '--data', 'birds.csv', ...args.split(' ')])).toEqual(
    done(`column   kind      missing  distinct  range                    inputs  what is done
id       -               -         -  -                             -  left out: not among the features
island   -               -         -  -                             -  left out: not among the features
bill     number          1         5  39.1 – 50                     1  rows of 1 missing left out (--missing)
sex      category        1         2  "female" 3, "male" 2          2  one input for each of 2 categories; rows of 1 missing left out (--ignore)
seen     date            0         6  2007-11-11 – 2009-11-27       3  year, day, weekday (--categorical)
sure     -               -         -  -                             -  left out: not among the features
code     -               -         -  -                             -  left out: not among the features
note     -               -         -  -                             -  left out: not among the features
species  -               -         -  -                             -  left out: not among the features
mass     number          0         6  3250 – 5700                   -  target learnt as (x - 4083) / 817.9; predictions are turned back (--normalize-target)

6 rows, 0 without a target, 2 left out for missing values, 6 inputs of the network
`),
  );
});

test('what train decides is what columns says', () => {
  const folder = new Folder().write('birds.csv', BIRDS);
  const { contract } = JSON.parse(folder.mlp(['columns', 'birds.csv', '--json']).stdout);
  const args = ['train', '--data', 'birds.csv', '--seed', '1', '--quiet', '--verbose', '0'];
  expect(folder.mlp(args)).toEqual(done(''));
  expect(folder.json('model.trained.json').columns).toEqual(contract);
});

test('a table without a header, from standard input, as numbers with a comma', () => {
  const args = ['columns', '-', '--no-header', '--delimiter', ';', '--decimal-comma', '--na', '-'];
  expect(new Folder().mlp(args, '1,5;5;1\n-;6;2,25\n3;7;3,5\n')).toEqual(
    done(`column    kind    missing  distinct  range    inputs  what is done
column 1  number        1         2  1.5 – 3       1  zscore (x - 2.25) / 0.6124; 1 missing filled with the mean 2.25 (--missing)
column 2  number        0         3  5 – 7         1  zscore (x - 6) / 0.8165
column 3  number        0         3  1 – 3.5       -  target as it is

3 rows, 0 without a target, 2 inputs of the network
`),
  );
});

test('weights have a line; different spellings of a number are one; times of day are shown', () => {
  const rows = [
    ['0.5', '2024-01-05T10:30:00Z', '1', '2.5'],
    ['0.50', '2024-02-05', '2', '0.25'],
    ['-1e-3', '2024-02-06', '2', '-1'],
  ];
  const table = ['a,when,w,y', ...rows.map((row) => row.join(','))].join('\n');
  expect(new Folder().mlp(['columns', '-', '--sample-weight-col', 'w'], table)).toEqual(
    done(`column  kind    missing  distinct  range                                        inputs  what is done
a       number        0         2  -0.001 – 0.5                                      1  zscore (x - 0.333) / 0.2362
when    date          0         3  2024-01-05T10:30:00Z – 2024-02-06T00:00:00Z       5  zscore of month (x - 1.667) / 0.4714, day (x - 5.333) / 0.4714, weekday (x - 2.667) / 1.7, hour (x - 3.333) / 4.714, minute (x - 10) / 14.14 (--categorical)
w       number        0         2  1 – 2                                             -  what each row counts for
y       number        0         3  -1 – 2.5                                          -  target as it is

3 rows, 0 without a target, 6 inputs of the network
`),
  );
});

test('more different numbers than texts are kept are counted exactly', () => {
  const rows = Array.from({ length: 12_000 }, (_, i) => `${i % 11_000},${(i % 3) / 2}`);
  const { stdout } = new Folder().mlp(['columns', '-', '--json'], `x,y\n${rows.join('\n')}\n`);
  const [x] = JSON.parse(stdout).columns;
  expect(x).toMatchObject({ kind: 'number', distinct: 11_000, missing: 0, range: [0, 10_999] });
});

test('texts after many different numbers are mistakes, however many', () => {
  const numbers = Array.from({ length: 12_000 }, (_, i) => `${i},${(i % 3) / 2}`);
  const texts = Array.from({ length: 3000 }, (_, i) => `w${i % 5},0.5`);
  expect(new Folder().mlp(['columns', '-'], `x,y\n${[...numbers, ...texts].join('\n')}\n`)).toEqual(
    refused(
      3,
      'mlp: standard input:12002 column "x": expected a number; found "w0", and 2999 more such cells\n  treat it as missing: --na "w0"; or take the column for categories: --categorical NAME\n',
    ),
  );
});

test('--json prints one document', () => {
  const { status, stdout, stderr } = new Folder().mlp(
    ['columns', '-', '--json'],
    'a,b,y\n1,x,2.5\n3,z,3.5\n5,,4.5\n7,x,\n',
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    rows: 4,
    rows_without_target: 1,
    rows_incomplete: 0,
    inputs: 4,
    columns: [
      {
        name: 'a',
        position: 1,
        role: 'feature',
        kind: 'number',
        missing: 0,
        distinct: 3,
        range: [1, 5],
        frequent: null,
        inputs: 1,
        done: 'zscore (x - 3) / 1.633',
        option: null,
      },
      {
        name: 'b',
        position: 2,
        role: 'feature',
        kind: 'category',
        missing: 1,
        distinct: 2,
        range: null,
        frequent: [
          { value: 'x', count: 1 },
          { value: 'z', count: 1 },
        ],
        inputs: 3,
        done: 'one input for each of 2 categories; 1 missing is a category of its own',
        option: '--ignore',
      },
      {
        name: 'y',
        position: 3,
        role: 'target',
        kind: 'number',
        missing: 1,
        distinct: 3,
        range: [2.5, 4.5],
        frequent: null,
        inputs: null,
        done: 'target as it is',
        option: null,
      },
    ],
    contract: {
      header: true,
      features: [
        {
          name: 'a',
          position: 1,
          kind: 'number',
          normalize: 'zscore',
          shift: 3,
          scale: 1.632993161855452,
        },
        {
          name: 'b',
          position: 2,
          kind: 'category',
          categories: ['x', 'z'],
          missing: 'category',
        },
      ],
      targets: [{ name: 'y', position: 3, kind: 'number' }],
    },
  });
});

test('a leak and a doubtful header are said on standard error, unless it is to be quiet', () => {
  const rows = Array.from({ length: 10 }, (_, i) => `${i / 10},${i / 10}\n`).join('');
  const { stderr } = new Folder().mlp(['columns', '-'], `2019,price\n${rows}`);
  expect(stderr).toBe(
    'note: standard input:1 is taken as the header\n' +
      'warning: column "2019" says the same as the target in every row; if it is not known beforehand, leave it out: --ignore "2019"\n',
  );
  expect(new Folder().mlp(['columns', '-', '--quiet'], `2019,price\n${rows}`).stderr).toBe('');
});

/** What a terminal of this width shows. */
async function onTerminal(columns: number, path: string): Promise<string> {
  let shown = '';
  const output = (isTerminal: boolean): Output => ({
    isTerminal,
    color: false,
    columns,
    write: async (text) => {
      shown += text;
    },
  });
  const io: Io = { ...pretendIo().io, stdout: output(true), stderr: output(true) };
  expect(await main(['columns', path, '--features', 'sex,bill,mass,seen'], io)).toBe(0);
  return shown;
}

test('a wide terminal has what is done beside each column, a narrow one below it', async () => {
  const path = join(new Folder().write('birds.csv', BIRDS).path, 'birds.csv');
  expect(
    await onTerminal(110, path),
  ).toBe(`column   kind      missing  distinct  range                    inputs  what is done
id       -               -         -  -                             -  left out: not among the features
island   -               -         -  -                             -  left out: not among the features
bill     number          1         4  39.1 – 50                     1  zscore (x - 43.67) / 4.105; 1 missing
                                                                       filled with the mean 43.67 (--missing)
mass     number          0         5  3250 – 5700                   1  zscore (x - 4200) / 849.1
sex      category        1         2  "male" 2, "female" 2          3  one input for each of 2 categories; 1
                                                                       missing is a category of its own
                                                                       (--ignore)
seen     date            0         5  2007-11-11 – 2009-11-27       3  zscore of year (x - 2008) / 0.7483, day
                                                                       (x - 19.4) / 6.468, weekday (x - 5.6) /
                                                                       1.2 (--categorical)
sure     -               -         -  -                             -  left out: not among the features
code     -               -         -  -                             -  left out: not among the features
note     -               -         -  -                             -  left out: not among the features
species  class           1         2  "Adelie" 3, "Gentoo" 2        -  target of 2 classes: "Adelie", "Gentoo"

6 rows, 1 without a target, 8 inputs of the network
`);
  expect(
    await onTerminal(64, path),
  ).toBe(`column   kind      missing  distinct  range             inputs
id       -               -         -  -                      -
    left out: not among the features
island   -               -         -  -                      -
    left out: not among the features
bill     number          1         4  39.1 – 50              1
    zscore (x - 43.67) / 4.105; 1 missing filled with the mean
    43.67 (--missing)
mass     number          0         5  3250 – 5700            1
    zscore (x - 4200) / 849.1
sex      category        1         2  "male" 2, "fema…       3
    one input for each of 2 categories; 1 missing is a category
    of its own (--ignore)
seen     date            0         5  2007-11-11 –…          3
    zscore of year (x - 2008) / 0.7483, day (x - 19.4) / 6.468,
    weekday (x - 5.6) / 1.2 (--categorical)
sure     -               -         -  -                      -
    left out: not among the features
code     -               -         -  -                      -
    left out: not among the features
note     -               -         -  -                      -
    left out: not among the features
species  class           1         2  "Adelie" 3, "Ge…       -
    target of 2 classes: "Adelie", "Gentoo"

6 rows, 1 without a target, 8 inputs of the network
`);
});

test.each([
  [['nope.csv'], 6, 'nope.csv: expected a file; found none of that name'],
  [
    ['birds.csv', '--target', 'specis'],
    3,
    'birds.csv: expected the target column "specis"; found "id", "island", "bill", "mass", "sex", "seen" and 4 more\n  did you mean "species"?',
  ],
  [[], 2, 'columns: expected a FILE; found none\n  "mlp columns -" reads standard input'],
  [
    ['birds.csv', '--data', 'birds.csv'],
    2,
    'columns: expected one FILE; found birds.csv and --data birds.csv\n  name it after the command, or with --data',
  ],
  [
    ['birds.csv', 'more.csv'],
    2,
    'columns: expected one FILE at most; found "birds.csv" "more.csv"\n  for several files put the pattern in quotes: --data \'part-*.csv\'',
  ],
  [
    ['birds.csv', '--numeric', 'island'],
    3,
    'birds.csv:2 column "island": expected a number; found "Dream", and 5 more such cells\n  treat it as missing: --na "Dream"; or take the column for categories: --categorical NAME',
  ],
  [['empty.csv'], 3, 'empty.csv: expected rows of cells; found an empty file'],
  [['header.csv'], 3, 'header.csv:1: expected rows below the header; found none'],
  [
    ['arrays.json'],
    3,
    'arrays.json: expected a table; found JSON arrays\n  arrays are numbers and have no columns to decide about',
  ],
])('%j is refused', (args, status, message) => {
  const folder = new Folder()
    .write('birds.csv', BIRDS)
    .write('empty.csv', '')
    .write('header.csv', 'a,b\n')
    .write('arrays.json', { x: [[1], [2]], y: [1, 2] });
  expect(folder.mlp(['columns', ...args])).toEqual(refused(status, `mlp: ${message}\n`));
});
