/** An Io without a process: what is written is kept, nobody signals, time stands still. */
import type { Io, Output } from '../../src/cli/io.ts';

export interface Written {
  out: string;
  err: string;
}

/** @param failure  what writes to standard output fail with */
export function pretendIo(failure?: Error): { readonly io: Io; readonly written: Written } {
  const written = { out: '', err: '' };
  const output = (key: 'out' | 'err', error?: Error): Output => ({
    isTerminal: false,
    color: false,
    columns: 80,
    write: async (content) => {
      if (error) throw error;
      written[key] += content;
    },
  });
  const io: Io = {
    stdin: (async function* () {})(),
    isStdinTerminal: true,
    stdout: output('out', failure),
    stderr: output('err'),
    hush: () => {},
    variable: () => undefined,
    now: () => 0,
    uninterrupted: async (work) => work(),
    turn: async () => {},
    onSignal: () => () => {},
    endBy: () => {},
  };
  return { io, written };
}
