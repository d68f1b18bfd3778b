/** `mlp schema`: the JSON Schema of model files, for editors. */
import { Command } from '@commander-js/extra-typings';
import { jsonSchema } from '../../spec/json-schema.ts';
import type { Io } from '../io.ts';

export function command(io: Io) {
  return new Command()
    .addHelpText('before', 'mlp schema > model.schema.json\n')
    .action(() => io.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`));
}
