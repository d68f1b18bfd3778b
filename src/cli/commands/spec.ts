/** `mlp spec`: the checked spec of a model without what it has learnt, in our words or in Keras's. */
import { Command } from '@commander-js/extra-typings';
import { ownForm } from '../../spec/own-form.ts';
import { formatDocument } from '../../spec/write-spec.ts';
import type { Io } from '../io.ts';
import { type Model, readModel, SPEC_FILE } from '../model-input.ts';
import { checkOutput, saySaved, writeText } from '../model-output.ts';
import { choice, text, valueOption } from '../option-values.ts';
import { forceOption, modelArgument, quietOption } from '../shared-options.ts';

const FORMS = ['mlp', 'keras'] as const;

/** The text of a model in a form, and what is to be said about it. */
interface Written {
  readonly text: string;
  readonly notes: readonly string[];
}

export function command(io: Io) {
  return new Command()
    .addHelpText('before', 'mlp spec model.json --to keras -o model.keras.json\n')
    .addArgument(modelArgument([SPEC_FILE]))
    .addOption(
      valueOption(
        '--to <FORM>',
        'mlp: a model file of ours, defaults left out; keras: what Keras 3 loads with keras.models.model_from_json',
        choice(FORMS),
      ).default('mlp' as const),
    )
    .addOption(
      valueOption('-o, --output <FILE>', 'where to write it (default: standard output)', text),
    )
    .addOption(forceOption())
    .addOption(quietOption())
    .action(async (path, options) => {
      const model = await readModel(io, path, [SPEC_FILE], { verify: false });
      const written = options.to === 'keras' ? await inKerasForm(model) : inOwnForm(model);
      const output = options.output ?? '-';
      checkOutput(output, [model.path], options.force === true);
      if (!options.quiet) for (const note of written.notes) await io.stderr.write(`${note}\n`);
      await writeText(io, output, written.text);
      if (!options.quiet) await saySaved(io, output);
    });
}

function inOwnForm(model: Model): Written {
  return { text: formatDocument(ownForm(model)), notes: [] };
}

/** Keras's form is loaded only where it is asked for. */
async function inKerasForm(model: Model): Promise<Written> {
  const { kerasModel, leftOutOfKeras, namesNotRun } = await import('../../spec/write-keras.ts');
  const { formatPythonJson } = await import('../../report/python-json.ts');
  const tree = kerasModel(model, model.source);
  const left = leftOutOfKeras(model);
  const note = `left out, since to_json() of Keras has no place for it: ${left.join(', ')}`;
  return {
    text: `${formatPythonJson(tree)}\n`,
    notes: [...namesNotRun(model), ...(left.length > 0 ? [note] : [])],
  };
}
