import { expect, test } from 'vitest';
import type { Logs } from '../../src/records.ts';
import { CsvLog } from '../../src/report/csv-log.ts';
import { formatRepr } from '../../src/report/python.ts';

const end = (epoch: number, logs: Logs) =>
  ({ kind: 'epoch-end', epoch, epochs: 3, steps: 1, logs }) as const;

test('names are sorted, epochs count from 0, lines end as CSV says', () => {
  const log = new CsvLog();
  expect(log.write({ kind: 'epoch-begin', epoch: 0, epochs: 3, steps: 1, done: 0 })).toBe('');
  expect(
    log.write(
      end(0, [
        ['loss', 0.5],
        ['accuracy', 1],
        ['val_loss', 0.25],
      ]),
    ),
  ).toBe('epoch,accuracy,loss,val_loss\r\n0,1.0,0.5,0.25\r\n');
  expect(
    log.write(
      end(1, [
        ['loss', 1e-5],
        ['accuracy', Number.NaN],
      ]),
    ),
  ).toBe('1,nan,1e-05,NA\r\n');
});

test('without validation in the first epoch there are columns for it all the same, as in Keras 3', () => {
  const log = new CsvLog();
  expect(log.write(end(0, [['loss', 0.5]]))).toBe('epoch,loss,val_loss\r\n0,0.5,NA\r\n');
  expect(
    log.write(
      end(1, [
        ['loss', 0.5],
        ['val_loss', 2],
      ]),
    ),
  ).toBe('1,0.5,2.0\r\n');
});

test('several values of one name stand in one cell', () => {
  const f1 = [0.25, Math.fround(0.1), 0];
  expect(
    new CsvLog().write(
      end(0, [
        ['f1', f1],
        ['val_f1', [1]],
      ]),
    ),
  ).toBe('epoch,f1,val_f1\r\n0,"[0.25, 0.1, 0.0]","[1.0]"\r\n');
});

test('floats are written as Python writes them', () => {
  const cases: [number, string][] = [
    [0, '0.0'],
    [-0, '-0.0'],
    [1, '1.0'],
    [100, '100.0'],
    [123456789, '123456789.0'],
    [0.1, '0.1'],
    [Math.fround(0.1), '0.10000000149011612'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [-2.5e100, '-2.5e+100'],
    [Number.POSITIVE_INFINITY, 'inf'],
  ];
  expect(cases.map(([x]) => formatRepr(x))).toEqual(cases.map(([, text]) => text));
});
