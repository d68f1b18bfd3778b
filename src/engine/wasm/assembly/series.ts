/** Runs programs batch after batch. */
import { gather } from './gather';
import { run } from './run';
import { begin, meet, stop } from './threads';
import { STRETCH_WORDS } from './words';

/**
 * One step after another: the numbers of the step are written, its rows gathered, its program run, and
 * what it measured is kept.
 *
 * @param room       words: the first thread's stretches, as in words.ts; tables and how many, the rows of all steps, as
 *   in gather.ts; where each number goes, how many, of each the values of all steps, bytes from one number's to the next's;
 *   of each measure where it is and its bytes, how many, where the steps' go one after another; where the step's
 *   number goes
 * @param firstStep  the number of the first step, from which it counts
 * @param control    words of the threads that do it together
 * @returns steps that are done: fewer where the first measure of the last of them is not finite; −1 where not all
 *   threads have come, and nothing is done
 */
export function series(
  room: usize,
  steps: i32,
  firstStep: i32,
  control: usize,
  threads: i32,
): i32 {
  let stretch: usize = load<u32>(room);
  const tables = load<u32>(room, 4);
  const tableCount = load<i32>(room, 8);
  const order = load<u32>(room, 12);
  const numbers = load<u32>(room, 16);
  const numberCount = load<i32>(room, 20);
  const values = load<u32>(room, 24);
  const valuesNext = load<u32>(room, 28);
  const measures = load<u32>(room, 32);
  const measureCount = load<i32>(room, 36);
  let result: usize = load<u32>(room, 40);
  const stepAt = load<u32>(room, 44);
  if (threads > 1) {
    if (!begin(control, threads, steps, tables, tableCount, order)) return -1;
    meet(control, threads);
  }
  let left = load<i32>(stretch);
  let rows: usize = order;
  const numbersEnd: usize = numbers + (<usize>numberCount << 2);
  const measuresEnd: usize = measures + (<usize>measureCount << 3);
  for (let step = 0; step < steps; step++) {
    if (left-- == 0) {
      stretch += 4 * STRETCH_WORDS;
      left = load<i32>(stretch) - 1;
    }
    let value = values + (<usize>step << 2);
    for (let at = numbers; at < numbersEnd; at += 4) {
      store<f32>(load<u32>(at), load<f32>(value));
      value += valuesNext;
    }
    store<i32>(stepAt, firstStep + step);
    gather(tables, tableCount, stretch, rows);
    rows += <usize>load<u32>(stretch, 12) << 2;
    if (threads > 1) meet(control, threads);
    run(load<u32>(stretch, 4), load<u32>(stretch, 8));
    const first = load<f32>(load<u32>(measures));
    for (let at = measures; at < measuresEnd; at += 8) {
      const from = load<u32>(at);
      const bytes = load<u32>(at, 4);
      for (let i: usize = 0; i < bytes; i += 4) store<f32>(result + i, load<f32>(from + i));
      result += bytes;
    }
    if (!(abs<f32>(first) < Infinity)) {
      if (threads > 1 && step + 1 < steps) stop(control, threads);
      return step + 1;
    }
  }
  return steps;
}
