/** `mlp set-weights`: puts given numbers where weights are, and writes a model. */
import { Command } from '@commander-js/extra-typings';
import { ExitCode, UserError } from '../../errors.ts';
import type { LayerWeights, NamedTensor } from '../../ndarray.ts';
import type { Network, NetworkLayer } from '../../nn/network.ts';
import { nearest, quote } from '../../words.ts';
import type { Io } from '../io.ts';
import {
  defaultOutput,
  type Model,
  networkOf,
  readModel,
  SPEC_FILE,
  weightsOf,
} from '../model-input.ts';
import { checkOutput, checkSavable, saySaved, writeModel } from '../model-output.ts';
import { text, valueOption } from '../option-values.ts';
import {
  forceOption,
  modelArgument,
  noVerifyOption,
  outputOption,
  quietOption,
} from '../shared-options.ts';
import { readTensor, readWeightsFile } from '../tensor-input.ts';
import { toolVersion } from '../version.ts';

interface Wishes {
  readonly layer?: string;
  readonly kernel?: string;
  readonly bias?: string;
  readonly from?: string;
}

export function command(io: Io) {
  const value = 'ones, zeros, a number, a JSON array, or @FILE (.json, .csv, .npy)';
  return new Command()
    .addHelpText(
      'before',
      'mlp set-weights model.init.json --layer dense --kernel ones --bias zeros\n',
    )
    .addArgument(modelArgument([SPEC_FILE]))
    .addOption(valueOption('--layer <NAME>', 'the layer to change', text))
    .addOption(valueOption('--kernel <V>', `its kernel: ${value}`, text))
    .addOption(valueOption('--bias <V>', 'its bias, likewise', text))
    .addOption(
      valueOption(
        '--from <FILE>',
        'all weights from a model, or from "get-weights --format json"',
        text,
      ),
    )
    .addOption(outputOption('MODEL with .weights.json'))
    .addOption(noVerifyOption())
    .addOption(forceOption())
    .addOption(quietOption())
    .action(async (path, options) => {
      checkWishes(options);
      const model = await readModel(io, path, [SPEC_FILE], options);
      const network = networkOf(model);
      checkSavable(network);
      const output = options.output ?? defaultOutput(model.path, 'weights');
      checkOutput(output, [model.path, ...filesOf(options)], options.force === true);
      const weights =
        options.from !== undefined
          ? await readWeightsFile(io, options.from, network, options)
          : await changed(io, model, network, options);
      // What was recorded of the old weights does not hold for these.
      const training = { tool_version: toolVersion };
      await writeModel(io, output, model.document, { weights, columns: model.columns, training });
      if (!options.quiet) await saySaved(io, output);
    });
}

function checkWishes({ layer, kernel, bias, from }: Wishes): void {
  const isTensors = kernel !== undefined || bias !== undefined;
  if (from !== undefined && (isTensors || layer !== undefined)) {
    throw new UserError(
      ExitCode.usage,
      '--from: expected no --layer, --kernel or --bias beside it; found one',
      '--from replaces all weights',
    );
  }
  if (from === undefined && !isTensors) {
    throw new UserError(
      ExitCode.usage,
      'set-weights: expected --kernel V, --bias V or --from FILE; found none',
      'see "mlp set-weights --help"',
    );
  }
}

/** The files that the options name. */
function filesOf({ kernel, bias, from }: Wishes): string[] {
  const values = [kernel, bias].flatMap((value) =>
    value?.startsWith('@') ? [value.slice(1)] : [],
  );
  return from === undefined ? values : [...values, from];
}

/** The model's weights with those of one layer replaced. */
async function changed(
  io: Io,
  model: Model,
  network: Network,
  wishes: Wishes,
): Promise<readonly LayerWeights[]> {
  const layer = chooseLayer(network, wishes.layer);
  const given = new Map<string, NamedTensor>();
  for (const [name, value] of [
    ['kernel', wishes.kernel],
    ['bias', wishes.bias],
  ] as const) {
    if (value === undefined) continue;
    const weight = layer.weights.find((candidate) => candidate.name === name);
    if (!weight) throw noSuchTensor(layer, name);
    given.set(name, { name, ...(await readTensor(io, value, weight.shape, `--${name}`)) });
  }
  const all = layer.weights.flatMap(({ name }) => given.get(name) ?? []);
  const isWhole = all.length === network.weights.length;
  if (model.weights === undefined && isWhole) {
    return network.layers.map(({ name }) => ({
      layer: name,
      tensors: name === layer.name ? all : [],
    }));
  }
  return weightsOf(model, network).map((old) =>
    old.layer === layer.name
      ? { ...old, tensors: old.tensors.map((tensor) => given.get(tensor.name) ?? tensor) }
      : old,
  );
}

/** The named layer; without a name the only one that has weights. */
function chooseLayer(network: Network, name: string | undefined): NetworkLayer {
  const layers = network.layers.filter(({ weights }) => weights.length > 0);
  const names = layers.map((layer) => layer.name);
  if (name === undefined && layers.length === 1) return layers[0];
  const layer = layers.find((candidate) => candidate.name === name);
  if (layer) return layer;
  const near = name === undefined ? undefined : nearest(name, names);
  throw new UserError(
    ExitCode.usage,
    `--layer: expected a layer with weights; found ${name === undefined ? 'nothing' : quote(name)}`,
    near ? `did you mean ${quote(near)}?` : `there is ${names.map(quote).join(', ') || 'none'}`,
  );
}

function noSuchTensor(layer: NetworkLayer, name: string): UserError {
  return new UserError(
    ExitCode.model,
    `--${name}: expected a tensor that layer ${quote(layer.name)} has; found no ${name} in it`,
    `it has ${layer.weights.map((weight) => weight.name).join(', ')}`,
  );
}
