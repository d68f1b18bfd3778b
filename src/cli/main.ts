/** The program: picks the subcommand, runs it, and turns whatever goes wrong into text and an exit code. */

import { ExitCode, UserError } from '../errors.ts';
import { families, isFamily } from '../spec/families.ts';
import { nearest, quote } from '../words.ts';
import { commandTable } from './command-table.ts';
import { type Io, OutputClosed, processIo, Stopped } from './io.ts';
import { toolVersion } from './version.ts';

/**
 * Runs `mlp` with the words after its name.
 *
 * @returns the exit code; whoever calls sets it and lets pending output drain
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  try {
    await dispatch(argv, io);
    return ExitCode.done;
  } catch (error) {
    if (error instanceof OutputClosed) return ExitCode.done;
    if (error instanceof Stopped) {
      // Node cannot leave a terminal that is gone but by the signal itself.
      const hasTerminal = io.stdout.isTerminal || io.stderr.isTerminal;
      if (error.signal === 'SIGHUP' && hasTerminal) io.endBy(error.signal);
      return error.exitCode;
    }
    const known = isOutOfMemory(error) ? outOfMemory() : error;
    if (known instanceof UserError) {
      await io.stderr.write(known.format());
      return known.exitCode;
    }
    await io.stderr.write(bugReport(error));
    return ExitCode.bug;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<void> {
  const [word, ...rest] = argv;
  switch (word) {
    case undefined:
    case '--help':
    case '-h':
      return io.stdout.write(overview());
    case 'help':
      return rest.length === 0 ? io.stdout.write(overview()) : help(rest, io);
    case '--version':
    case '-V':
      return io.stdout.write(`mlp ${toolVersion}\n`);
    default:
      return runNamed(word, rest, io);
  }
}

/** `help` with words behind it: a command, an option of the program itself, or a family of names. */
async function help([topic, ...options]: readonly string[], io: Io): Promise<void> {
  if (isFamily(topic)) {
    const { familyHelp } = await import('./family-help.ts');
    return familyHelp(topic, options, io.stdout);
  }
  if (topic.startsWith('-') || topic === 'help' || Object.hasOwn(commandTable, topic)) {
    return dispatch([topic, '--help'], io);
  }
  const near = nearest(topic, [...Object.keys(commandTable), ...Object.keys(families)]);
  throw new UserError(
    ExitCode.usage,
    `help: expected a command or a family of names; found ${quote(topic)}`,
    near ? `did you mean "mlp help ${near}"?` : 'see "mlp --help"',
  );
}

async function runNamed(name: string, argv: readonly string[], io: Io): Promise<void> {
  if (!Object.hasOwn(commandTable, name)) throw unknownCommand(name);
  const { purpose, load } = commandTable[name];
  const [{ command }, { runCommand }] = await Promise.all([load(), import('./run-command.ts')]);
  await runCommand(command(io), name, purpose, argv, io);
}

/** What other tools call a command, and what to say to who types that. */
const otherWords: Readonly<Record<string, string>> = Object.freeze({
  fit: 'did you mean "mlp train"?',
  test: 'did you mean "mlp evaluate"?',
});

function unknownCommand(name: string): UserError {
  const what = name.startsWith('-') ? 'option' : 'command';
  const words = [...Object.keys(commandTable), '--help', '--version'];
  const isKnown = isFamily(name) || Object.hasOwn(otherWords, name);
  const near = isKnown ? undefined : nearest(name, words);
  return new UserError(
    ExitCode.usage,
    `unknown ${what} ${quote(name)}`,
    near ? `did you mean "mlp ${near}"?` : remedyFor(name),
  );
}

/** A word that means something elsewhere; a file in the place of the command, which was left out then. */
function remedyFor(name: string): string {
  if (Object.hasOwn(otherWords, name)) return otherWords[name];
  if (isFamily(name)) return `see "mlp help ${name}"`;
  if (!/\.(json|csv|tsv)$/i.test(name)) return 'see "mlp --help"';
  return 'a command comes first, for example "mlp summary model.json"';
}

function overview(): string {
  const width = Math.max(...Object.keys(commandTable).map((name) => name.length));
  const commands = Object.entries(commandTable).map(
    ([name, { purpose }]) => `  ${name.padEnd(width)}  ${purpose}`,
  );
  return `mlp train model.json --data data.csv --epochs 400

The multilayer perceptron for the shell: one JSON file per model, everything pipes.

Usage: mlp COMMAND [MODEL] [options]

Commands:
${commands.join('\n')}

"mlp help COMMAND" tells more. MODEL is a model file, by default model.json; "-" is standard input.
"mlp help FAMILY" lists what a model file may name, with formulas, arguments and defaults:
${familyLines()}
`;
}

/** The families in two lines. */
function familyLines(): string {
  const names = Object.keys(families);
  const half = Math.ceil(names.length / 2);
  return [names.slice(0, half), names.slice(half)].map((row) => `  ${row.join(', ')}`).join(',\n');
}

/** What V8 says where an array, a text or a map grows beyond what it can hold, or memory is at its end. */
const OUT_OF_MEMORY = new Set([
  'Array buffer allocation failed',
  'Invalid array length',
  'Invalid string length',
  'Map maximum size exceeded',
  'Set maximum size exceeded',
]);

/**
 * Whether an error is of size and not of code. What is declared is held against limits before memory is
 * taken; this catches what a limit lets pass and the machine has no room for.
 */
function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof RangeError)) return false;
  const { message } = error;
  return OUT_OF_MEMORY.has(message) || /^Invalid typed array length: \d/.test(message);
}

function outOfMemory(): UserError {
  return new UserError(
    ExitCode.usage,
    'memory: expected a model and rows that fit in; found more than there is',
    'use a smaller --batch-size, fewer units, or fewer rows',
  );
}

function bugReport(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `mlp: this is a bug in mlp ${toolVersion}, not in your files; please report it with these lines:\n${stack}\n`;
}
