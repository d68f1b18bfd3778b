/** Runs programs: instruction after instruction, each by its kernel. */

/** From `at` to `end`. */
export function run(at: usize, end: usize): void {
  while (at < end) {
    call_indirect<void>(load<u32>(at), at);
    at += load<u32>(at, 4);
  }
}

/** What JavaScript does. */
@external('env', 'host')
declare function host(index: i32, batch: i32): void;

/** index of what is to be done, batch */
export function hosted(at: usize): void {
  host(load<i32>(at, 8), load<i32>(at, 12));
}
