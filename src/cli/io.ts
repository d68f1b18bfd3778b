/**
 * The process, the terminal and the clock: the only file that touches them. Commands get an `Io`
 * and write to it, so that everything they do can also be run without a process.
 */
import process from 'node:process';
import { isatty } from 'node:tty';
import { errorCode, writingFailed } from '../files/failure.ts';

/** Thrown by `write` where nobody reads standard output any more (`| head`): time to end quietly. */
export class OutputClosed extends Error {
  constructor() {
    super('standard output is closed');
    this.name = 'OutputClosed';
  }
}

/** Standard output or standard error. */
export interface Output {
  readonly isTerminal: boolean;
  /** Whether escape sequences for colour are welcome. */
  readonly color: boolean;
  /** Characters per line; 80 off a terminal. */
  readonly columns: number;
  /**
   * Writes and waits until the other end keeps up.
   *
   * @throws {OutputClosed} on standard output, once its reader is gone
   */
  write(content: string | Uint8Array): Promise<void>;
}

/** Everything a command may know of the world around it. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly isStdinTerminal: boolean;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Seconds from some fixed moment; only differences mean something. */
  now(): number;
  /**
   * Does `work`, which must not be torn in the middle: SIGINT and SIGTERM wait until it is done
   * and then end the process as they would have.
   */
  uninterrupted(work: () => void): Promise<void>;
}

const DEFAULT_COLUMNS = 80;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The `Io` of this process. */
export function processIo(): Io {
  return {
    // Node takes a while to make the stream; most commands never read it.
    stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    get isStdinTerminal() {
      return isatty(0);
    },
    stdout: output(process.stdout, 'standard output', () => new OutputClosed()),
    stderr: output(process.stderr, 'standard error', () => undefined),
    now: () => Number(process.hrtime.bigint()) / 1e9,
    uninterrupted,
  };
}

/**
 * One stream of the process.
 *
 * @param name    what messages call it
 * @param closed  what a write rejects with once nobody reads; undefined: the text is dropped
 */
function output(stream: NodeJS.WriteStream, name: string, closed: () => Error | undefined): Output {
  // Errors arrive at the callback of each write; without a listener they would end the process.
  stream.on('error', () => {});
  return {
    isTerminal: stream.isTTY === true,
    color: wantsColor(stream),
    get columns() {
      // A terminal that does not know its size says 0.
      return stream.columns || DEFAULT_COLUMNS;
    },
    write: (content) =>
      new Promise((resolve, reject) => {
        stream.write(content, (error) => {
          const code = errorCode(error);
          const isClosed = code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
          const reason = isClosed ? closed() : error && writingFailed(name, error);
          if (reason) reject(reason);
          else resolve();
        });
      }),
  };
}

/** no-color.org and force-color.org: only a non-empty value counts; NO_COLOR wins. */
function wantsColor(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  return stream.isTTY === true && TERM !== 'dumb';
}

async function uninterrupted(work: () => void): Promise<void> {
  let caught: NodeJS.Signals | undefined;
  const wait = (signal: NodeJS.Signals) => {
    caught = signal;
  };
  for (const signal of SIGNALS) process.on(signal, wait);
  try {
    work();
    // A signal that came meanwhile is delivered in the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    for (const signal of SIGNALS) process.off(signal, wait);
  }
  if (caught) process.kill(process.pid, caught);
}
