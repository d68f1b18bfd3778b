/** `mlp columns`: what the columns of a data file are, and what training would do with them. */
import { Argument } from '@commander-js/extra-typings';
import { decideTable } from '../../data/table.ts';
import { leakNotes } from '../../data/table-notes.ts';
import { reportTable } from '../../data/table-report.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { formatColumns, formatColumnsJson } from '../../report/columns-table.ts';
import * as columns from '../column-options.ts';
import type { Io } from '../io.ts';
import { quietOption } from '../shared-options.ts';
import { columnsCommand } from '../table-command.ts';
import { openTable } from '../training-data.ts';
import { columnsRecord } from '../training-record.ts';

export function command(io: Io) {
  return columnsCommand()
    .addHelpText('before', 'mlp columns data.csv --target y\n')
    .addArgument(new Argument('[FILE]', 'table, "-" for standard input; or --data FILE'))
    .option('--json', 'print one JSON document instead of the table')
    .addOption(quietOption())
    .action(async (file, options) => {
      const paths = dataOf(file, options.data, options.query);
      const reading = {
        ...options,
        syntax: columns.syntaxOf(options),
        // As for a model that is made from the data: no spec says anything yet.
        columns: columns.newColumns(options, null, 'auto'),
      };
      const rows = await openTable(io, paths, reading);
      const { decided, notes } = await decideTable(rows, reading);
      const report = reportTable(decided);
      const warnings = [...notes, ...leakNotes(decided)];
      if (!options.quiet) for (const note of warnings) await io.stderr.write(`${note}\n`);
      const width = io.stdout.isTerminal ? io.stdout.columns : null;
      await io.stdout.write(
        options.json
          ? formatColumnsJson(report, columnsRecord(decided.columns))
          : formatColumns(report, width),
      );
    });
}

/** @throws {UserError} exit 2 unless there is one place to read from, and one only: nothing is read unasked */
function dataOf(
  file: string | undefined,
  data: readonly string[] | undefined,
  query: string | undefined,
): readonly string[] {
  if (file !== undefined && data !== undefined) {
    throw new UserError(
      ExitCode.usage,
      `columns: expected one FILE; found ${file} and --data ${data.join(' ')}`,
      'name it after the command, or with --data',
    );
  }
  const paths = data ?? (file === undefined ? [] : [file]);
  if (paths.length > 0 || query !== undefined) return paths;
  throw new UserError(
    ExitCode.usage,
    'columns: expected a FILE; found none',
    '"mlp columns -" reads standard input',
  );
}
