/** `mlp new`: a spec made from a data file, and why it is as it is. */
import * as columns from '../column-options.ts';
import type { Io } from '../io.ts';
import { hiddenLayers, modelFromData } from '../made-spec.ts';
import { checkSpecOutput, saySaved, writeDocument } from '../model-output.ts';
import { text, valueOption } from '../option-values.ts';
import { forceOption, quietOption, requireData } from '../shared-options.ts';
import { columnsCommand } from '../table-command.ts';
import { readTrainingData } from '../training-data.ts';

export function command(io: Io) {
  return columnsCommand()
    .addHelpText('before', 'mlp new --data data.csv --target y -o model.json\n')
    .addOption(
      valueOption(
        '--layers <UNITS>',
        'units of the hidden layers: 64,32 (default) or none',
        hiddenLayers,
      ),
    )
    .addOption(
      valueOption('-o, --output <FILE>', 'where to write it (default: standard output)', text),
    )
    .addOption(forceOption())
    .addOption(quietOption())
    .action(async (options) => {
      const paths = await requireData(options, 'new');
      const output = options.output ?? '-';
      checkSpecOutput(output, paths, options.force === true);
      const data = await readTrainingData(io, paths, {
        ...options,
        syntax: columns.syntaxOf(options),
        columns: columns.newColumns(options, null, 'auto'),
      });
      const { model, reasons } = modelFromData(data, options);
      const notes = [...data.notes, ...reasons];
      if (!options.quiet) await io.stderr.write(`${notes.join('\n')}\n`);
      await writeDocument(io, output, model.document);
      if (!options.quiet) await saySaved(io, output);
    });
}
