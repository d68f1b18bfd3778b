/** `predict` in a pipe: each row is answered as it comes, and memory does not grow with them. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { Folder } from './run.ts';

const twice = {
  input_shape: [1],
  layers: [{ units: 1 }],
  weights: { dense: { kernel: [[2]], bias: [0] } },
  columns: {
    header: true,
    features: [{ name: 'x', position: 1, kind: 'number' }],
    targets: [{ name: 'y', position: 2, kind: 'number' }],
  },
};
const folderWith = (): Folder => new Folder().write('model.json', twice);
const program = resolve(import.meta.dirname, '../../bin/mlp.js');

/** A `predict` that runs; each call writes a text and gives what is printed next on the stream. */
function running(args: readonly string[]) {
  const child: ChildProcessWithoutNullStreams = spawn(
    process.execPath,
    [program, 'predict', ...args],
    { cwd: folderWith().path },
  );
  const texts = (stream: NodeJS.ReadableStream) =>
    stream.setEncoding('utf8')[Symbol.asyncIterator]();
  const printed = { stdout: texts(child.stdout), stderr: texts(child.stderr) };
  return {
    async answer(text: string, stream: 'stdout' | 'stderr' = 'stdout') {
      child.stdin.write(text);
      return (await printed[stream].next()).value;
    },
    /** Ends the rows; the status, and what else was said on standard error. */
    async end() {
      const closed = new Promise((done) => child.on('close', done));
      child.stdin.end();
      let stderr = '';
      for (;;) {
        const next = await printed.stderr.next();
        if (next.done) break;
        stderr += next.value;
      }
      return { status: await closed, stderr };
    },
  };
}

test('a line in is a line out', async () => {
  const { answer, end } = running(['--pass', 'id']);
  expect(await answer('id,x\n1,2\n')).toBe('id,y\n1,4\n');
  expect(await answer('"a\nb",3\n')).toBe('"a\nb",6\n');
  for (let x = 4; x < 20; x++) expect(await answer(`${x},${x}\n`)).toBe(`${x},${2 * x}\n`);
  expect(await end()).toEqual({ status: 0, stderr: '' });
});

test('a JSON line in is a JSON line out', async () => {
  const { answer, end } = running(
    '--input-format jsonl --append --format jsonl --on-error null'.split(' '),
  );
  expect(await answer('{"x":1.0,"id":"a"}\n')).toBe('{"x":1.0,"id":"a","y":2}\n');
  expect(await answer('{"id":"b"}\n')).toBe('{"x":null,"id":"b","y":null}\n');
  expect(await answer('{"x":3}\n')).toBe('{"x":3,"id":null,"y":6}\n');
  expect(await end()).toEqual({
    status: 0,
    stderr:
      'standard input:2 column "x": expected a number; found an empty cell\nno prediction for 1 of 3 rows\n',
  });
});

test('a bad line is named as it comes', async () => {
  const { answer, end } = running(['--on-error', 'skip']);
  expect(await answer('x\n1\n')).toBe('y\n2\n');
  const named = 'standard input:3 column "x": expected a number; found "two"\n';
  expect(await answer('two\n', 'stderr')).toBe(named);
  expect(await answer('3\n')).toBe('6\n');
  expect(await end()).toEqual({ status: 0, stderr: 'left out 1 of 3 rows\n' });
});

test('rows without end take no more memory than a few', () => {
  // All the rows would need more than this many megabytes, whatever is kept of them.
  const limit = 'NODE_OPTIONS=--max-old-space-size=40';
  const rows = `awk 'BEGIN { print "id,x,note"; for (i = 1; i <= 400000; i++) print i "," (i % 2 ? i : "bad") ",a note of some length" }'`;
  const predict = `${limit} mlp predict --append --on-error skip`;
  expect(folderWith().shell(`${rows} | ${predict} 2> notes | tail -n 1; tail -n 2 notes`)).toEqual({
    status: 0,
    stdout:
      '399999,399999,a note of some length,799998\nand 199,990 more\nleft out 200,000 of 400,000 rows\n',
    stderr: '',
  });
});

test('a reader who has seen enough is no failure, whatever is asked', () => {
  const rows = `awk 'BEGIN { print "x"; for (;;) print ++i % 3 ? i : "bad" }'`;
  const predict = 'mlp predict --append --on-error null -q';
  const { stdout, stderr } = folderWith().shell(
    `${rows} 2> /dev/null | ${predict} | head -n 4; echo "status \${PIPESTATUS[1]}"`,
  );
  expect({ stdout, stderr }).toEqual({
    stdout: 'x,y\n1,2\n2,4\nbad,\nstatus 0\n',
    stderr: '',
  });
});
