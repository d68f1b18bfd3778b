/**
 * Threads on one memory. Each runs code of its own, in which meetings stand where it is about to touch what another
 * has touched (../meetings.ts); they also meet before the first step of a series, and in each when its rows are
 * gathered. The words that they share lie from `control` on: words.ts.
 */
import { gather } from './gather';
import { address, whole } from './memory';
import { run } from './run';
import {
  COME,
  FAILED,
  HERE,
  JOB,
  MEETING,
  ORDER,
  PATIENCE,
  QUIT,
  READY,
  SLEEPING,
  STEPS,
  STOP,
  STRETCHES,
  STRETCH_WORDS,
  TABLES,
  TABLE_COUNT,
  THREADS,
} from './words';

/**
 * How often a thread looks before it sleeps: some 50 µs, since being woken takes as long; for the next series
 * some 200 µs, in which the main thread looks at what was measured.
 */
const LOOKS: i32 = 20000;
const LOOKS_FOR_JOB: i32 = 100000;
const SECOND: i64 = 1_000_000_000;
/** Seconds in which nobody comes to a series after which those who are missing are taken for dead: nothing is lost yet. */
const PATIENCE_FOR_JOB: i32 = 2;
/** What `atomic.wait` returns then. */
const TIMED_OUT: i32 = 2;

/** Waits until all threads have come. It does not return where one cannot come any more. */
export function meet(control: usize, threads: i32): void {
  const meeting = atomic.load<i32>(control + MEETING);
  if (atomic.add<i32>(control + COME, 1) == threads - 1) {
    atomic.store<i32>(control + COME, 0);
    atomic.add<i32>(control + MEETING, 1);
    if (atomic.load<i32>(control + SLEEPING) > 0) atomic.notify(control + MEETING, threads);
    return;
  }
  for (let look = 0; look < LOOKS; look++) {
    if (atomic.load<i32>(control + MEETING) != meeting) return;
  }
  atomic.add<i32>(control + SLEEPING, 1);
  sleepUntil(control, meeting);
  atomic.sub<i32>(control + SLEEPING, 1);
}

/** Sleeps until a meeting is over. */
function sleepUntil(control: usize, meeting: i32): void {
  let come = atomic.load<i32>(control + COME);
  // What is counted is sleep: a process that was stopped, or a machine that slept, has lost one second.
  let seconds = 0;
  while (atomic.load<i32>(control + MEETING) == meeting) {
    // Nobody comes any more where a worker has failed, or the main thread has given up.
    if ((atomic.load<i32>(control + FAILED) | atomic.load<i32>(control + QUIT)) != 0) unreachable();
    if (atomic.wait<i32>(control + MEETING, meeting, SECOND) != TIMED_OUT) continue;
    const now = atomic.load<i32>(control + COME);
    seconds = now == come ? seconds + 1 : 0;
    come = now;
    if (seconds < load<i32>(control + PATIENCE)) continue;
    // A thread that is killed cannot say so.
    atomic.store<i32>(control + FAILED, 1);
    atomic.notify(control + MEETING);
  }
}

/** address of the control words, threads */
export function meeting(at: usize): void {
  meet(address(at, 0), whole(at, 1));
}

/**
 * Begins a series for all threads.
 *
 * @returns whether all workers have come; those that have then do nothing, and end
 */
export function begin(
  control: usize,
  threads: i32,
  steps: i32,
  tables: usize,
  tableCount: i32,
  order: usize,
): bool {
  store<i32>(control + THREADS, threads);
  store<i32>(control + STEPS, steps);
  store<u32>(control + TABLES, <u32>tables);
  store<i32>(control + TABLE_COUNT, tableCount);
  store<u32>(control + ORDER, <u32>order);
  atomic.store<i32>(control + HERE, 0);
  atomic.add<i32>(control + JOB, 1);
  atomic.notify(control + JOB, threads);
  for (let look = 0; look < LOOKS_FOR_JOB; look++) {
    if (atomic.load<i32>(control + HERE) == threads - 1) return true;
  }
  for (let seconds = 0; seconds < PATIENCE_FOR_JOB; ) {
    const here = atomic.load<i32>(control + HERE);
    if (here == threads - 1) return true;
    // Whoever comes wakes it; only time that passes without anybody counts.
    if (atomic.wait<i32>(control + HERE, here, SECOND) == TIMED_OUT) seconds++;
  }
  if (atomic.load<i32>(control + HERE) == threads - 1) return true;
  atomic.store<i32>(control + QUIT, 1);
  return false;
}

/** Ends a series before its last step. */
export function stop(control: usize, threads: i32): void {
  atomic.store<i32>(control + STOP, 1);
  meet(control, threads);
  // All have seen it when all have come once more.
  meet(control, threads);
  atomic.store<i32>(control + STOP, 0);
}

/** Waits for a series that is not the one before. */
function nextJob(control: usize, job: i32): i32 {
  for (let look = 0; look < LOOKS_FOR_JOB; look++) {
    if (atomic.load<i32>(control + JOB) != job) return atomic.load<i32>(control + JOB);
  }
  while (atomic.load<i32>(control + JOB) == job) atomic.wait<i32>(control + JOB, job, -1);
  return atomic.load<i32>(control + JOB);
}

/** What a worker does until it is told to quit: its part of each step of each series. */
export function work(control: usize, worker: i32): void {
  let job = 0;
  atomic.add<i32>(control + READY, 1);
  for (;;) {
    job = nextJob(control, job);
    if (atomic.load<i32>(control + QUIT) != 0) return;
    const threads = load<i32>(control + THREADS);
    const steps = load<i32>(control + STEPS);
    const tables = load<u32>(control + TABLES);
    const tableCount = load<i32>(control + TABLE_COUNT);
    let order: usize = load<u32>(control + ORDER);
    let stretch: usize = load<u32>(control + STRETCHES + (<usize>worker << 2));
    let left = load<i32>(stretch);
    atomic.add<i32>(control + HERE, 1);
    atomic.notify(control + HERE, 1);
    meet(control, threads);
    for (let step = 0; step < steps; step++) {
      if (left-- == 0) {
        stretch += 4 * STRETCH_WORDS;
        left = load<i32>(stretch) - 1;
      }
      gather(tables, tableCount, stretch, order);
      order += <usize>load<u32>(stretch, 12) << 2;
      meet(control, threads);
      if (atomic.load<i32>(control + STOP) != 0) {
        meet(control, threads);
        break;
      }
      run(load<u32>(stretch, 4), load<u32>(stretch, 8));
    }
  }
}
