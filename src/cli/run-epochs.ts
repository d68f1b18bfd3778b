/** The epochs of a run, with everything that is written while they last. */
import { inputNames } from '../data/columns.ts';
import type { FitPause, FitReport, FitWish } from '../records.ts';
import { type FitResult, type FitSettings, fit } from '../training/fit.ts';
import { quote } from '../words.ts';
import { trySave } from './checkpoint.ts';
import type { Io, Output } from './io.ts';
import { RunLogs } from './run-logs.ts';
import { isColored } from './shared-options.ts';
import type { Run, TrainOptions } from './train-run.ts';
import { TrainingLog } from './training-log.ts';
import type { Watch } from './watch.ts';

const asVerbose = { '0': 0, '1': 1, '2': 2 } as const;

/**
 * Trains until the last epoch, or until `watch` has a reason to stop.
 *
 * @param output  where the epoch log goes
 */
export async function runEpochs(
  io: Io,
  run: Run,
  output: Output,
  options: TrainOptions,
  watch: Watch,
): Promise<FitResult> {
  const logs = new RunLogs(trainingLog(io, run, output, options), options.csvLog, (error) =>
    watch.fail(error),
  );
  const { network, weights, train, validation, compile, computing, seed, from } = run;
  const { columns, target } = run.data;
  const settings = {
    ...compile,
    ...run.fit,
    ...computing,
    seed,
    batchReports: 'some' as const,
    inputNames: columns && inputNames(columns),
    classNames: target.kind === 'class' ? target.classes.map(quote) : null,
    inspect: inspectionFor(options),
  };
  const epochs: Iterator<FitReport | FitPause, FitResult, FitWish> = fit(
    network,
    weights,
    train,
    validation,
    settings,
    from,
  );
  const pauses = new Pauses(io, run, watch);
  try {
    for (let next = epochs.next(); ; ) {
      if (next.done) return next.value;
      if (next.value.kind === 'pause') {
        const wish = pauses.take(next.value);
        next = epochs.next(wish instanceof Promise ? await wish : wish);
      } else {
        watch.take(next.value);
        if (logs.take(next.value)) await logs.flush();
        if (next.value.kind === 'warning' && options.quiet !== true) {
          // Below the epoch that it is about.
          await logs.flush();
          await io.stderr.write(`warning: ${next.value.text}\n`);
        }
        next = epochs.next();
      }
    }
  } finally {
    // Threads end with the run, whatever ended it.
    epochs.return?.();
    await logs.close();
  }
}

/** What layers are looked at for: nobody reads warnings with `--quiet`. */
function inspectionFor({ quiet, diagnose, json }: TrainOptions): FitSettings['inspect'] {
  if (diagnose && (!quiet || json)) return 'statistics';
  return quiet ? 'no' : 'warnings';
}

/** Seconds between two moments at which signals are heard. */
const INTERVAL = 0.05;

/** What happens at the pauses of a run. */
class Pauses {
  readonly #io: Io;
  readonly #run: Run;
  readonly #watch: Watch;
  #heard: number;
  /** Whether the run is to be saved at the pause that comes again. */
  #isDue = false;
  /** Why the last checkpoint could not be written; null where it was. */
  #told: string | null = null;

  constructor(io: Io, run: Run, watch: Watch) {
    this.#io = io;
    this.#run = run;
    this.#watch = watch;
    this.#heard = io.now();
  }

  /** What the run shall do; a promise only where something takes time. */
  take(pause: FitPause): FitWish | Promise<FitWish> {
    if (this.#isDue) return this.#save(pause);
    const now = this.#io.now();
    return now - this.#heard >= INTERVAL ? this.#hear(now) : this.#decide(now);
  }

  async #hear(now: number): Promise<FitWish> {
    await this.#io.turn();
    this.#heard = now;
    return this.#decide(now);
  }

  /** Before it is saved, it is to be looked at. */
  #decide(now: number): FitWish {
    this.#isDue = this.#watch.atPause(now);
    return this.#isDue ? 'look' : this.#wish();
  }

  async #save({ checkpoint }: FitPause): Promise<FitWish> {
    this.#isDue = false;
    const error = await trySave(this.#io, this.#run, checkpoint());
    // The one before is still there, and the next may succeed.
    if (error && error.message !== this.#told) {
      await this.#io.stderr.write(`${error.format()}  training goes on\n`);
    }
    this.#told = error?.message ?? null;
    return this.#wish();
  }

  #wish(): FitWish {
    return this.#watch.reason === null ? undefined : 'stop';
  }
}

function trainingLog(io: Io, run: Run, output: Output, options: TrainOptions): TrainingLog {
  const said = run.model.spec.fit.verbose;
  const verbose = options.verbose ? asVerbose[options.verbose] : said === 'auto' ? 1 : said;
  const isSilent = options.quiet === true && !options.json;
  return new TrainingLog(io, output, {
    style: options.style,
    verbose: isSilent ? 0 : verbose,
    json: options.json === true,
    color: isColored(options.color, output),
  });
}
