/** `mlp evaluate` on tables as they are: scaled targets, weights, missing values, other ways to write. */
import { describe, expect, test } from 'vitest';
import { DOUBLE_TABLE, double, folderWith } from './evaluate-models.ts';
import { done, Folder, refused } from './run.ts';

const number = (name: string, position: number) => ({ name, position, kind: 'number' });

/** Prices by area and district; of some rows the price, of others the area is missing. */
const HOMES = Array.from({ length: 40 }, (_, i) => ({
  area: i % 9 === 1 ? '' : String(50 + ((i * 37) % 60)),
  district: ['north', 'south', 'old, town'][i % 3],
  weight: i % 4,
  price: i % 13 === 5 ? 'NA' : String(900 + ((i * 37) % 60) * 11 + (i % 3) * 200 + (i % 7)),
}));
const CSV = [
  'area,district,weight,price',
  ...HOMES.map(({ area, district, weight, price }) => `${area},"${district}",${weight},${price}`),
  '',
].join('\n');
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;

describe('a model with a scaled target', () => {
  /** Trains, predicts and evaluates; the errors of the predictions in the units of the table. */
  function run() {
    const folder = new Folder().write('homes.csv', CSV);
    const { status } = folder.mlp(
      'train --data homes.csv --normalize-target yes --sample-weight-col weight --epochs 20 --layers 8 --seed 1 -q --metrics mae --verbose 0'.split(
        ' ',
      ),
    );
    expect(status).toBe(0);
    const passed = folder.mlp(['predict', '--data', 'homes.csv', '--append', '--format', 'jsonl']);
    const rows = passed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const known = rows.filter(({ price }) => price !== 'NA');
    const errors = known.map((row) => ({
      weight: Number(row.weight),
      error: row.predicted_price - row.price,
    }));
    return { folder, errors };
  }

  test('is measured in the units of the table, its rows weighed in the loss alone', () => {
    const { folder, errors } = run();
    const { status, stdout, stderr } = folder.mlp(['evaluate', '--data', 'homes.csv', '--json']);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'left out 3 rows without a target\nfilled 5 missing cells of column "area"\n',
    });
    const found = JSON.parse(stdout);
    expect(Object.keys(found)).toEqual([
      'loss',
      'rows',
      'rmse',
      'mae',
      'r2',
      'metrics',
      'baseline',
    ]);
    expect(found.rows).toBe(37);
    const close = (value: number, wanted: number) => expect(value / wanted).toBeCloseTo(1, 5);
    close(found.rmse, Math.sqrt(mean(errors.map(({ error }) => error ** 2))));
    close(found.mae, mean(errors.map(({ error }) => Math.abs(error))));
    close(found.metrics.mae, found.mae);
    close(found.loss, mean(errors.map(({ weight, error }) => weight * error ** 2)));
    // The baseline is in the same units: the mean of the targets.
    const prices = HOMES.filter(({ price }) => price !== 'NA').map(({ price }) => Number(price));
    close(found.baseline.rmse, Math.sqrt(mean(prices.map((price) => (price - mean(prices)) ** 2))));
  });

  test('takes a table without weights for one in which all rows count alike, and says so', () => {
    const { folder, errors } = run();
    folder.shell("sed 's/,weight,/,other,/' homes.csv > other.csv");
    const { stdout, stderr } = folder.mlp(['evaluate', '--data', 'other.csv', '--json']);
    expect(stderr).toBe(
      'left out 3 rows without a target\nfilled 5 missing cells of column "area"\nnote: no column "weight" of sample weights, so all rows count alike\n',
    );
    const found = JSON.parse(stdout);
    expect(found.loss / mean(errors.map(({ error }) => error ** 2))).toBeCloseTo(1, 5);
    expect(folder.mlp(['evaluate', '--data', 'other.csv', '--json', '-q'])).toEqual(done(stdout));
  });
});

describe('cells', () => {
  const semicolons = 'x;y\n1,0;2\n2;5,0\n3;5\n4;-\n';

  test('are written as the options say', () => {
    const args = ['evaluate', '--data', '-', '--decimal-comma', '--na', '-'];
    expect(folderWith(double).mlp(args, semicolons)).toEqual(
      done(DOUBLE_TABLE, 'left out 1 row without a target\n'),
    );
  });

  test('are written as the model says, in whatever no option speaks of', () => {
    const columns = { ...double.columns, decimal_comma: true, na: ['keine'] };
    const args = ['evaluate', '--data', '-', '--na', '-', '-q'];
    expect(folderWith({ ...double, columns }).mlp(args, semicolons)).toEqual(done(DOUBLE_TABLE));
  });

  test('that lack a value without which training left rows out, leave theirs out', () => {
    const columns = {
      header: true,
      features: [{ ...number('x', 1), missing: 'drop' }],
      targets: [number('y', 2)],
    };
    const rows = 'x,y\n1,2\n,9\n2,5\n3,5\n';
    expect(folderWith({ ...double, columns }).mlp(['evaluate', '--data', '-'], rows)).toEqual(
      done(DOUBLE_TABLE, 'left out 1 row without a value that may not be missing\n'),
    );
  });

  test('of targets that are all missing are refused', () => {
    expect(folderWith(double).mlp(['evaluate', '--data', '-'], 'x,y\n1,\n2,NA\n')).toEqual(
      refused(
        3,
        'mlp: standard input:1: expected rows below the header; found 2, each without a target or another value\n',
      ),
    );
  });
});
