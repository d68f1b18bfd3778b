/**
 * The published JSON Schema of the model document, for editors. The converter is heavy for a
 * command that starts in milliseconds: import this file only when the schema is asked for.
 */
import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { activation, activationTable } from './activations.ts';
import { callback } from './callbacks.ts';
import { compileSection, dataSection, fitSection } from './compile.ts';
import { constraint } from './constraints.ts';
import { initializer } from './initializers.ts';
import { layer } from './layers.ts';
import { loss } from './losses.ts';
import { metric } from './metrics.ts';
import { learningRate, optimizer } from './optimizers.ts';
import { regularizer } from './regularizers.ts';
import { schedule } from './schedules.ts';
import { documentSchema, layersSchema } from './schema.ts';

/** The parts that stand under a name of their own, `#/$defs/layer`. */
const parts: Readonly<Record<string, v.LazySchema<v.GenericSchema>>> = {
  layers: layersSchema,
  layer,
  activation,
  activations: activationTable,
  initializer,
  regularizer,
  constraint,
  compile: compileSection,
  optimizer,
  learning_rate: learningRate,
  schedule,
  loss,
  metric,
  callback,
  fit: fitSection,
  data: dataSection,
};

/**
 * The JSON Schema (draft 7) of what `readSpec` takes in our own form. Keras's serialised forms are
 * read too and not described; formulas are plain text to it.
 */
export function jsonSchema(): object {
  const definitions = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, part.getter(undefined)]),
  );
  const { $schema, ...schema } = toJsonSchema(documentSchema.getter(undefined), {
    typeMode: 'input',
    definitions,
    // Rules that JSON Schema cannot say: fits float32, which unknown key was meant.
    ignoreActions: ['check', 'raw_check', 'finite'],
  });
  return {
    $schema,
    title: 'mlp model',
    description: "A neural network in Keras's words, and what mlp has learned about it.",
    ...schema,
  };
}
