/**
 * A program for several threads: each does its part of every unit, and all meet where one is about to touch
 * what another has touched since they met last. So threads run side by side for as long as they stay among
 * their own samples.
 */
import type { Call } from './call.ts';
import { overlapsAny, type Range } from './dataflow.ts';
import { Owners } from './owners.ts';
import { type Division, type Part, partsOf } from './parts.ts';
import type { Unit } from './units.ts';

/** What one thread has touched since the last meeting. */
interface Touched {
  readonly reads: Range[];
  readonly writes: Range[];
}

/** Where they have touched more ranges, all meet: looking at all pairs would take too long. */
const MOST_RANGES = 1000;

/**
 * The calls of each thread. All meet at the end, so that the first one may read whatever was written.
 *
 * @param meeting  waits for all threads
 */
export function callsOfThreads(
  units: readonly Unit[],
  division: Omit<Division, 'owners'>,
  meeting: Call,
): Call[][] {
  const { threads } = division;
  const calls = Array.from({ length: threads }, (): Call[] => []);
  const owners = new Owners();
  let since = nothingOf(threads);
  const meet = () => {
    for (const list of calls) list.push(meeting);
    since = nothingOf(threads);
  };
  for (const unit of units) {
    const parts = partsOf(unit, { ...division, owners });
    if (mustMeet(parts, since)) meet();
    parts.forEach((part, thread) => {
      calls[thread].push(...part.calls);
      since[thread].reads.push(...part.reads);
      since[thread].writes.push(...part.writes);
      for (const range of part.writes) owners.record(thread, range);
    });
  }
  meet();
  return calls;
}

function nothingOf(threads: number): Touched[] {
  return Array.from({ length: threads }, () => ({ reads: [], writes: [] }));
}

function mustMeet(parts: readonly Part[], since: readonly Touched[]): boolean {
  const ranges = since.reduce((sum, { reads, writes }) => sum + reads.length + writes.length, 0);
  if (ranges > MOST_RANGES) return true;
  return parts.some((part, thread) =>
    since.some(
      (other, i) =>
        i !== thread &&
        (overlapsAny(part.writes, other.reads) ||
          overlapsAny(part.writes, other.writes) ||
          overlapsAny(part.reads, other.writes)),
    ),
  );
}
