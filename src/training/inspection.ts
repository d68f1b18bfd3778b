/** Looks at the layers of a run after some of its epochs, and says what is most likely wrong. */
import type { Diagnosis, FitReport, LayerDiagnosis } from '../records.ts';
import { evaluate } from './evaluate.ts';
import { statisticsOf } from './layer-statistics.ts';
import type { TrainingParts } from './parts.ts';
import { createPredictor } from './predict.ts';
import { predictedClasses } from './predicted-classes.ts';
import { Probe, type ProbedRows, type Seen } from './probe.ts';
import { cannotFit } from './reach.ts';
import { isClipped } from './remedies.ts';
import {
  dead,
  deadLayer,
  gradientWarning,
  LIMITS,
  neverPredicted,
  notFalling,
  saturatedLayer,
  type Warning,
} from './warnings.ts';

/** Rows that are looked at: one of so many, but at least and at most these. */
const ONE_OF = 16;
const LEAST_ROWS = 32;
const MOST_ROWS = 256;

export class Inspection {
  readonly #parts: TrainingParts;
  /** Whether statistics are reported after each epoch. */
  readonly #isAsked: boolean;
  readonly #rows: Int32Array;
  #probe: Probe | null | undefined;
  /** Of the last look, where statistics are asked for. */
  #before: Seen | null = null;

  constructor(parts: TrainingParts, isAsked: boolean) {
    this.#parts = parts;
    this.#isAsked = isAsked;
    const rows = parts.train.x.shape[0];
    const count = Math.min(rows, MOST_ROWS, Math.max(LEAST_ROWS, Math.ceil(rows / ONE_OF)));
    this.#rows = Int32Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
  }

  /** Before the first epoch, so that it can be said how far weights have moved. */
  begin(): void {
    if (this.#isAsked) this.#before = this.#look(this.#sample());
  }

  /** After an epoch, from 0: what is to be said. */
  *after(epoch: number): Generator<FitReport> {
    const { settings, network } = this.#parts;
    const count = epoch - settings.initialEpoch + 1;
    // After 1, 2, 4, 8 … epochs, so that longer runs pay less for it.
    const isDue = Number.isInteger(Math.log2(count));
    if (!isDue && !this.#isAsked) return;
    const seen = this.#look(this.#sample());
    if (seen === null) return;
    const layers = statisticsOf(network, seen, this.#before);
    if (this.#isAsked) {
      this.#before = seen;
      const diagnosis: Diagnosis = { epoch, rows: this.#rows.length, layers };
      yield { kind: 'diagnosis', diagnosis };
    }
    if (isDue) yield* this.#warnings(count, layers);
  }

  /** After the last epoch, with the weights that are the result. */
  *end(): Generator<FitReport> {
    const { progress } = this.#parts;
    if (progress.logs.length < LIMITS.epochs || this.#cannotFit()) return;
    const names = this.#missingClasses();
    if (names.length > 0) yield* this.#say(neverPredicted(names));
  }

  *#warnings(count: number, layers: readonly LayerDiagnosis[]): Generator<FitReport> {
    const { network, said, settings } = this.#parts;
    const layer = deadLayer(network, layers);
    if (layer !== undefined && !said.has('dead') && this.#isDead(layer)) {
      const isKnown = layer === layers.length - 1 && this.#cannotFit();
      if (!isKnown) yield* this.#say(dead(network, layer));
    }
    if (count === 1) yield* this.#say(saturatedLayer(network, layers));
    if (layer === undefined)
      yield* this.#say(gradientWarning(network, layers, isClipped(settings.optimizer)));
    // What was said before is why.
    const isKnown = said.size > 0;
    if (count === LIMITS.epochs && !isKnown && !this.#cannotFit())
      yield* this.#say(this.#lossWarning(count));
  }

  /** Whether it was said before the first epoch why nothing helps. */
  #cannotFit(): boolean {
    const { network, settings, train } = this.#parts;
    return cannotFit(network, settings.loss, train.y);
  }

  /** Each kind once. */
  *#say(warning: Warning | undefined): Generator<FitReport> {
    const { said } = this.#parts;
    if (warning === undefined || said.has(warning.kind)) return;
    said.add(warning.kind);
    yield { kind: 'warning', text: warning.text };
  }

  #sample(): ProbedRows {
    return this.#part(this.#rows, 0, this.#rows.length);
  }

  #part(rows: Int32Array, first: number, count: number): ProbedRows {
    const { run, train } = this.#parts;
    return { tables: run.tablesOf(train), rows, first, count };
  }

  /** Null where it does not fit in memory. */
  #look(rows: ProbedRows): Seen | null {
    const { network, settings, train, run } = this.#parts;
    if (this.#probe === undefined) {
      const shape = train.y.shape.slice(1);
      const { length } = this.#rows;
      this.#probe = Probe.make(network, settings, shape, run.weightsPerSample, length);
    }
    return this.#probe?.look(run.snapshot(), rows, 0) ?? null;
  }

  /** Whether all outputs of a layer are 0 for all training rows, and there is something to learn. */
  #isDead(layer: number): boolean {
    const { order, progress } = this.#parts;
    const loss = progress.logs.at(-1)?.find(([name]) => name === 'loss')?.[1];
    if (loss === 0) return false;
    const atOnce = this.#rows.length;
    for (let first = 0; first < order.length; first += atOnce) {
      const count = Math.min(atOnce, order.length - first);
      const outputs = this.#look(this.#part(order, first, count))?.output(layer);
      if (outputs?.some((value) => value !== 0) ?? true) return false;
    }
    return true;
  }

  /** Where the loss is no lower than it was after the first epoch, and no better than a constant's. */
  #lossWarning(count: number): Warning | undefined {
    const { network, run, train, settings, progress } = this.#parts;
    const lossOf = (epoch: number) => progress.logs[epoch]?.find(([name]) => name === 'loss')?.[1];
    const [first, loss] = [lossOf(0), lossOf(count - 1)];
    if (typeof first !== 'number' || typeof loss !== 'number') return undefined;
    if (loss < first - LIMITS.fall * Math.abs(first)) return undefined;
    const { loss: of, metrics, engine, threads, blas, batchSize } = settings;
    const computing = { engine, threads, blas };
    const measuring = { loss: of, metrics, ...computing, batchSize, areClasses: false };
    const evaluation = evaluate(network, run.weights(), train, measuring);
    let next = evaluation.next();
    while (!next.done) next = evaluation.next();
    const { model, baseline } = next.value;
    if (model.loss < baseline.loss) return undefined;
    return notFalling(count, loss, first, baseline.loss);
  }

  /** Classes of some rows that none is predicted to be of. */
  #missingClasses(): readonly string[] {
    const { network, run, train, settings } = this.#parts;
    const classes = predictedClasses(network, settings.loss, train.y);
    if (classes === null) return [];
    const { predict, outputSize } = createPredictor(network, run.weights(), settings);
    const outputs = predict(train.x.values, train.x.shape[0]);
    const isPredicted = new Set<number>();
    for (let at = 0; at < outputs.length; at += outputSize) {
      isPredicted.add(classes.of(outputs.subarray(at, at + outputSize)));
    }
    const rows = train.x.shape[0];
    return classes.counts.flatMap((count, index) => {
      const isExpected = count >= LIMITS.classRows && count >= LIMITS.classShare * rows;
      if (!isExpected || isPredicted.has(index)) return [];
      return [settings.classNames?.[index] ?? String(index)];
    });
  }
}
