/**
 * The process, the terminal and the clock: the only file that touches them. Commands get an `Io`
 * and write to it, so that everything they do can also be run without a process.
 */
import process from 'node:process';
import { isatty } from 'node:tty';
import { ExitCode } from '../errors.ts';
import { errorCode, writingFailed } from '../files/failure.ts';

/** Thrown by `write` where nobody reads standard output any more (`| head`): time to end quietly. */
export class OutputClosed extends Error {
  constructor() {
    super('standard output is closed');
    this.name = 'OutputClosed';
  }
}

/** Signals that ask the process to end, and the exit code of one that has done so in peace. */
export const STOP_SIGNALS = {
  SIGHUP: ExitCode.hangup,
  SIGINT: ExitCode.interrupted,
  SIGTERM: ExitCode.terminated,
} as const;
export type StopSignal = keyof typeof STOP_SIGNALS;

/** Thrown where a command has ended because of a signal: all there is to say has been said. */
export class Stopped extends Error {
  readonly exitCode: ExitCode;

  constructor(readonly signal: StopSignal) {
    super(`stopped by ${signal}`);
    this.name = 'Stopped';
    this.exitCode = STOP_SIGNALS[signal];
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
   * Writes and waits until the other end keeps up. What standard error does not take is dropped: there is
   * nobody left to tell, and the work is worth more than what is said about it.
   *
   * @throws {OutputClosed} on standard output, once its reader is gone
   * @throws {UserError} exit 6 on standard output, where it cannot be written
   */
  write(content: string | Uint8Array): Promise<void>;
}

/** Everything a command may know of the world around it. */
export interface Io {
  /** Where it is a terminal, whoever sits there is told that it is read, unless hushed. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly isStdinTerminal: boolean;
  readonly stdout: Output;
  readonly stderr: Output;
  /** From now on, nothing is said but what a command writes. */
  hush(): void;
  /** A variable of the environment; undefined where it is not set. */
  variable(name: string): string | undefined;
  /** Seconds from some fixed moment; only differences mean something. */
  now(): number;
  /**
   * Does `work`, which must not be torn in the middle: signals that ask for an end wait until it is
   * done and then do what they would have done.
   */
  uninterrupted(work: () => void): Promise<void>;
  /** Signals and writes are heard of between two turns of the event loop: waits for the next. */
  turn(): Promise<void>;
  /**
   * From now on, the first signal that asks for an end is told to `stop` and does not end the process; the
   * second does, at once. SIGUSR1 is told to `status`.
   *
   * @returns ends it
   */
  onSignal(stop: (signal: StopSignal) => void, status: () => void): () => void;
  /**
   * Ends the process as the signal would have, whatever is under way: an exit would wait for files that
   * are still being opened.
   */
  endBy(signal: StopSignal): void;
}

const DEFAULT_COLUMNS = 80;
const SIGNALS: readonly StopSignal[] = ['SIGHUP', 'SIGINT', 'SIGTERM'];

/** The `Io` of this process. */
export function processIo(): Io {
  let isHushed = false;
  const stderr = output(process.stderr, () => undefined);
  return {
    // Node takes a while to make the stream; most commands never read it.
    stdin: {
      [Symbol.asyncIterator]: () =>
        isatty(0) && !isHushed ? fromTerminal(stderr) : process.stdin[Symbol.asyncIterator](),
    },
    hush: () => {
      isHushed = true;
    },
    get isStdinTerminal() {
      return isatty(0);
    },
    stdout: output(process.stdout, resultsFailed),
    stderr,
    variable: (name) => process.env[name],
    now: () => Number(process.hrtime.bigint()) / 1e9,
    uninterrupted,
    turn: nextTurn,
    onSignal,
    endBy,
  };
}

async function* fromTerminal(stderr: Output): AsyncGenerator<Uint8Array> {
  await stderr.write('reading standard input from the terminal; end it with Ctrl-D\n');
  yield* process.stdin;
}

/**
 * One stream of the process.
 *
 * @param failed  what a write rejects with where it failed; undefined: the text is dropped
 */
function output(stream: NodeJS.WriteStream, failed: (error: Error) => unknown): Output {
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
          const reason = error && failed(error);
          if (reason) reject(reason);
          else resolve();
        });
      }),
  };
}

/** Why results could not be written. */
function resultsFailed(error: Error): unknown {
  const code = errorCode(error);
  // A terminal that was closed says EIO.
  const isGone = code === 'EIO' && process.stdout.isTTY === true;
  const isClosed = isGone || code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
  return isClosed ? new OutputClosed() : writingFailed('standard output', error);
}

/** no-color.org and force-color.org: only a non-empty value counts; NO_COLOR wins. */
function wantsColor(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  return stream.isTTY === true && TERM !== 'dumb';
}

function onSignal(stop: (signal: StopSignal) => void, status: () => void): () => void {
  let isTold = false;
  let isStopping = false;
  const listener = (signal: NodeJS.Signals) => {
    const known = SIGNALS.find((name) => name === signal);
    if (isStopping) endBy(signal);
    if (isTold || !known) return;
    isTold = true;
    stop(known);
    // What came while the process was busy was typed before the line that explains it.
    setImmediate(() => {
      isStopping = true;
    });
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  // There is no such signal on Windows.
  const hasStatus = process.platform !== 'win32';
  if (hasStatus) process.on('SIGUSR1', status);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener);
    if (hasStatus) process.off('SIGUSR1', status);
  };
}

/** Without a listener a signal ends the process by itself. */
function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

async function uninterrupted(work: () => void): Promise<void> {
  let caught: NodeJS.Signals | undefined;
  const wait = (signal: NodeJS.Signals) => {
    caught = signal;
  };
  // Where somebody listens already, the signal ends nothing by itself.
  const signals = SIGNALS.filter((signal) => process.listenerCount(signal) === 0);
  for (const signal of signals) process.on(signal, wait);
  try {
    work();
    // A signal that came meanwhile is delivered in the next turn of the event loop. Whoever waits from within
    // a reading or writing is told of the end of that very turn first.
    await nextTurn();
    await nextTurn();
  } finally {
    for (const signal of signals) process.off(signal, wait);
  }
  if (caught) process.kill(process.pid, caught);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
