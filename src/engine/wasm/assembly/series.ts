/** Runs programs batch after batch. */
import { gather } from './gather';
import { run } from './run';
import { begin, meet, stop } from './threads';
import { STRETCH_WORDS } from './words';

/**
 * One step after another: the numbers of the step are written, its rows gathered, its program run, and
 * what it measured is kept.
 *
 * @param stretches the first thread's, as in words.ts
 * @param tables    as in gather.ts
 * @param order     the rows of all steps
 * @param numbers   where each goes; values: of each number those of all steps, `valuesNext` bytes apart
 * @param measures  of each: where it is, bytes; results: what the steps measured, one after another
 * @param stepAt    where the step's number goes, which counts from `firstStep`
 * @param threads   that do it together, by the words at `control`
 * @returns steps that are done: fewer where the first measure of the last of them is not finite; −1 where not all
 *   threads have come, and nothing is done
 */
export function series(
  steps: i32,
  stretches: usize,
  tables: usize,
  tableCount: i32,
  order: usize,
  numbers: usize,
  numberCount: i32,
  values: usize,
  valuesNext: usize,
  measures: usize,
  measureCount: i32,
  results: usize,
  stepAt: usize,
  firstStep: i32,
  control: usize,
  threads: i32,
): i32 {
  if (threads > 1) {
    if (!begin(control, threads, steps, tables, tableCount, order)) return -1;
    meet(control, threads);
  }
  let stretch = stretches;
  let left = load<i32>(stretch);
  let rows = order;
  let result = results;
  const numbersEnd = numbers + (<usize>numberCount << 2);
  const measuresEnd = measures + (<usize>measureCount << 3);
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
