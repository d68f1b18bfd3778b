/** Checkpoints that somebody made: a state with a digest that fits, and values that no run comes to. */
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import type { StateValue } from '../../src/records.ts';
import { progressIn } from '../../src/training/progress.ts';
import { modelWith, run, throughFile } from './stopped-run.ts';

const plateau = { type: 'ReduceLROnPlateau', cooldown: 2 };
const early = { type: 'EarlyStopping', patience: 3, restore_best_weights: true };
const formula = { type: 'LearningRateScheduler', schedule: 'lr * 0.9' };
/** All that may be in a state; stopped after the second batch of the third epoch. */
const model = modelWith('adam', { callback: [early, plateau, formula], keep: 'best' }, 'reference');
const start = initialWeights(model.network, 7);
const stopped = run(model, null, start, 2 * 5 + 2).checkpoint;
const byLbfgs = modelWith('lbfgs', {}, 'reference');
const stoppedLbfgs = run(byLbfgs, null, start, 6).checkpoint;

type Plain = Record<string, StateValue>;

/** The state with another value in a place of it. */
function changed(state: StateValue, [key, ...rest]: readonly (string | number)[], value: unknown) {
  const copy = Array.isArray(state) ? [...state] : { ...(state as Plain) };
  const parts = copy as Record<string | number, unknown>;
  if (!(key in parts)) throw new Error(`the state has no ${key}`);
  parts[key] = rest.length === 0 ? value : changed(parts[key] as StateValue, rest, value);
  return copy as StateValue;
}

/** What is said of a state that goes on with a value of another. */
function answerTo(path: string, value: unknown, of: 'adam' | 'lbfgs'): string {
  const [checkpoint, goneOn] = of === 'adam' ? [stopped, model] : [stoppedLbfgs, byLbfgs];
  const keys = path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  const from = throughFile({
    ...checkpoint,
    state: changed(checkpoint.state, keys, value) as Plain,
  });
  try {
    run(goneOn, from, checkpoint.weights);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.exitCode).toBe(4);
    return error.problems.join('\n');
  }
  return 'accepted';
}

const LOGS = '"loss", "mae", "r2_score", "val_loss", "val_mae", "val_r2_score", "learning_rate"';
const RATE = 'a learning rate, 0 or more, that fits into 32-bit float';
const { logs } = stopped.state.progress as { logs: [string, number][][] };
const weights = 4 * 3 + 4 + 4 + 1;
const infinite = new Float32Array(weights).fill(Number.POSITIVE_INFINITY);

describe('is refused by its place', () => {
  test.each([
    ['progress.first', 1, '0; found 1'],
    // Fewer epochs than best weights and patience are of.
    ['progress.logs', [], 'callbacks.callbacks[0].best_epoch'],
    ['progress.logs.0', logs[0].slice(1), `${LOGS}; found "mae", "r2_score"`],
    ['progress.logs.1', [], `${LOGS}; found nothing`],
    ['progress.logs.1', [...logs[1], ['\u001b[2J', 1]], `${LOGS}; found `],
    ['progress.logs.1.1.0', 'maé', `progress.logs[1]: expected ${LOGS}; found "loss", "maé"`],
    ['progress.logs.1.0.1', Number.NaN, 'a finite number; found NaN'],
    ['progress.logs.1.3.1', Number.POSITIVE_INFINITY, 'a finite number; found Infinity'],
    ['progress.logs.1.1.1', 1e300, 'a number of 32-bit float; found 1e+300'],
    ['progress.step', 0, 'a whole number from 1 to 3; found 0'],
    ['progress.step', 4, 'a whole number from 1 to 3; found 4'],
    ['progress.step', 1, 'progress.means.rows: expected 8; found 16'],
    ['progress.means', null, 'progress.step: expected 0; found 2'],
    ['progress.means.rows', 0, '16; found 0'],
    ['progress.means.loss_sum', Number.NaN, 'a finite number; found NaN'],
    ['order', new Int32Array(22), 'each row once; found another order'],
    ['random.s0', 1, 'a number, 0 or more and less than 1; found 1'],
    ['run.optimizer.batches', -1, 'a whole number 0 or more; found -1'],
    ['run.optimizer.learning_rate', 1e308, `${RATE}; found 1e+308`],
    ['run.optimizer.learning_rate', -0.1, `${RATE}; found -0.1`],
    ['run.optimizer.learning_rate', Number.NaN, `${RATE}; found NaN`],
    ['callbacks.is_stopped', true, 'false, as the callbacks say; found true'],
    ['callbacks.callbacks.0.best_epoch', 2, 'a whole number from 0 to 1; found 2'],
    [
      'callbacks.callbacks.0.stopped_epoch',
      1e15,
      'a whole number from 0 to 1; found 1000000000000000',
    ],
    ['callbacks.callbacks.0.stopped_epoch', 1, 'is_stopped: expected true, as the callbacks say'],
    ['callbacks.callbacks.0.wait', 3, 'a whole number from 0 to 2; found 3'],
    ['callbacks.callbacks.0.best_weights', infinite, 'finite weights; found Infinity'],
    ['callbacks.callbacks.1.wait', 3, 'a whole number from 0 to 2; found 3'],
    ['callbacks.callbacks.1.cooldown', -1, 'a whole number 0 or more; found -1'],
    ['callbacks.callbacks.2.before', 1e308, `${RATE}; found 1e+308`],
    ['best.epoch', 2, 'a whole number from 0 to 1; found 2'],
    ['best.weights', infinite, 'finite weights; found Infinity'],
    [
      'best.weights',
      null,
      'the weights of its epoch, or nothing where there is none; found nothing',
    ],
    ['said', ['bored'], 'said[0]: expected one of dead, saturated, '],
  ])('%s: %j', (path, value, answer) => {
    const place = path.replace(/\.(\d+)/g, '[$1]');
    const said = answerTo(path, value, 'adam');
    expect(said).toMatch(/^model\.checkpoint\.json: state\.[\w.[\]]+: expected .+; found .+$/);
    // Where it shows elsewhere, the answer says where.
    const isElsewhere = /^(callbacks|progress|is_stopped|said)\b/.test(answer);
    expect(said).toContain(isElsewhere ? answer : `state.${place}: expected ${answer}`);
    // Nothing of it is a command to the terminal.
    expect(said).not.toContain('\u001b');
  });

  test.each([
    ['run.optimizer.current.value', Number.NaN, 'a finite number; found NaN'],
    ['run.optimizer.best', Number.NEGATIVE_INFINITY, 'a finite number; found -Infinity'],
    ['run.optimizer.pairs.0.curvature', 0, 'a number above 0; found 0'],
  ])('of lbfgs, %s: %j', (path, value, answer) => {
    const place = path.replace(/\.(\d+)/g, '[$1]');
    expect(answerTo(path, value, 'lbfgs')).toBe(
      `model.checkpoint.json: state.${place}: expected ${answer}`,
    );
  });
});

test('what a run does come to is gone on with', () => {
  expect(answerTo('progress.logs.1.2.1', Number.NaN, 'adam')).toBe('accepted');
  expect(answerTo('run.optimizer.learning_rate', 0, 'adam')).toBe('accepted');
  expect(answerTo('run.optimizer.current.value', 1, 'lbfgs')).toBe('accepted');
});

test('how far a run is is read from the state itself', () => {
  expect(progressIn(stopped.state, 'x')).toEqual({ epochs: 2, batches: 2 });
  const broken = changed(stopped.state, ['progress', 'logs'], 7);
  expect(() => progressIn(broken, 'x')).toThrow('x.progress.logs: expected a list; found 7');
});
