/** Tables in every form through the program: formats, encodings, several files, queries. */
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { Folder, refused } from './run.ts';

const TRAIN = 'mlp train --epochs 2 --seed 1 --json --quiet --layers 4';

/** What training on data and predicting from them says, and the model without the names of its columns. */
function outcome(folder: Folder, data: string, options = '') {
  const train = `${TRAIN} ${options} -o m.json -f --data ${data}`;
  const predict = `mlp predict m.json --data ${data} ${options.replace(/--target \S+/, '')}`;
  const run = folder.shell(`${train} && ${predict}`);
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
  return { run, weights: folder.json('m.json').weights };
}

function irisFolder(): Folder {
  return new Folder().take('data/iris.csv');
}

/** Runs SQL that makes files in a folder. */
async function make(folder: Folder, sql: string, database = ':memory:'): Promise<void> {
  const path = database === ':memory:' ? database : join(folder.path, database);
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

describe('the same table', () => {
  test('is the same model, in every text form, packed and not, from a file and from standard input', () => {
    const folder = irisFolder();
    const text = folder.read('iris.csv');
    const rows = text.trimEnd().split('\n');
    const names = rows[0].split(',');
    const cells = rows
      .slice(1)
      .map((row) => row.split(',').map((cell) => (/^\d/.test(cell) ? Number(cell) : cell)));
    const objects = cells.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
    folder
      .write('crlf.csv', text.replaceAll('\n', '\r\n'))
      .write('cr.csv', text.replaceAll('\n', '\r'))
      .write('bom.csv', `\uFEFF${text}`)
      .write('utf16le.csv', Buffer.from(`\uFEFF${text}`, 'utf16le'))
      .write('utf16be.csv', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16())
      .write('tabs.TSV', text.replaceAll(',', '\t'))
      .write('semicolons.txt', text.replaceAll(',', ';'))
      .write('excel.csv', `sep=;\r\n${text.replaceAll(',', ';')}`)
      .write('lines.ndjson', objects.map((row) => `${JSON.stringify(row)}\n`).join(''))
      .write('objects', JSON.stringify(objects, null, 1))
      .write('utf16.json', Buffer.from(`\uFEFF${JSON.stringify(objects)}`, 'utf16le'));
    const expected = outcome(folder, 'iris.csv');
    const files = folder.names().filter((name) => name !== 'm.json' && name !== 'excel.csv');
    for (const name of files) {
      expect({ name, ...outcome(folder, name) }).toEqual({ name, ...expected });
    }
    // Where there is no name the content tells.
    for (const name of [
      'crlf.csv',
      'bom.csv',
      'utf16be.csv',
      'tabs.TSV',
      'lines.ndjson',
      'objects',
    ]) {
      folder.shell(`gzip < ${name} > ${name}.gz`);
      for (const data of [`${name}.gz`, `- < ${name}`]) {
        const { status } = folder.shell(`${TRAIN} -o p.json -f --data ${data}`);
        expect({ data, status }).toEqual({ data, status: 0 });
        expect(folder.json('p.json').weights).toEqual(expected.weights);
      }
    }
    const excel = folder.shell(`${TRAIN.replace('--quiet', '')} --data excel.csv -o e.json`);
    const note =
      'note: excel.csv:1: "sep=;" is taken for the line in which Excel names the delimiter\n';
    expect(excel.stderr.startsWith(note)).toBe(true);
    expect(folder.json('e.json').weights).toEqual(expected.weights);
    const predicted = folder.shell('mlp predict m.json --data excel.csv');
    expect(predicted.stderr).toBe(note);
  });

  test('without a header is the same model as JSON arrays, lines of arrays and NumPy', () => {
    const folder = new Folder().take('data/npy/f4_2x3x4.npy');
    const rows = [
      [0.5, 1, 2.25],
      [-1, 3, 0.1],
      [2, -2, 1e-3],
    ];
    const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 3), }`;
    const npy = Buffer.concat([
      Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'),
      Buffer.from(`${header.padEnd(117)}\n`),
      Buffer.from(Float64Array.from(rows.flat()).buffer),
    ]);
    folder
      .write('t.csv', rows.map((row) => `${row.join(',')}\n`).join(''))
      .write('t.json', rows)
      .write('t.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
      .write('t.npy', npy)
      .write('t.npy.gz', gzipSync(npy));
    const trained = (data: string) => {
      const run = folder.shell(
        `${TRAIN} -o m.json -f --data ${data}; mlp evaluate m.json --data ${data}`,
      );
      expect(run.stderr).toBe('');
      return { run, weights: folder.json('m.json').weights };
    };
    const expected = trained('t.csv');
    for (const data of [
      't.json',
      't.jsonl',
      't.npy',
      't.npy.gz',
      '- < t.npy',
      '- < t.json',
      '- < t.jsonl',
    ]) {
      expect({ data, ...trained(data) }).toEqual({ data, ...expected });
    }
    expect(folder.mlp(['new', '--data', 'f4_2x3x4.npy'])).toEqual(
      refused(
        3,
        'mlp: f4_2x3x4.npy: expected an array of rows and columns, features and targets; found the shape (2, 3, 4)\n  arrays of other axes are given as JSON: {"x": …, "y": …}\n',
      ),
    );
  });

  test('is the same model from Parquet, a database and a query', async () => {
    const folder = irisFolder();
    const from = `FROM read_csv('${join(folder.path, 'iris.csv')}')`;
    await make(
      folder,
      `COPY (SELECT * ${from}) TO '${join(folder.path, 'iris.parquet')}' (FORMAT parquet)`,
    );
    await make(folder, `CREATE TABLE flowers AS SELECT * ${from}`, 'iris.duckdb');
    folder.shell('cp iris.parquet parquet; cp iris.duckdb database');
    const expected = outcome(folder, 'iris.csv');
    const sources = ['iris.parquet', 'parquet', 'iris.duckdb', 'database --input-format duckdb'];
    for (const data of sources) {
      expect({ data, ...outcome(folder, data) }).toEqual({ data, ...expected });
    }
    for (const data of ['iris.csv', 'iris.parquet', 'iris.duckdb']) {
      const query = `${data} --query 'SELECT * FROM data'`;
      expect({ data, ...outcome(folder, query) }).toEqual({ data, ...expected });
    }
    const alone = `${TRAIN} -o q.json --query "SELECT * FROM 'iris.csv'" && mlp predict q.json --query "FROM 'iris.csv'"`;
    expect(folder.shell(alone)).toEqual(expected.run);
    const names = folder.names();
    const evaluated = folder.mlp(['evaluate', 'm.json', '--query', "FROM 'iris.parquet'"]);
    expect(evaluated).toEqual(folder.mlp(['evaluate', 'm.json', '--data', 'iris.csv']));
    expect(folder.names()).toEqual(names);
  });
});

describe('several files', () => {
  const parts = () =>
    new Folder()
      .write('part-1.csv', 'x,y\n1,2.5\n2,4.5\n')
      .write('part-2.csv', 'y,x\n6.5,3\n')
      .write('part-10.csv', 'x,y\n4,8.5\n')
      .write('all.csv', 'x,y\n1,2.5\n2,4.5\n4,8.5\n3,6.5\n');

  test('are one table: named one by one, by a pattern, for all commands', () => {
    const folder = parts();
    const expected = outcome(folder, 'all.csv');
    for (const data of [
      "'part-*.csv'",
      "'./part-*.csv'",
      'part-1.csv --data part-10.csv --data part-2.csv',
    ]) {
      expect(outcome(folder, data)).toEqual(expected);
    }
    expect(outcome(folder, 'part-1.csv --data part-10.csv --data - < part-2.csv').weights).toEqual(
      expected.weights,
    );
    expect(folder.mlp(['evaluate', 'm.json', '--data', 'part-*.csv'])).toEqual(
      folder.mlp(['evaluate', 'm.json', '--data', 'all.csv']),
    );
    const validated = (data: string) =>
      folder.shell(`${TRAIN} -o v.json -f --data all.csv --validation-data ${data}`);
    expect(validated("'part-*.csv'")).toEqual(validated('all.csv'));
  });

  test('keep the places of their mistakes', () => {
    const folder = parts().write('part-3.csv', 'x,y\n5,1\noops,2\n');
    expect(folder.mlp(['new', '--data', 'part-?.csv']).stderr).toContain(
      'mlp: part-3.csv:3 column "x": expected a number; found "oops"\n',
    );
    folder.write('part-4.csv', 'x,Y\n1,2\n');
    expect(folder.mlp(['new', '--data', 'part-[14].csv'])).toEqual(
      refused(
        3,
        'mlp: part-4.csv:1: expected the column "y" of part-1.csv; found "x", "Y"\n  several files are one table only if they have the same columns\n',
      ),
    );
  });

  test('of which none is there are said to be missing', () => {
    expect(parts().mlp(['train', '--data', 'teil-*.csv'])).toEqual(
      refused(
        6,
        'mlp: teil-*.csv: expected files that match this pattern; found none\n  in the last part of a path, * stands for any text, ? for one character, [ab] for one of these\n',
      ),
    );
  });

  test('whose pattern the shell took are asked for in quotes', () => {
    const folder = parts();
    expect(folder.shell('mlp train --data part-*.csv')).toEqual(
      refused(
        2,
        `mlp: train: expected one MODEL at most; found "part-10.csv" "part-2.csv"\n  for several files put the pattern in quotes: --data 'part-*.csv'\n`,
      ),
    );
    expect(folder.shell('mlp train --data part-?.csv')).toEqual(
      refused(
        2,
        `mlp: MODEL: expected a model file; found "part-2.csv", which is called as a table is\n  a table is named with --data FILE; for several put the pattern in quotes: --data 'part-*.csv'\n`,
      ),
    );
  });

  test('are never written over', () => {
    const folder = parts();
    for (const command of ['new', 'train --layers none']) {
      const { status, stderr } = folder.shell(
        `mlp ${command} --data 'part-?.csv' -o part-2.csv --force`,
      );
      expect(status).not.toBe(0);
      expect(stderr).toContain('part-2.csv');
    }
    expect(folder.read('part-2.csv')).toBe('y,x\n6.5,3\n');
  });

  test('are tables and no arrays, and standard input once', () => {
    const folder = parts().write('a.json', { x: [[1]], y: [1] });
    expect(folder.mlp(['new', '--data', 'all.csv', '--data', 'a.json'])).toEqual(
      refused(
        3,
        'mlp: a.json: expected a table, since there are several files; found arrays\n  arrays are read from one file\n',
      ),
    );
    expect(folder.mlp(['new', '--data', '-', '--data', '-'])).toEqual(
      refused(
        2,
        'mlp: --data: expected "-" once at most; found it twice\n  standard input can only be read once\n',
      ),
    );
  });
});

describe('text', () => {
  const latin = Buffer.from('größe,y\n1,2.5\n2,4.5\n', 'latin1');

  test('in another encoding is read by its name', () => {
    const folder = new Folder().write('t.csv', latin);
    const train = ['train', '--data', 't.csv', '--epochs', '1', '--seed', '1', '--verbose', '0'];
    const REMEDY = '  if it is in another encoding, name it: --encoding windows-1252\n';
    expect(folder.mlp(train)).toEqual(
      refused(3, `mlp: t.csv:1: expected UTF-8 text; found the byte F6\n${REMEDY}`),
    );
    expect(folder.mlp([...train, '--encoding', 'latin1']).status).toBe(0);
    expect(folder.json('model.trained.json').columns.features[0].name).toBe('größe');
    const predict = ['predict', '--data', 't.csv', '--encoding', 'ISO-8859-1'];
    expect(folder.mlp(predict).status).toBe(0);
  });

  test('in an encoding that nobody knows is asked about', () => {
    expect(new Folder().mlp(['predict', '--encoding', 'klingon'])).toEqual(
      refused(
        2,
        'mlp: --encoding: expected the name of an encoding; found "klingon"\n  for example utf-8, utf-16le, utf-16be, latin1, windows-1252, shift_jis, gb18030\n',
      ),
    );
  });

  test('with comments, and aligned with blanks, is a table', () => {
    const folder = new Folder()
      .write('c.csv', '# by hand\nx,y\n# half\n1,2.5\n2,4.5\n')
      .write('aligned.data', '// by hand\nx    y\n\n1.   2.5\n  2  4.5\n')
      .write('plain.csv', 'x,y\n1,2.5\n2,4.5\n');
    const expected = outcome(folder, 'plain.csv');
    expect(outcome(folder, 'c.csv', '--comment "#"')).toEqual(expected);
    expect(outcome(folder, 'aligned.data', '--delimiter space --comment //')).toEqual(expected);
  });

  test.each([
    [['--comment', '#', '--data', 't.jsonl'], '--comment: expected a CSV table', 'jsonl'],
    [['--encoding', 'utf-8', '--data', 't.npy'], '--encoding: expected text', 'npy'],
    [['--delimiter', ';', '--data', 't.parquet'], '--delimiter: expected a CSV table', 'parquet'],
  ])('options that do not fit are refused: %j', (args, problem, format) => {
    const folder = new Folder().write('t.jsonl', '').write('t.npy', '').write('t.parquet', '');
    expect(folder.mlp(['new', ...args])).toEqual(
      refused(
        2,
        `mlp: ${problem}; found t.${format}, which is read as ${format}\n  if it is a table, say --input-format csv\n`,
      ),
    );
  });

  test('that is called JSON and is none is told what to say', () => {
    const folder = new Folder().write('t.json', 'x,y\n1,2\n');
    expect(folder.mlp(['new', '--data', 't.json'])).toEqual(
      refused(
        3,
        'mlp: t.json: expected JSON; found other text\n  if it is a table, say --input-format csv\n',
      ),
    );
  });
});

describe('DuckDB', () => {
  /** Runs the program from a folder in which no package is installed. */
  function withoutPackages(folder: Folder, args: readonly string[]) {
    copyFileSync(resolve(import.meta.dirname, '../../dist/mlp.js'), join(folder.path, 'mlp.cjs'));
    const program = `require('./mlp.cjs').main(process.argv.slice(1)).then((code) => { process.exitCode = code; })`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', program, '--', ...args], {
      cwd: folder.path,
      env: { PATH: process.env.PATH },
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }
  const INSTALL =
    '  install it where mlp is installed: npm install @duckdb/node-api (with -g where mlp was)\n';

  test('is asked for where it is needed and not there, and nowhere else', async () => {
    const folder = new Folder().write('t.csv', 'x,y\n1,2.5\n2,4.5\n');
    await make(
      folder,
      `COPY (SELECT 1 AS x, 2 AS y) TO '${join(folder.path, 't.parquet')}' (FORMAT parquet)`,
    );
    const missing = (what: string) =>
      refused(
        2,
        `mlp: ${what}: expected the optional package @duckdb/node-api; found none beside mlp\n${INSTALL}`,
      );
    expect(withoutPackages(folder, ['new', '--data', 't.parquet'])).toEqual(missing('t.parquet'));
    expect(withoutPackages(folder, ['new', '--query', 'SELECT 1'])).toEqual(missing('--query'));
    expect(withoutPackages(folder, ['new', '--data', 't.csv', '--quiet']).status).toBe(0);
  });

  test('reads no standard input', async () => {
    const folder = new Folder();
    await make(
      folder,
      `COPY (SELECT 1 AS x, 2 AS y) TO '${join(folder.path, 't.parquet')}' (FORMAT parquet)`,
    );
    expect(folder.shell('mlp new --data - < t.parquet')).toEqual(
      refused(
        3,
        'mlp: standard input: expected data that are read from begin to end; found Parquet\n  save it as a file and name that: --data FILE\n',
      ),
    );
    expect(folder.shell('mlp new --data - --query "FROM data" < t.parquet')).toEqual(
      refused(
        2,
        `mlp: --query: expected files; found standard input\n  save it as a file, or name it in the query: FROM read_csv('/dev/stdin')\n`,
      ),
    );
  });

  test('is not asked where a table would be JSON arrays or several formats', () => {
    const folder = new Folder().write('a.csv', 'x\n1\n').write('b.jsonl', '{"x": 1}\n');
    const query = ['new', '--query', 'FROM data', '--data', 'a.csv'];
    expect(folder.mlp([...query, '--data', 'b.jsonl'])).toEqual(
      refused(
        2,
        'mlp: --query: expected --data files of one format, or one database; found a.csv and b.jsonl\n  name the others in the query itself\n',
      ),
    );
    expect(folder.mlp([...query, '--encoding', 'latin1'])).toEqual(
      refused(
        2,
        `mlp: --encoding: expected no --query beside it; found both\n  say it in the query: FROM read_csv('FILE', encoding = 'utf-16', comment = '#')\n`,
      ),
    );
  });
});
