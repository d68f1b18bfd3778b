/**
 * What changes from step to step, counted as Keras's optimizers count: the learning rate, the number
 * of the update, the running averages' share, and whether gradients are only gathered.
 */
import type { Session } from '../engine/engine.ts';
import { BLOCKS, type Parameters } from '../nn/forward.ts';
import { AVERAGE } from '../nn/optimizers/slots.ts';
import { STEP_INPUTS } from '../nn/step.ts';
import type { StepOptimizerSpec } from '../spec/optimizers.ts';
import { scheduledRate } from './schedules.ts';

export class OptimizerClock {
  readonly #session: Session;
  readonly #optimizer: StepOptimizerSpec;
  /** Batches that have been trained on (Keras's `_iterations`). */
  #batches = 0;
  #learningRate = 0;

  constructor(session: Session, optimizer: StepOptimizerSpec) {
    this.#session = session;
    this.#optimizer = optimizer;
    const { learning_rate: rate } = optimizer;
    this.learningRate = typeof rate === 'number' ? rate : scheduledRate(rate, 0);
  }

  /** The rate of the next step, a float32. A schedule sets it again before each step. */
  get learningRate(): number {
    return this.#learningRate;
  }

  set learningRate(rate: number) {
    this.#learningRate = Math.fround(rate);
    this.#session.write(STEP_INPUTS.learningRate, [rate]);
  }

  /** One step on the first `count` samples of the session's inputs. */
  trainOn(count: number): void {
    this.#writeNumbers();
    this.#batches++;
    const { gradient_accumulation_steps: gathered = 1 } = this.#optimizer;
    const program = this.#batches % gathered === 0 ? 'train' : 'accumulate';
    this.#session.run(program, count, this.#batches);
    const { learning_rate: rate } = this.#optimizer;
    if (typeof rate !== 'number') this.learningRate = scheduledRate(rate, this.#batches);
  }

  /** With `use_ema`, puts the averages in the place of the weights. */
  finish({ trainable }: Parameters): void {
    if (!this.#optimizer.use_ema || !trainable) return;
    const averages = new Float32Array(trainable.shape.cols);
    this.#session.read(AVERAGE, averages);
    this.#session.write(BLOCKS.trainable, averages);
  }

  /** Writes what is not the same in every step. */
  #writeNumbers(): void {
    const { use_ema, ema_momentum = 0, ema_overwrite_frequency: frequency } = this.#optimizer;
    const { gradient_accumulation_steps: gathered = 1 } = this.#optimizer;
    // Updates that are done (Keras's `iterations`).
    const updates = Math.floor(this.#batches / gathered);
    this.#session.write(STEP_INPUTS.step, [updates + 1]);
    if (!use_ema) return;
    // The first averages are the weights themselves.
    this.#session.write(STEP_INPUTS.emaMomentum, [updates === 0 ? 0 : ema_momentum]);
    if (frequency === undefined) return;
    const isDue = (updates + 1) % frequency === 0;
    this.#session.write(STEP_INPUTS.emaOverwrite, [isDue ? 1 : 0]);
  }
}
