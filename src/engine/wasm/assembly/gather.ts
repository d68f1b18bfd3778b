/** Takes the rows of a step from the tables of a series. */

/** Rows of a table, one after another: row i is the table's row `order[i]`. */
function gatherTable(source: usize, target: usize, width: usize, order: usize, rows: i32): void {
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
 * Takes a thread's rows of a step from the tables.
 *
 * @param tables  of each: where its rows are, where they go, bytes of a row
 * @param stretch as in words.ts
 * @param order   which rows of the tables the step takes
 */
export function gather(tables: usize, tableCount: i32, stretch: usize, order: usize): void {
  const first = load<u32>(stretch, 16);
  const count = load<i32>(stretch, 20);
  const own = order + (first << 2);
  const end = tables + <usize>tableCount * 12;
  for (let at = tables; at < end; at += 12) {
    const width = load<u32>(at, 8);
    gatherTable(load<u32>(at), load<u32>(at, 4) + first * width, width, own, count);
  }
}
