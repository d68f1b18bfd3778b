/** `--early-stopping`, `--reduce-lr`, `--lr-formula`, `--monitor`: callbacks from the command line. */
import { ExitCode, UserError } from '../errors.ts';
import { isObject } from '../is-object.ts';
import type { CallbackSpec } from '../spec/callbacks.ts';
import type { JsonObject } from '../spec/json.ts';
import { readSpec } from '../spec/read-spec.ts';
import { parseOption } from './option-values.ts';

export interface CallbackOptions {
  /** A patience, or the object form of the callback. */
  readonly earlyStopping?: string;
  readonly reduceLr?: string;
  readonly lrFormula?: string;
  /** What is watched where the callback does not say. */
  readonly monitor?: string;
  readonly keep?: 'last' | 'best';
}

/**
 * The spec's callbacks; those that an option asks for take the place of the same in the spec.
 *
 * @throws {UserError} exit 2 for what a spec would not take either, by the option
 */
export function overrideCallbacks(
  given: readonly CallbackSpec[],
  { earlyStopping, reduceLr, lrFormula, monitor, keep }: CallbackOptions,
): readonly CallbackSpec[] {
  checkMonitor({ earlyStopping, reduceLr, monitor, keep });
  const watch: JsonObject = monitor === undefined ? {} : { monitor };
  const asked: CallbackSpec[] = [];
  if (lrFormula !== undefined) {
    const fields = { schedule: lrFormula };
    asked.push(callbackOf('--lr-formula', 'LearningRateScheduler', fields));
  }
  if (reduceLr !== undefined) {
    const fields = { ...watch, ...fieldsOf(reduceLr, '--reduce-lr') };
    asked.push(callbackOf('--reduce-lr', 'ReduceLROnPlateau', fields));
  }
  if (earlyStopping !== undefined) {
    const fields = { ...watch, ...fieldsOf(earlyStopping, '--early-stopping') };
    asked.push(callbackOf('--early-stopping', 'EarlyStopping', fields));
  }
  const isReplaced = ({ type }: CallbackSpec) => asked.some((callback) => callback.type === type);
  return [...given.filter((callback) => !isReplaced(callback)), ...asked];
}

/** A value that nobody watches was meant to do something. */
function checkMonitor({ earlyStopping, reduceLr, monitor, keep }: CallbackOptions): void {
  if (monitor === undefined || earlyStopping !== undefined || reduceLr !== undefined) return;
  if (keep === 'best') return;
  throw new UserError(
    ExitCode.usage,
    '--monitor: expected --early-stopping, --reduce-lr or --keep best with it; found none of them',
    'add one, or name what to watch in "callbacks" of the spec',
  );
}

/** `5` is a patience; `{…}` is the object form. */
function fieldsOf(text: string, flag: string): JsonObject {
  const value = parseOption(text, flag);
  return isObject(value) ? value : { patience: value };
}

/** The formula is all that `--lr-formula` is given, so it needs no name in a message. */
const SCHEDULE = /^schedule: /;

/** The rules are those of a spec, so a spec it is that is read. */
function callbackOf(flag: string, type: string, fields: JsonObject): CallbackSpec {
  const callbacks = [{ ...fields, type }];
  const document = { input_shape: [1], layers: [{ units: 1 }], fit: { callbacks } };
  try {
    return readSpec(JSON.stringify(document), flag).spec.fit.callbacks[0];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const place = `${flag}: fit.callbacks[0].`;
    const problems = error.problems.map((problem) =>
      problem.startsWith(place)
        ? `${flag}: ${problem.slice(place.length).replace(SCHEDULE, '')}`
        : problem,
    );
    throw new UserError(error.exitCode, problems, error.remedy);
  }
}
