/** The program: picks the subcommand, runs it, and turns whatever goes wrong into text and an exit code. */

import { ExitCode, UserError } from '../errors.ts';
import { nearest, quote } from '../words.ts';
import { commandTable } from './command-table.ts';
import { type Io, OutputClosed, processIo } from './io.ts';
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
    if (error instanceof UserError) {
      await io.stderr.write(error.format());
      return error.exitCode;
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
      return rest.length === 0 ? io.stdout.write(overview()) : dispatch([rest[0], '--help'], io);
    case '--version':
    case '-V':
      return io.stdout.write(`mlp ${toolVersion}\n`);
    default:
      return runNamed(word, rest, io);
  }
}

async function runNamed(name: string, argv: readonly string[], io: Io): Promise<void> {
  if (!Object.hasOwn(commandTable, name)) throw unknownCommand(name);
  const { purpose, load } = commandTable[name];
  const [{ command }, { runCommand }] = await Promise.all([load(), import('./run-command.ts')]);
  await runCommand(command(io), name, purpose, argv, io);
}

function unknownCommand(name: string): UserError {
  const what = name.startsWith('-') ? 'option' : 'command';
  const near = nearest(name, [...Object.keys(commandTable), '--help', '--version']);
  return new UserError(
    ExitCode.usage,
    `unknown ${what} ${quote(name)}`,
    near ? `did you mean "mlp ${near}"?` : remedyFor(name),
  );
}

/** A file in the place of the command is a command that was left out. */
function remedyFor(name: string): string {
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
`;
}

function bugReport(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `mlp: this is a bug in mlp ${toolVersion}, not in your files; please report it with these lines:\n${stack}\n`;
}
