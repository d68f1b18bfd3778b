/** Runs programs batch after batch. */
import { run } from './run';
import { begin, meet, stop } from './threads';

/** Rows of a table, one after another: row i is the table's row `order[i]`. */
function gather(source: usize, target: usize, width: usize, order: usize, rows: i32): void {
  let to = target;
  let at = order;
  const end = order + (<usize>rows << 2);
  // Narrow rows, of which there are many to a step that takes no longer than they.
  if (width == 4) {
    for (; at < end; at += 4) {
      store<f32>(to, load<f32>(source + (<usize>load<u32>(at) << 2)));
      to += 4;
    }
  } else if (width == 8) {
    for (; at < end; at += 4) {
      store<i64>(to, load<i64>(source + (<usize>load<u32>(at) << 3)));
      to += 8;
    }
  }
  for (; at < end; at += 4) {
    let from = source + <usize>load<u32>(at) * width;
    const wide = to + (width & ~15);
    const last = to + width;
    for (; to < wide; to += 16) {
      v128.store(to, v128.load(from));
      from += 16;
    }
    for (; to < last; to += 4) {
      store<f32>(to, load<f32>(from));
      from += 4;
    }
  }
}

/**
 * One step after another: the numbers of the step are written, its rows gathered, its program run, and
 * what it measured is kept.
 *
 * @param codes     of each step: where its program begins and ends, how many rows it takes
 * @param tables    of each: where its rows are, where they go, bytes of a row
 * @param order     the rows of all steps
 * @param numbers   where each goes; values: those of the first step, those of the second, …
 * @param measures  of each: where it is, bytes; results: what the steps measured, one after another
 * @param stepAt    where the step's number goes, which counts from `firstStep`
 * @param threads   that do it together, by the words at `control`
 * @returns steps that are done: fewer where the first measure of the last of them is not finite
 */
export function series(
  steps: i32,
  codes: usize,
  tables: usize,
  tableCount: i32,
  order: usize,
  numbers: usize,
  numberCount: i32,
  values: usize,
  measures: usize,
  measureCount: i32,
  results: usize,
  stepAt: usize,
  firstStep: i32,
  control: usize,
  threads: i32,
): i32 {
  if (threads > 1) begin(control, threads, steps);
  let code = codes;
  let rowsAt = order;
  let value = values;
  let result = results;
  const numbersEnd = numbers + (<usize>numberCount << 2);
  const tablesEnd = tables + <usize>tableCount * 12;
  const measuresEnd = measures + (<usize>measureCount << 3);
  for (let step = 0; step < steps; step++) {
    for (let at = numbers; at < numbersEnd; at += 4) {
      store<f32>(load<u32>(at), load<f32>(value));
      value += 4;
    }
    store<i32>(stepAt, firstStep + step);
    const rows = load<i32>(code, 8);
    for (let at = tables; at < tablesEnd; at += 12) {
      gather(load<u32>(at), load<u32>(at, 4), load<u32>(at, 8), rowsAt, rows);
    }
    rowsAt += <usize>rows << 2;
    if (threads > 1) meet(control, threads);
    run(load<u32>(code), load<u32>(code, 4));
    code += 12;
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
