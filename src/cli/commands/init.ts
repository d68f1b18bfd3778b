/** `mlp init`: a spec with the first weights of its initializers. */
import { Command } from '@commander-js/extra-typings';
import { initialWeights } from '../../nn/initialize.ts';
import { countParameters } from '../../nn/network.ts';
import { MAX_SEED } from '../../random.ts';
import { formatThousands } from '../../words.ts';
import type { Io } from '../io.ts';
import { defaultOutput, networkOf, readModel, SPEC_FILE } from '../model-input.ts';
import { checkOutput, checkSavable, saySaved, writeModel } from '../model-output.ts';
import { wholeNumber } from '../option-values.ts';
import { chooseSeed } from '../seed.ts';
import {
  forceOption,
  modelArgument,
  outputOption,
  quietOption,
  seedOption,
} from '../shared-options.ts';
import { toolVersion } from '../version.ts';

export function command(io: Io) {
  return new Command()
    .addHelpText('before', 'mlp init model.json --seed 1\n')
    .addArgument(modelArgument([SPEC_FILE]))
    .addOption(seedOption(wholeNumber(0, MAX_SEED)))
    .addOption(outputOption('MODEL with .init.json'))
    .addOption(forceOption())
    .addOption(quietOption())
    .action(async (path, options) => {
      const model = await readModel(io, path, [SPEC_FILE], { verify: false });
      const network = networkOf(model);
      checkSavable(network);
      const output = options.output ?? defaultOutput(model.path, 'init');
      checkOutput(output, [model.path], options.force === true);
      const { seed, origin } = chooseSeed(options.seed, model.spec.fit.seed);
      const weights = initialWeights(network, seed);
      const training = { tool_version: toolVersion, seed };
      await writeModel(io, output, model.document, { weights, training });
      if (options.quiet) return;
      const parameters = formatThousands(countParameters(network.weights));
      await saySaved(io, output, `${parameters} parameters, ${origin} ${seed}`);
    });
}
