/**
 * LearningRateScheduler: the rate of each epoch by a formula in `epoch` (from 0) and `lr` (the rate so
 * far). It is computed like all formulas, in float32 by the engine, so that a rate has the same bits on
 * every machine.
 */
import { prepare } from '../../engine/choose.ts';
import type { Session } from '../../engine/engine.ts';
import { shortestFloat32 } from '../../float32.ts';
import { Graph } from '../../graph/graph.ts';
import { lowerNamed } from '../../graph/lower.ts';
import { scalar } from '../../graph/ops.ts';
import { makePlan } from '../../graph/plan.ts';
import type { Logs, StateValue } from '../../records.ts';
import type { CallbackOf } from '../../spec/callbacks.ts';
import type { StateReader } from '../state-reader.ts';
import { type Callback, type Control, RATE_NAME, RateFailed } from './callback.ts';

/** The names in a schedule's formula, and its one program and result. */
const EPOCH = 'epoch';
const LR = 'lr';
const RATE = 'rate';

export class LearningRateScheduler implements Callback {
  readonly logs = [RATE_NAME];
  readonly #spec: CallbackOf<'LearningRateScheduler'>;
  readonly #session: Session;
  /** The rate before the epoch that is under way, or was last; null before the first. */
  #before: number | null = null;

  constructor(spec: CallbackOf<'LearningRateScheduler'>) {
    this.#spec = spec;
    const graph = new Graph();
    const names = { [EPOCH]: scalar(graph, EPOCH), [LR]: scalar(graph, LR) };
    const rate = lowerNamed(graph, spec.schedule.expression, names);
    const plan = makePlan(graph, { [RATE]: [rate] }, { [RATE]: rate }, 1);
    // Formulas have no chance in them, so any seed will do; for one number the plainest engine, too.
    this.#session = prepare(plan, 0, { engine: 'reference' }).session;
  }

  /** @throws {RateFailed} where the formula gives no finite rate of 0 or more */
  onEpochBegin(epoch: number, control: Control): void {
    const { schedule, verbose } = this.#spec;
    this.#before = control.learningRate;
    this.#session.write(EPOCH, [epoch]);
    this.#session.write(LR, [control.learningRate]);
    this.#session.run(RATE, 1, 0);
    const rate = this.#session.readNumber(RATE);
    if (!(Number.isFinite(rate) && rate >= 0)) {
      const expected = 'LearningRateScheduler: expected a rate of 0 or more';
      throw new RateFailed(
        `epoch ${epoch + 1}: ${expected}; found ${shortestFloat32(rate)}`,
        `the formula is ${schedule.text}`,
      );
    }
    control.learningRate = rate;
    if (verbose > 0) {
      const what = 'LearningRateScheduler setting learning rate to';
      control.say(`\nEpoch ${epoch + 1}: ${what} ${rate}.`);
    }
  }

  onEpochEnd(_epoch: number, _logs: Logs, control: Control): void {
    control.log(RATE_NAME, control.learningRate);
  }

  /** A formula in `lr` would be applied twice to an epoch that begins twice. */
  undoEpochBegin(control: Control): void {
    if (this.#before !== null) control.learningRate = this.#before;
  }

  state(): StateValue {
    return { before: this.#before };
  }

  resume(state: StateReader): void {
    this.#before = state.part('before').isNone ? null : state.rate('before');
  }
}
