/**
 * The model document, declared once: its keys, types and defaults. Types, checks and the JSON Schema
 * that `mlp schema` prints all come from here and from the tables it names.
 */
import * as v from 'valibot';
import { formatThousands } from '../words.ts';
import { activationTable } from './activations.ts';
import { compileSection, dataSection, fitSection } from './compile.ts';
import { layer } from './layers.ts';
import { MAX_LAYERS } from './limits.ts';
import { objectOf, refuse } from './objects.ts';
import { shape } from './shapes.ts';
import { expected, nameText } from './values.ts';

/** What the files of this program call themselves, and the version it reads and writes. */
export const FORMAT = 'mlp-model';
export const FORMAT_VERSION = 1;

const mostLayers = (count: number) =>
  `expected at most ${formatThousands(MAX_LAYERS)} layers; found ${formatThousands(count)}`;
const layerList = v.pipe(
  v.array(layer, expected('an array of layers')),
  v.minLength(1, 'expected at least one layer; found none'),
  v.maxLength(MAX_LAYERS, ({ input }) => mostLayers(input.length)),
);
const tooManyLayers = refuse((input) => mostLayers(Array.isArray(input) ? input.length : 0));

/** `layers`, counted before each is looked at, which takes seconds for some hundred thousand. */
export const layersSchema = v.lazy((input) =>
  Array.isArray(input) && input.length > MAX_LAYERS ? tooManyLayers : layerList,
);

/** The document that a spec or a trained model is. */
export const documentSchema = objectOf({
  $schema: v.optional(v.string(expected('the address of a JSON Schema'))),
  name: v.optional(nameText(), 'sequential'),
  input_shape: v.optional(v.nullable(shape), null),
  layers: layersSchema,
  activations: v.optional(activationTable),
  compile: v.optional(compileSection),
  fit: v.optional(fitSection, {}),
  data: v.optional(dataSection, {}),
  // What only trained models have. Who reads weights, columns, … checks them.
  format: v.optional(v.literal(FORMAT)),
  version: v.optional(v.literal(FORMAT_VERSION)),
  weights: v.optional(v.unknown()),
  columns: v.optional(v.unknown()),
  digest: v.optional(v.unknown()),
  history: v.optional(v.unknown()),
  training: v.optional(v.unknown()),
  // What only checkpoints have.
  state: v.optional(v.unknown()),
});

/** A document as checked: defaults filled in, names not yet given. */
export type DocumentFields = v.InferOutput<typeof documentSchema>;
