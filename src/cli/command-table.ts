/** The subcommands: what each is for, and where it lives. Nothing is loaded before it is used. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Io } from './io.ts';

/** A file of `commands/`: makes the command with its options; main.ts gives it name and purpose. */
interface CommandModule {
  readonly command: (io: Io) => CommandUnknownOpts;
}

interface CommandEntry {
  readonly purpose: string;
  readonly load: () => Promise<CommandModule>;
}

/** In the order in which help lists them. */
export const commandTable = Object.freeze({
  columns: {
    purpose: 'print what the columns of a data file are',
    load: () => import('./commands/columns.ts'),
  },
  new: { purpose: 'make a model spec from a data file', load: () => import('./commands/new.ts') },
  summary: { purpose: 'print the table of layers', load: () => import('./commands/summary.ts') },
  init: { purpose: 'give a model its initial weights', load: () => import('./commands/init.ts') },
  train: { purpose: 'fit a model to data', load: () => import('./commands/train.ts') },
  predict: { purpose: 'rows in, predictions out', load: () => import('./commands/predict.ts') },
  evaluate: {
    purpose: 'measure a model on rows with targets',
    load: () => import('./commands/evaluate.ts'),
  },
  'get-weights': { purpose: 'print weights', load: () => import('./commands/get-weights.ts') },
  'set-weights': { purpose: 'replace weights', load: () => import('./commands/set-weights.ts') },
  spec: {
    purpose: 'print the spec of a model, or write it for Keras',
    load: () => import('./commands/spec.ts'),
  },
  schema: {
    purpose: 'print the JSON Schema of model files',
    load: () => import('./commands/schema.ts'),
  },
} satisfies Record<string, CommandEntry>) as Readonly<Record<string, CommandEntry>>;
