/** One subcommand from its words to its end: Commander reads the options, its complaints become ours. */
import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { ExitCode, UserError } from '../errors.ts';
import { nearest, quote } from '../words.ts';
import { isTableName } from './input-format.ts';
import type { Io } from './io.ts';

/**
 * Runs a command, or prints its help.
 *
 * @param name  as the user types it, after `mlp`
 * @param argv  the words after the name
 * @throws {UserError} exit 2 for words the command does not know, and whatever the command throws
 */
export async function runCommand(
  command: CommandUnknownOpts,
  name: string,
  purpose: string,
  argv: readonly string[],
  io: Io,
): Promise<void> {
  let help = '';
  command
    .name(`mlp ${name}`)
    .description(`${purpose[0].toUpperCase()}${purpose.slice(1)}.`)
    .helpOption('-h, --help', 'print this help')
    .showSuggestionAfterError(false)
    .exitOverride()
    .hook('preAction', (_, action) => {
      if (action.opts().quiet) io.hush();
    })
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
      writeErr: () => {},
      getOutHelpWidth: () => io.stdout.columns,
      getOutHasColors: () => io.stdout.color,
    });
  try {
    await command.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw complaint(command, name, error);
  }
  if (help) await io.stdout.write(help);
}

function complaint(command: CommandUnknownOpts, name: string, error: CommanderError): UserError {
  const subject = /'(.*)'/s.exec(error.message)?.[1] ?? '';
  const usage = (problem: string, remedy = `see "mlp ${name} --help"`) =>
    new UserError(ExitCode.usage, problem, remedy);
  switch (error.code) {
    case 'commander.unknownOption': {
      const near = nearest(subject, longFlags(command));
      return usage(`unknown option ${shown(subject)} for ${name}`, near && `did you mean ${near}?`);
    }
    case 'commander.optionMissingArgument': {
      const option = command.options.find((candidate) => candidate.flags === subject);
      return usage(`${option?.long ?? subject}: expected a value; found nothing`);
    }
    case 'commander.excessArguments': {
      const [argument] = command.registeredArguments;
      const expected = argument ? `one ${argument.name()} at most` : 'options only';
      const found = command.args.map(quote).join(' ');
      return usage(`${name}: expected ${expected}; found ${found}`, remedyForFiles(command));
    }
    case 'commander.conflictingOption': {
      const [, flag, other] = /'.*?(--[\w-]+).*?'.*'.*?(--[\w-]+).*?'/.exec(error.message) ?? [];
      return usage(`${flag}: expected no ${other} beside it; found both`);
    }
    default:
      return usage(`${name}: ${error.message.replace(/^error: /, '')}`);
  }
}

/** A pattern that the shell expands leaves its files where MODEL is expected. */
function remedyForFiles(command: CommandUnknownOpts): string | undefined {
  const takesFiles = command.options.some((option) => option.long === '--data');
  if (!takesFiles || !command.args.some(isTableName)) return undefined;
  const [first, second, ...more] = command.args;
  if (more.length === 0 && !isTableName(first))
    return `rows are named with --data: --data ${second}`;
  return "for several files put the pattern in quotes: --data 'part-*.csv'";
}

function longFlags(command: CommandUnknownOpts): string[] {
  return ['--help', ...command.options.map((option) => option.long ?? option.flags)];
}

/** An option as it was typed; in quotes where it is more than a plain word. */
function shown(flag: string): string {
  return /^--?[\w-]+$/.test(flag) ? flag : quote(flag);
}
