/** `mlp get-weights`: weights for people (as Python prints them) and for programs. */
import { Command } from '@commander-js/extra-typings';
import { encodeNpy } from '../../data/npy.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { weightsSection } from '../../files/weights.ts';
import { shortestFloat32 } from '../../float32.ts';
import { formatShape, type LayerWeights, type NamedTensor } from '../../ndarray.ts';
import { numpyList, numpyStr } from '../../report/numpy.ts';
import { formatDocument } from '../../spec/write-spec.ts';
import { quote } from '../../words.ts';
import type { Io } from '../io.ts';
import { networkOf, readModel, SPEC_FILE, TRAINED_FILE, weightsOf } from '../model-input.ts';
import { choice, text, unknownName, valueOption } from '../option-values.ts';
import { modelArgument, noVerifyOption } from '../shared-options.ts';

/** What was asked for: the weights of some layers, of which one tensor if `tensor` is given. */
interface Selection {
  readonly layers: readonly LayerWeights[];
  readonly layer?: string;
  readonly tensor?: NamedTensor;
}

const DEFAULTS = [TRAINED_FILE, SPEC_FILE];

/** How a selection is written, by the word after --format. */
const formats = Object.freeze({
  numpy: ({ layers, tensor }: Selection) =>
    `${tensor ? numpyStr(tensor) : numpyList(layers.flatMap(({ tensors }) => tensors))}\n`,
  json: formatJson,
  csv: (selection: Selection) => formatCsv(single(selection, 'csv')),
  npy: (selection: Selection) => encodeNpy(single(selection, 'npy')),
});
type Format = keyof typeof formats;
const FORMATS: readonly Format[] = ['numpy', 'json', 'csv', 'npy'];

export function command(io: Io) {
  return new Command()
    .addHelpText('before', 'mlp get-weights model.trained.json --layer dense --tensor kernel\n')
    .addArgument(modelArgument(DEFAULTS))
    .addOption(valueOption('--layer <NAME>', 'of this layer only', text))
    .addOption(
      valueOption('--tensor <NAME>', 'this tensor of the layer only, for example kernel', text),
    )
    .addOption(
      valueOption('--format <FORMAT>', FORMATS.join(', '), choice(FORMATS)).default(
        'numpy' as const,
      ),
    )
    .addOption(noVerifyOption())
    .action(async (path, options) => {
      const model = await readModel(io, path, DEFAULTS, options);
      const weights = weightsOf(model, networkOf(model));
      const selection = select(weights, options.layer, options.tensor);
      await io.stdout.write(formats[options.format](selection));
    });
}

function select(
  weights: readonly LayerWeights[],
  layerName: string | undefined,
  tensorName: string | undefined,
): Selection {
  if (layerName === undefined) {
    if (tensorName === undefined) return { layers: weights };
    throw new UserError(
      ExitCode.usage,
      `--tensor: expected --layer NAME with it; found --tensor ${quote(tensorName)} alone`,
      `layers: ${weights.map(({ layer }) => layer).join(', ')}`,
    );
  }
  const layer = weights.find((candidate) => candidate.layer === layerName);
  if (!layer)
    throw unknownName(
      '--layer',
      'a layer',
      layerName,
      weights.map((each) => each.layer),
    );
  if (tensorName === undefined) return { layers: [layer], layer: layerName };
  const tensor = layer.tensors.find(({ name }) => name === tensorName);
  if (tensor) return { layers: [layer], layer: layerName, tensor };
  throw unknownName(
    '--tensor',
    `a tensor of ${quote(layerName)}`,
    tensorName,
    layer.tensors.map(({ name }) => name),
  );
}

/** The only tensor of a selection, for formats that hold one array. */
function single({ layers, tensor }: Selection, format: Format): NamedTensor {
  const tensors = tensor ? [tensor] : layers.flatMap((layer) => layer.tensors);
  if (tensors.length === 1) return tensors[0];
  throw new UserError(
    ExitCode.usage,
    `--format ${format}: expected one tensor; found ${tensors.length}`,
    'choose one with --layer NAME --tensor NAME',
  );
}

function formatJson({ layers, layer, tensor }: Selection): string {
  const section = weightsSection(layers);
  if (layer === undefined) return formatDocument(section);
  const tensors = section[layer] ?? {};
  if (!tensor) return formatDocument(tensors);
  return formatDocument(tensor);
}

/** Rows of a matrix; a vector is one row. */
function formatCsv({ shape, values, name }: NamedTensor): string {
  if (shape.length > 2) {
    throw new UserError(
      ExitCode.usage,
      `--format csv: expected a tensor of one or two axes; found ${name} of shape ${formatShape(shape)}`,
      'choose --format json or npy',
    );
  }
  const width = shape.at(-1) ?? 1;
  let csv = '';
  for (let start = 0; start < values.length; start += width) {
    csv += `${Array.from(values.subarray(start, start + width), shortestFloat32).join(',')}\n`;
  }
  return csv;
}
