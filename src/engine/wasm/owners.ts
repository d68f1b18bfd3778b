/** Which thread has written which numbers of the arena last, in one run of a program. */
import type { Range } from './dataflow.ts';

interface Owned extends Range {
  readonly thread: number;
}

export class Owners {
  readonly #written: Owned[] = [];

  record(thread: number, { start, end }: Range): void {
    if (end > start) this.#written.push({ start, end, thread });
  }

  /** What each thread has written of a range; null where some of it nobody has written. */
  sharesOf(range: Range, threads: number): Range[][] | null {
    let open: Range[] = [range];
    const shares = Array.from({ length: threads }, (): Range[] => []);
    for (let i = this.#written.length - 1; i >= 0 && open.length > 0; i--) {
      const { start, end, thread } = this.#written[i];
      open = open.flatMap((gap) => {
        const taken = { start: Math.max(start, gap.start), end: Math.min(end, gap.end) };
        if (taken.end <= taken.start) return [gap];
        shares[thread].push(taken);
        const rest = [
          { start: gap.start, end: taken.start },
          { start: taken.end, end: gap.end },
        ];
        return rest.filter((piece) => piece.end > piece.start);
      });
    }
    return open.length === 0 ? shares.map(joined) : null;
  }
}

/** Ranges in rising order; those that touch are one. */
function joined(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = result[result.length - 1];
    if (last?.end === range.start)
      result[result.length - 1] = { start: last.start, end: range.end };
    else result.push(range);
  }
  return result;
}
