/**
 * What changes from step to step, counted as Keras's optimizers count: the learning rate, the number
 * of the update, the running averages' share, and whether gradients are only gathered.
 */
import type { Series, Session, Stretch } from '../engine/engine.ts';
import { BLOCKS, type Parameters } from '../nn/forward.ts';
import { AVERAGE } from '../nn/optimizers/slots.ts';
import { STEP_INPUTS } from '../nn/step.ts';
import type { StateValue } from '../records.ts';
import type { StepOptimizerSpec } from '../spec/optimizers.ts';
import { scheduledRate } from './schedules.ts';
import type { StateReader } from './state-reader.ts';

export class OptimizerClock {
  readonly #session: Session;
  readonly #optimizer: StepOptimizerSpec;
  /** Batches that have been trained on (Keras's `_iterations`). */
  #batches = 0;
  #learningRate = 0;
  #lastRate = 0;

  constructor(session: Session, optimizer: StepOptimizerSpec) {
    this.#session = session;
    this.#optimizer = optimizer;
    const { learning_rate: rate } = optimizer;
    this.learningRate = typeof rate === 'number' ? rate : scheduledRate(rate, 0);
  }

  /** The rate of the next step, a float32. A schedule sets it again before each step. */
  get learningRate(): number {
    return Math.fround(this.#learningRate);
  }

  set learningRate(rate: number) {
    this.#learningRate = rate;
  }

  /** Of the last step that `next` gave: its rate, and what its chance is keyed by. */
  get lastStep(): { readonly rate: number; readonly step: number } {
    return { rate: Math.fround(this.#lastRate), step: this.#batches };
  }

  /** The next `steps` steps: their programs, and the numbers that are written before each. */
  next(steps: number): Pick<Series, 'steps' | 'programs' | 'numbers' | 'firstStep'> {
    const before = this.#batches;
    const programs = this.#programs(steps);
    const numbers = this.#numbers(steps);
    this.#batches += steps;
    return { steps, programs, numbers, firstStep: before + 1 };
  }

  state(): StateValue {
    return { batches: this.#batches, learning_rate: this.#learningRate };
  }

  /**
   * Goes on where another clock gave its state.
   *
   * @param isSameRate  whether that clock's rate is taken, too
   * @throws {UserError} exit 4 where it is none
   */
  resume(state: StateReader, isSameRate: boolean): void {
    this.#batches = state.count('batches');
    const was = state.rate('learning_rate');
    const { learning_rate: rate } = this.#optimizer;
    if (typeof rate !== 'number') this.learningRate = scheduledRate(rate, this.#batches);
    else if (isSameRate) this.#learningRate = was;
  }

  /** With `use_ema`, puts the averages in the place of the weights. */
  finish({ trainable }: Parameters): void {
    if (!this.#optimizer.use_ema || !trainable) return;
    const averages = new Float32Array(trainable.shape.cols);
    this.#session.read(AVERAGE, averages);
    this.#session.write(BLOCKS.trainable, averages);
  }

  #programs(steps: number): Series['programs'] {
    const { gradient_accumulation_steps: gathered = 1 } = this.#optimizer;
    if (gathered === 1) return [{ program: 'train', steps }];
    const programs: Stretch[] = [];
    for (let done = 0; done < steps; ) {
      const toGather = gathered - 1 - ((this.#batches + done) % gathered);
      const next =
        toGather > 0
          ? { program: 'accumulate', steps: Math.min(toGather, steps - done) }
          : { program: 'train', steps: 1 };
      programs.push(next);
      done += next.steps;
    }
    return programs;
  }

  /** What is not the same in every step. */
  #numbers(steps: number): Series['numbers'] {
    const { gradient_accumulation_steps: gathered = 1 } = this.#optimizer;
    const { use_ema, ema_momentum = 0, ema_overwrite_frequency: frequency } = this.#optimizer;
    // The number of each step's update, from 1: Keras's `iterations` after it.
    const updates = new Float64Array(steps);
    for (let step = 0; step < steps; step++) {
      updates[step] = Math.floor((this.#batches + step) / gathered) + 1;
    }
    const numbers = [this.#rates(steps), { name: STEP_INPUTS.step, values: updates }];
    if (!use_ema) return numbers;
    // The first averages are the weights themselves.
    const momenta = updates.map((update) => (update === 1 ? 0 : ema_momentum));
    numbers.push({ name: STEP_INPUTS.emaMomentum, values: momenta });
    if (frequency === undefined) return numbers;
    const areDue = updates.map((update) => Number(update % frequency === 0));
    return [...numbers, { name: STEP_INPUTS.emaOverwrite, values: areDue }];
  }

  /** The rate of each of the next steps; a schedule's next one is in force afterwards. */
  #rates(steps: number): Series['numbers'][number] {
    const values = new Float64Array(steps);
    const { learning_rate: rate } = this.#optimizer;
    values.fill(this.#learningRate);
    if (typeof rate !== 'number') {
      for (let step = 0; step < steps; step++) {
        values[step] = this.#learningRate;
        this.learningRate = scheduledRate(rate, this.#batches + step + 1);
      }
    }
    this.#lastRate = values[steps - 1];
    return { name: STEP_INPUTS.learningRate, values };
  }
}
