/** L-BFGS on a network: the loss over all rows as a function of the trainable weights. */
import type { Session } from '../engine/engine.ts';
import { BLOCKS } from '../nn/forward.ts';
import type { StateValue } from '../records.ts';
import type { OptimizerOf } from '../spec/optimizers.ts';
import { type CompiledModel, GRADIENT } from './compile.ts';
import { Lbfgs } from './lbfgs.ts';
import type { StateReader } from './state-reader.ts';

export class FullBatch {
  /** The first trial step of each iteration; nothing changes it. */
  learningRate: number;
  readonly #session: Session;
  readonly #model: CompiledModel;
  readonly #spec: OptimizerOf<'lbfgs'>;
  #minimizer: Lbfgs | null = null;

  constructor(session: Session, model: CompiledModel, spec: OptimizerOf<'lbfgs'>) {
    this.learningRate = Math.fround(spec.learning_rate);
    this.#session = session;
    this.#model = model;
    this.#spec = spec;
  }

  get isConverged(): boolean {
    return this.#minimizer?.isConverged ?? false;
  }

  /**
   * One iteration on the session's inputs, which must be the same rows each time. Afterwards the
   * session holds loss and metrics of where it ended.
   */
  trainOn(count: number): void {
    this.#minimizer ??= Lbfgs.start(this.#start(), this.#objective(count), this.#spec);
    this.#minimizer.iterate();
    this.#session.run('settle', count, 0);
  }

  /** Null before the first iteration. */
  state(): StateValue {
    return this.#minimizer?.state() ?? null;
  }

  /**
   * Goes on where another one gave its state.
   *
   * @param count  of the rows that will be trained on
   * @throws {UserError} exit 4 where it is of other weights
   */
  resume(state: StateReader, count: number): void {
    if (state.isNone) return;
    const size = this.#start().length;
    this.#minimizer = Lbfgs.resume(state, size, this.#objective(count), this.#spec);
  }

  /** The weights as they are. */
  #start(): Float64Array {
    const { trainable } = this.#model.parameters;
    const start = new Float64Array(trainable?.shape.cols ?? 0);
    if (trainable) this.#session.read(BLOCKS.trainable, start);
    return start;
  }

  #objective(count: number) {
    const { trainable } = this.#model.parameters;
    const evaluate = (point: Float64Array, gradient: Float64Array) => {
      if (trainable) this.#session.write(BLOCKS.trainable, point);
      this.#session.run('train', count, 0);
      this.#session.read(GRADIENT, gradient);
      return this.#session.readNumber(this.#model.train.loss);
    };
    return { evaluate };
  }
}
