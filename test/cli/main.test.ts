/** The one place that catches: what is thrown becomes text and an exit code. */
import { expect, test } from 'vitest';
import { OutputClosed } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { pretendIo } from './pretend-io.ts';

test('what nobody expected is a bug of ours: it says so, with the stack, and exits with 70', async () => {
  const { io, written } = pretendIo(new TypeError('x is not a function'));
  expect(await main(['--version'], io)).toBe(70);
  expect(written.err).toMatch(
    /^mlp: this is a bug in mlp [\d.]+, not in your files; please report it with these lines:\nTypeError: x is not a function\n {4}at /,
  );
});

/** The error of an action that must fail. */
function errorOf(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing failed');
}

test.each([
  () => new Float32Array(2 ** 40),
  () => new ArrayBuffer(2 ** 52),
  () => Array.from({ length: 2 ** 40 }),
  () => ' '.repeat(2 ** 40),
])('what no memory has room for is no bug: %s', async (action) => {
  const failure = errorOf(action);
  const { io, written } = pretendIo(failure);
  expect(await main(['--version'], io)).toBe(2);
  expect(written.err).toBe(
    'mlp: memory: expected a model and rows that fit in; found more than there is\n' +
      '  use a smaller --batch-size, fewer units, or fewer rows\n',
  );
});

test('a length that is no length is a bug', async () => {
  const { io } = pretendIo(errorOf(() => new Float32Array(-1)));
  expect(await main(['--version'], io)).toBe(70);
});

test('a reader who went away is no failure', async () => {
  const { io, written } = pretendIo(new OutputClosed());
  expect(await main(['--help'], io)).toBe(0);
  expect(written).toEqual({ out: '', err: '' });
});

test('a terminal on standard input is not waited for', async () => {
  const { io, written } = pretendIo();
  expect(await main(['predict', 'fixtures/bad-models/good.json'], io)).toBe(2);
  expect(written).toEqual({
    out: '',
    err: 'mlp: predict: expected rows on standard input; found a terminal\n  name a file with --data FILE, or give rows with --input JSON\n',
  });
});

test('words that every object knows are no commands', async () => {
  const { io, written } = pretendIo();
  expect(await main(['constructor'], io)).toBe(2);
  expect(written.err).toBe('mlp: unknown command "constructor"\n  see "mlp --help"\n');
});
