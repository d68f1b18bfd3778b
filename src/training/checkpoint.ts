/**
 * The state of a run as plain values, and a run from such a state: whatever a step depends on is in it,
 * so that a run that was stopped ends with the bytes of one that was not.
 */
import { Shuffler } from '../random.ts';
import type { Checkpoint } from '../records.ts';
import type { Resumption } from './fit.ts';
import type { TrainingParts } from './parts.ts';
import { StateReader } from './state-reader.ts';
import { stepsIn } from './steps.ts';
import { isDue } from './validation.ts';
import { WARNING_KINDS, type WarningKind } from './warnings.ts';

/** What it takes to go on from here. All of it is copied. */
export function checkpointOf(parts: TrainingParts): Checkpoint {
  const { run, progress } = parts;
  return {
    weights: run.weights(),
    state: { progress: progress.state(), ...stateBesideProgress(parts) },
    history: progress.history(),
    epoch: progress.epoch,
    step: progress.step,
    engine: run.engine,
    blas: run.blas,
  };
}

/** All but the weights and how far the run is; copied. */
export function stateBesideProgress(parts: TrainingParts) {
  const { run, callbacks, best, order, shuffler, said } = parts;
  return {
    order: order.slice(),
    random: shuffler.state(),
    run: run.state(),
    callbacks: callbacks.state(),
    best: best?.state() ?? null,
    said: [...said],
  };
}

/** A checkpoint that was taken before the last warning was given. */
export function withSaid(checkpoint: Checkpoint, { said }: TrainingParts): Checkpoint {
  return { ...checkpoint, state: { ...checkpoint.state, said: [...said] } };
}

/**
 * Puts a run that has just been prepared where another one gave its state.
 *
 * @throws {UserError} exit 4 where the state is of another network, other settings or other rows
 */
export function resume(parts: TrainingParts, from: Resumption): TrainingParts {
  const { run, callbacks, best, order, progress } = parts;
  const state = new StateReader(from.state, `${from.source}: state`);
  run.resume(state.part('run'), order.length, from.isSameRate);
  const wasUnderWay = progress.resume(state.part('progress'), resumable(parts, from));
  const resumed = { weights: run.parameterCount, epochs: progress.epoch };
  callbacks.resume(state.part('callbacks'), resumed);
  best?.resume(state.part('best'), resumed);
  const isUnderWay = progress.means !== null;
  if (wasUnderWay && !isUnderWay && from.isSameRate) callbacks.undoEpochBegin();
  // Of a new rate callbacks make what they would have made of it when the epoch began.
  progress.isBegun = isUnderWay && from.isSameRate;
  const shuffler = new Shuffler(randomOf(state.part('random')));
  if (from.isSameRows) order.set(readOrder(state, order.length));
  for (const kind of readSaid(state)) parts.said.add(kind);
  return { ...parts, shuffler };
}

function resumable(parts: TrainingParts, from: Resumption) {
  const { run, callbacks, order, settings, progress, validation } = parts;
  const { batchSize, validationFreq } = settings;
  const first = progress.epoch;
  const means = run.startEpoch();
  const { names } = means;
  const validated = validation ? names.map((name) => `val_${name}`) : [];
  const namesOf = (index: number) => [
    ...names,
    ...(isDue(first + index, validationFreq) ? validated : []),
    ...callbacks.loggedNames,
  ];
  return {
    namesOf: from.isSameRun ? namesOf : null,
    rowsOf: (step: number) => Math.min(step * batchSize, order.length),
    steps: stepsIn(order.length, batchSize),
    // What other batches measured says nothing about these.
    means: from.isSameBatches ? means : null,
  };
}

/** An order that names each row once: the engine does not look whether a row is there. */
function readOrder(state: StateReader, rows: number): Int32Array {
  const order = state.int32('order', rows);
  const seen = new Uint8Array(rows);
  for (const row of order) if (row >= 0 && row < rows) seen[row] = 1;
  if (seen.includes(0)) throw state.part('order').wrong('each row once', 'another order');
  return order;
}

/** Warnings that were given. */
function readSaid(state: StateReader): WarningKind[] {
  return state.list('said').map((entry) => {
    const kind = WARNING_KINDS.find((known) => known === entry.asText());
    if (kind === undefined) throw entry.wrong(`one of ${WARNING_KINDS.join(', ')}`);
    return kind;
  });
}

/** Numbers that a stream may come to; others would name rows that are not there. */
function randomOf(state: StateReader) {
  const fraction = (key: string): number => {
    const value = state.number(key);
    if (value >= 0 && value < 1) return value;
    throw state.part(key).wrong('a number, 0 or more and less than 1');
  };
  return {
    c: state.count('c', 0, 2 ** 21),
    s0: fraction('s0'),
    s1: fraction('s1'),
    s2: fraction('s2'),
  };
}
