/** The MODEL of a command: which file it is, what is in it, and the network it describes. */
import { basename, dirname, join } from 'node:path';
import { MAX_WHOLE_TEXT, openSource, readBytes, STANDARD_INPUT } from '../data/source.ts';
import { ExitCode, UserError } from '../errors.ts';
import { checkColumnsDigest, checkWeightsDigest } from '../files/digest.ts';
import { decodeText, exists } from '../files/read-text.ts';
import { checkWeights } from '../files/weights.ts';
import type { LayerWeights } from '../ndarray.ts';
import { buildNetwork, type Network } from '../nn/network.ts';
import { type ModelDocument, placeOfLayer, readSpec } from '../spec/read-spec.ts';
import { quote } from '../words.ts';
import { isTableName } from './input-format.ts';
import type { Io } from './io.ts';

/** What commands that need a spec take where no MODEL is named. */
export const SPEC_FILE = 'model.json';
/** What commands that need weights take first. */
export const TRAINED_FILE = 'model.trained.json';

/** A model file is one JSON text. */
const WHOLE_MODEL = {
  limit: MAX_WHOLE_TEXT,
  exitCode: ExitCode.usage,
  remedy: 'is this a model file? data are named with --data',
} as const;

/** A model file that was read. */
export interface Model extends ModelDocument {
  readonly path: string;
  /** The file's name in messages. */
  readonly source: string;
}

/** How much a command trusts a model file. */
export interface Trust {
  /** Whether what was learnt must be what its digests say; no, where it is not used or the user says so. */
  readonly verify: boolean;
}

/**
 * Reads MODEL, or the first of `defaults` that is there.
 *
 * @param what  names the file on the command line
 * @throws {UserError} exit 2 where no MODEL is named and none of `defaults` is there; whatever is
 *   wrong with the file
 */
export async function readModel(
  io: Io,
  path: string | undefined,
  defaults: readonly string[],
  trust: Trust,
  what: 'MODEL' | '--resume' = 'MODEL',
): Promise<Model> {
  if (path !== undefined && isTableName(path)) throw tableAsModel(path, what);
  const chosen = path ?? defaults.find(exists);
  if (chosen !== undefined) return readModelFile(io, chosen, trust);
  throw new UserError(
    ExitCode.usage,
    `MODEL: expected a model file; found no ${defaults.join(' and no ')} in this folder`,
    exists(TRAINED_FILE)
      ? `there is ${TRAINED_FILE}: name it after the command`
      : 'name one after the command, or make one from data: mlp new --data FILE -o model.json',
  );
}

/** An unquoted pattern leaves its second file where MODEL is expected. */
function tableAsModel(path: string, what: 'MODEL' | '--resume'): UserError {
  const expected = what === 'MODEL' ? 'a model file' : 'a checkpoint';
  return new UserError(
    ExitCode.usage,
    `${what}: expected ${expected}; found ${quote(path)}, which is called as a table is`,
    "a table is named with --data FILE; for several put the pattern in quotes: --data 'part-*.csv'",
  );
}

async function readModelFile(io: Io, path: string, { verify }: Trust): Promise<Model> {
  const source = await openSource(path, io.stdin);
  const text = decodeText(await readBytes(source, WHOLE_MODEL), source.name, ExitCode.usage);
  const read = readSpec(text, source.name);
  const digest = verify ? read.digest : undefined;
  checkColumnsDigest(digest, read.columns, source.name);
  return { ...read, digest, path, source: source.name };
}

/**
 * The network of a model whose input shape is known.
 *
 * @throws {UserError} exit 2 where the spec has no input shape
 */
export function networkOf(model: Model): Network {
  if (model.spec.input_shape) return networkFor(model, model.spec.input_shape);
  throw new UserError(
    ExitCode.usage,
    `${model.source}: input_shape: expected the shape of one input row; found nothing`,
    'add "input_shape": [N] at the top; only "mlp train" takes it from the data',
  );
}

/**
 * The network of a model for inputs of this shape.
 *
 * @throws {UserError} exit 2 where it would be too large or a layer does not suit its input
 */
export function networkFor(model: Model, inputShape: readonly number[]): Network {
  return buildNetwork(
    model.spec,
    inputShape,
    (index, key) => `${model.source}: ${placeOfLayer(model, index, key)}`,
  );
}

/**
 * The weights in a model file, checked against its network and their digests.
 *
 * @throws {UserError} exit 4 where there are none, they do not fit or have changed
 */
export function weightsOf(model: Model, network: Network): LayerWeights[] {
  if (model.weights !== undefined) {
    const weights = checkWeights(model.weights, network.layers, model.source);
    checkWeightsDigest(model.digest, weights, model.source);
    return weights;
  }
  throw new UserError(
    ExitCode.model,
    `${model.source}: weights: expected the weights of the layers; found none yet`,
    'train the model first, or give it initial weights: mlp train, mlp init',
  );
}

/**
 * Where a command puts its result if nobody says: beside MODEL, `model.json` → `model.KIND.json`.
 * The result of standard input goes to the current folder.
 */
export function defaultOutput(
  path: string,
  kind: 'trained' | 'init' | 'weights' | 'checkpoint',
): string {
  if (path === STANDARD_INPUT) return `model.${kind}.json`;
  const stem = basename(path).replace(/(\.(trained|init|weights|checkpoint))?\.json$/, '');
  return join(dirname(path), `${stem}.${kind}.json`);
}
