/** Tables that are worth a thread that parses them, by the real program. */
import { expect, test } from 'vitest';
import { done, Folder } from './run.ts';

const HEAD = 'id,note,x,y\n';
/** A file of all parts is worth a thread, and none of them is. */
const PARTS = 3;
const PART_ROWS = 90_000;

/** A part's rows, of some 70 bytes. */
function rowsOf(part: number): string {
  let text = '';
  for (let row = part * PART_ROWS; row < (part + 1) * PART_ROWS; row++) {
    text += `${row},a note that nobody reads but that makes the file longer,${(row % 977) / 8 - 60},${row % 7}\n`;
  }
  return text;
}
const parts = Array.from({ length: PARTS }, (_, part) => rowsOf(part));

const model = {
  input_shape: [2],
  layers: [{ units: 1 }],
  weights: { dense: { kernel: [[2], [3]], bias: [1] } },
  columns: {
    header: true,
    features: [
      { name: 'x', position: 1, kind: 'number', shift: 1, scale: 2 },
      { name: 'y', position: 2, kind: 'number' },
    ],
    targets: [{ name: 'z', position: 3, kind: 'number' }],
  },
};
const folder = (...rows: readonly string[]) =>
  new Folder().write('model.json', model).write('all.csv', HEAD + rows.join(''));

test('the whole table is predicted as its parts are, from a file, a pipe, and with columns passed on', () => {
  const at = folder(...parts);
  const predict = ['predict', 'model.json', '--pass', 'id'];
  const expected = parts.map((rows, part) => {
    const { status, stdout } = at.mlp(predict, HEAD + rows);
    expect(status).toBe(0);
    return part === 0 ? stdout : stdout.slice(stdout.indexOf('\n') + 1);
  });
  const whole = at.mlp([...predict, '--data', 'all.csv']);
  expect(whole.stderr).toBe('');
  expect(whole.stdout === expected.join('')).toBe(true);
  expect(
    at.shell(
      'cat all.csv | mlp predict model.json --pass id | cmp - <(mlp predict model.json --pass id --data all.csv)',
    ),
  ).toEqual(done(''));
});

test('a mistake at the end of a large table is named by its line, and the rows before are printed', () => {
  const at = folder(...parts, '1,"a\nnote",2,3\n4,5,six,7\n8,9,10,11\n');
  const { status, stdout, stderr } = at.mlp(['predict', 'model.json', '--data', 'all.csv']);
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: `mlp: all.csv:${PARTS * PART_ROWS + 4} column "x": expected a number; found "six"\n  correct the cells, or leave their rows out: --on-error skip\n`,
  });
  expect(stdout.split('\n').length).toBe(1 + PARTS * PART_ROWS + 1 + 1);
});

test('who has seen enough of a large table ends the program', () => {
  const line = `mlp predict model.json --data all.csv | head -n 2; echo "status \${PIPESTATUS[0]}"`;
  expect(folder(...parts).shell(line)).toEqual(done('z\n-60\nstatus 0\n'));
});
