/** Feeds a reader with inputs that nobody would write: it must read them or say what is wrong, soon. */
import { UserError } from '../../src/errors.ts';
import { type Random, randomStream } from '../../src/random.ts';

/** One kind of input. */
export interface Target<Input extends string | Uint8Array> {
  readonly name: string;
  /** An input, by chance that comes from nowhere else. */
  readonly inputOf: (random: Random) => Input;
  /**
   * Reads it.
   *
   * @throws {UserError} where it is refused
   * @throws any other error where what was read is wrong
   */
  readonly read: (input: Input) => unknown;
}

/** What came of the inputs of a target. */
export interface Report {
  readonly name: string;
  readonly inputs: number;
  readonly seed: number;
  readonly accepted: number;
  /** How many were refused, by exit code. */
  readonly refused: Readonly<Record<number, number>>;
  /** In milliseconds. */
  readonly slowest: number;
}

/** An input that takes longer is as good as one that never ends. */
const LIMIT = 2000;

/** Exit codes for what a person can fix. */
const CODES = [2, 3, 4, 5, 6];

/**
 * Reads `count` inputs that are made from `seed`.
 *
 * @throws {Error} with the input, at the first that ends in anything but a value or a UserError with a place
 */
export async function fuzz<Input extends string | Uint8Array>(
  { name, inputOf, read }: Target<Input>,
  count: number,
  seed: number,
): Promise<Report> {
  const random = randomStream(seed, name);
  const refused: Record<number, number> = {};
  let accepted = 0;
  let slowest = 0;
  for (let i = 0; i < count; i++) {
    const input = inputOf(random);
    const start = performance.now();
    try {
      await read(input);
      accepted++;
    } catch (error) {
      if (!(error instanceof UserError)) throw failed(name, seed, i, input, error);
      const isPlaced = error.problems.every((problem) => /^\S[^\n]*: ?\S/.test(problem));
      if (!isPlaced || !CODES.includes(error.exitCode)) throw failed(name, seed, i, input, error);
      refused[error.exitCode] = (refused[error.exitCode] ?? 0) + 1;
    }
    const time = performance.now() - start;
    slowest = Math.max(slowest, time);
    if (time > LIMIT) throw failed(name, seed, i, input, new Error(`it took ${time} ms`));
  }
  return { name, inputs: count, seed, accepted, refused, slowest };
}

function failed(
  name: string,
  seed: number,
  index: number,
  input: string | Uint8Array,
  error: unknown,
): Error {
  const text =
    typeof input === 'string' ? JSON.stringify(input) : Buffer.from(input).toString('hex');
  const what = error instanceof UserError ? `exit ${error.exitCode}: ${error.message}` : error;
  return new Error(
    `fuzz ${name}, seed ${seed}, input ${index}: ${what}\n${text.slice(0, 20_000)}`,
    {
      cause: error,
    },
  );
}

/** A line for people. */
export function describeReport({ name, inputs, seed, accepted, refused, slowest }: Report): string {
  const codes = Object.entries(refused).map(([code, count]) => `${count} with exit ${code}`);
  const told = codes.length > 0 ? codes.join(', ') : 'none';
  return `fuzz ${name}: ${inputs} inputs, seed ${seed}: ${accepted} read, refused ${told}; slowest ${slowest.toFixed(0)} ms`;
}
