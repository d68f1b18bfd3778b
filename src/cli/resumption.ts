/** `--resume`: a checkpoint read, and what a run has to have in common with the one that wrote it. */
import { ExitCode, UserError } from '../errors.ts';
import { OUR_KEYS } from '../files/model-document.ts';
import { readState } from '../files/state.ts';
import { isObject } from '../is-object.ts';
import { MAX_SEED } from '../random.ts';
import type { StateValue } from '../records.ts';
import { type JsonObject, type JsonValue, ownValue } from '../spec/json.ts';
import { readDocument } from '../spec/read-spec.ts';
import { formatDocument, type Writable } from '../spec/write-spec.ts';
import { ENGINE_NAMES } from '../training/engine-names.ts';
import { libraryOf } from '../training/engine-notes.ts';
import type { Resumption } from '../training/fit.ts';
import { describe } from '../words.ts';
import type { CallbackOptions } from './callback-options.ts';
import { type Difference, differences } from './differences.ts';
import type { Io } from './io.ts';
import { type Model, readModel, type Trust } from './model-input.ts';
import { choice, decimal, text, type ValueParser } from './option-values.ts';
import { whyNotAnyway } from './resume-check.ts';
import { shellWord } from './resume-command.ts';
import { digestsOf, rowDifferences } from './samples-digest.ts';
import { type SplitOptions, splitWord } from './split-option.ts';
import type { SettledRun } from './train-run.ts';
import { columnsRecord, runRecord, trainedSpec } from './training-record.ts';

/** A checkpoint to go on from. */
export interface Resumed {
  /** With the settings of its run in the place of those of its spec. */
  readonly model: Model;
  readonly seed: number;
  readonly engine: (typeof ENGINE_NAMES)[number];
  /** What only options say. */
  readonly options: Pick<CallbackOptions, 'keep' | 'monitor'> &
    Pick<SplitOptions, 'split' | 'testSplit'>;
  readonly training: JsonObject;
  readonly state: StateValue;
}

/** What of the settings of `runRecord` a spec says in `fit`; `compile` is in the checkpoint's own spec. */
export const FIT_KEYS = [
  'epochs',
  'initial_epoch',
  'batch_size',
  'validation_split',
  'validation_batch_size',
  'validation_freq',
  'shuffle',
  'callbacks',
  'class_weight',
];

/**
 * Reads a checkpoint.
 *
 * @throws {UserError} exit 4 for a model that is none, or one that was changed; whatever is wrong with it
 */
export async function readResumed(io: Io, path: string, trust: Trust): Promise<Resumed> {
  const model = await readModel(io, path, [], trust, '--resume');
  const { source, document, state } = model;
  if (state === undefined) throw noCheckpoint(source);
  const training = recordOf(model.training, `${source}: training`);
  const settings = recordOf(training.settings, `${source}: training.settings`);
  const taken = FIT_KEYS.filter((key) => Object.hasOwn(settings, key));
  const own = ownValue(document, 'fit');
  const fit = Object.fromEntries(taken.map((key) => [key, settings[key]]));
  const settled = { ...document, fit: { ...(isObject(own) ? own : {}), ...fit } };
  return {
    model: { ...model, spec: readDocument(settled, `${source}: training.settings`).spec },
    ...identityOf(training, source),
    options: optionsOf(settings, source),
    training,
    state: readState(state, source),
  };
}

function noCheckpoint(source: string): UserError {
  return new UserError(
    ExitCode.model,
    `${source}: expected a checkpoint; found a model without "state"`,
    `to train a model on with another run, name it: mlp train ${shellWord(source)} --data FILE`,
  );
}

function recordOf(value: JsonValue | undefined, place: string): JsonObject {
  if (isObject(value)) return value;
  throw new UserError(
    ExitCode.model,
    `${place}: expected what a checkpoint says of its run; found none`,
  );
}

/** What of them only options say. */
export const OPTION_KEYS = ['keep', 'monitor', 'split', 'test_split'] as const;

/** The seed and the engine. What is not said of them is left to the comparison to find. */
function identityOf(training: JsonObject, source: string): Pick<Resumed, 'seed' | 'engine'> {
  const { seed, engine } = training;
  const known = ENGINE_NAMES.find((name) => name === engine);
  const isSeed = typeof seed === 'number' && Number.isInteger(seed) && seed >= 0;
  if (isSeed && seed <= MAX_SEED && known) return { seed, engine: known };
  throw new UserError(
    ExitCode.model,
    `${source}: training: expected the seed and the engine of a run; found none, or others than this mlp has`,
  );
}

function optionsOf(settings: JsonObject, source: string): Resumed['options'] {
  const share = decimal('a share', (x) => x >= 0 && x < 1);
  const said = <Value>(key: (typeof OPTION_KEYS)[number], parse: ValueParser<Value>) =>
    saidIn(settings, key, parse, source);
  return {
    keep: said('keep', choice(['last', 'best'] as const)),
    monitor: said('monitor', text),
    split: said('split', splitWord),
    testSplit: said('test_split', share),
  };
}

/** What an option was, if it was given: a text or a number, by the rules of the option. */
function saidIn<Value>(
  settings: JsonObject,
  key: string,
  parse: ValueParser<Value>,
  source: string,
): Value | undefined {
  const value = ownValue(settings, key);
  if (value === undefined || value === null) return undefined;
  const place = `${source}: training.settings.${key}`;
  if (typeof value === 'object' || typeof value === 'boolean') {
    const problem = `${place}: expected a text or a number; found ${describe(value)}`;
    throw new UserError(ExitCode.model, problem);
  }
  try {
    return parse(String(value), place);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(ExitCode.model, error.problems, error.remedy);
  }
}

/**
 * What a run goes on from, once it is known to be the one that was stopped.
 *
 * @param notes  gets the differences that the user passes over
 * @throws {UserError} exit 4, naming all that differs, unless `anyway` and the state fits all the same
 */
export function resumptionOf(
  { model, training, state }: Resumed,
  run: SettledRun,
  anyway: boolean,
  notes: string[],
): Resumption {
  const parts = sectionsOf(state, model.source);
  const ofRows = rowDifferences(parts.rows, digestsOf(run.train, run.validation));
  const { spec, seed, settings } = parts;
  const ofRun = differencesOf(model, { ...training, seed, settings }, spec, run);
  const isSameRate = !ofRun.some(({ path }) => path.startsWith(RATE));
  const isSameRows = ofRows.length === 0;
  const isSameBatches = isSameRows && !ofRun.some(({ path }) => MEASURED.test(path));
  const from = {
    state: parts.fit,
    source: model.source,
    isSameRun: isSameRows && ofRun.length === 0,
    isSameRows,
    isSameBatches,
    isSameRate,
  };
  const lines = [
    ...ofRun.map((difference) => describeDifference(model.source, difference)),
    ...ofRows.map((line) => `${model.source}: ${line}`),
  ];
  if (lines.length === 0) return from;
  const whyNot = whyNotAnyway(model, run, from);
  if (whyNot !== null) throw differs(lines, AS_IT_WAS, ...whyNot);
  if (!anyway) throw differs(lines, `${AS_IT_WAS}, or add --resume-anyway`);
  notes.push(...lines.map((line) => `note: ${line}`));
  return from;
}

const AS_IT_WAS = 'go on with what the checkpoint was written with';

function differs(lines: readonly string[], ...remedies: readonly string[]): UserError {
  return new UserError(ExitCode.model, lines, remedies.join('\n'));
}

/** Where the settings have the rate, or the schedule of it. */
const RATE = 'optimizer.learning_rate';
/** What the numbers of an epoch that is under way depend on: a mean of two losses is none. */
const MEASURED = /^(?:batch_size|loss|metrics|weighted_metrics)\b/;

/**
 * @param training    what the checkpoint says of its run
 * @param specBefore  the spec of that run; that of the document may have been changed since
 */
function differencesOf(
  model: Model,
  training: Readonly<Record<string, unknown>>,
  specBefore: unknown,
  run: SettledRun,
): Difference[] {
  const { settings: before, ...identity } = training;
  const { settings: now, ...own } = plain(runRecord(run)) as JsonObject;
  const isSameEngine = identity.engine === run.computing.engine;
  const columns = run.data.columns ? plain(columnsRecord(run.data.columns)) : undefined;
  return [
    ...Object.entries(own).flatMap(([key, value]) => differences(identity[key], value, [key])),
    ...differences(identity.engine, run.computing.engine, ['engine']),
    ...(isSameEngine ? differences(identity.blas, libraryOf(run.computing), ['blas']) : []),
    ...differences(withoutEpochs(before), withoutEpochs(now), []),
    ...differences(specBefore, specOf(run), []),
    ...differences(model.columns, columns, ['columns']),
  ];
}

/** More or fewer epochs are the same run, longer or shorter. */
function withoutEpochs(settings: unknown): unknown {
  return isObject(settings) ? { ...settings, epochs: undefined } : settings;
}

/** The spec of a run. What compile and fit come to is compared as settings. */
function specOf(run: SettledRun): JsonObject {
  const document = plain(trainedSpec(run)) as JsonObject;
  const skipped: readonly string[] = [...OUR_KEYS, 'compile', 'fit', 'data'];
  return Object.fromEntries(Object.entries(document).filter(([key]) => !skipped.includes(key)));
}

/** A document as it would be read from a file. */
function plain(document: Writable): JsonValue {
  return JSON.parse(formatDocument(document));
}

function describeDifference(source: string, { path, was, is }: Difference): string {
  return `${source}: ${path}: expected ${was}, as when it was written; found ${is}`;
}

/**
 * The section of a checkpoint: what `fit` remembers, and what was trained on what. Spec, seed and settings stand
 * in the document, too, but there anybody may change them.
 */
export function stateParts(fit: StateValue, run: SettledRun): StateValue {
  const { settings } = runRecord(run);
  const rows = digestsOf(run.train, run.validation);
  return { rows, spec: specOf(run), seed: run.seed, settings: plain(settings), fit };
}

const PARTS = ['rows', 'spec', 'seed', 'settings', 'fit'] as const;

function sectionsOf(state: StateValue, source: string): Record<(typeof PARTS)[number], StateValue> {
  if (isObject(state) && PARTS.every((key) => Object.hasOwn(state, key)))
    return state as Record<(typeof PARTS)[number], StateValue>;
  const problem = `${source}: state: expected ${PARTS.join(', ')}; found others`;
  throw new UserError(ExitCode.model, problem, 'another version of mlp wrote this checkpoint');
}
