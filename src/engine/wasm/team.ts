/** Worker threads that share a session's memory and do their part of each step. */
import { Worker } from 'node:worker_threads';
import {
  CONTROL_BYTES,
  FAILED,
  JOB,
  MEETING,
  PATIENCE,
  QUIT,
  READY,
  STRETCHES,
} from './assembly/words.ts';
import type { Memory } from './memory.ts';
import { type Modules, TABLE_SIZE } from './module.ts';

/**
 * What a worker runs: the kernels under the numbers that they have in the session, too, then its part
 * of all series. It is text, so that there is no file to find.
 */
const SOURCE = `
const { workerData } = require('node:worker_threads');
const { kernels, chains, memory, size, control, failed, meeting, worker } = workerData;
const fail = () => { throw new Error('no work for a worker'); };
try {
  const table = new WebAssembly.Table({ initial: size, element: 'anyfunc' });
  const env = { memory, table, host: fail, abort: fail };
  const { exports } = new WebAssembly.Instance(kernels, { env });
  const functions = Object.values(exports).filter((entry) => typeof entry === 'function');
  functions.forEach((entry, number) => table.set(number, entry));
  const added = chains ? Object.values(new WebAssembly.Instance(chains, { env }).exports) : [];
  table.grow(added.length);
  added.forEach((entry, i) => table.set(size + i, entry));
  exports.work(control, worker);
} catch {
  const words = new Int32Array(memory.buffer);
  Atomics.store(words, failed / 4, 1);
  // Whoever waits at a meeting waits in vain.
  Atomics.notify(words, meeting / 4);
}
`;

export class Team {
  /** The main one included. */
  readonly threads: number;
  /** The address of the words that they share. */
  readonly control: number;
  readonly #memory: Memory;
  /** Whether no worker has ended. */
  #isWhole = true;

  /** @param patience  seconds in which nobody comes to a meeting after which it is given up */
  constructor(
    memory: Memory,
    { kernels, chains }: Modules,
    { threads, patience }: { readonly threads: number; readonly patience: number },
  ) {
    this.#memory = memory;
    this.threads = threads;
    this.control = memory.take(CONTROL_BYTES);
    memory.words[(this.control + PATIENCE) / 4] = patience;
    for (let worker = 1; worker < threads; worker++) {
      const workerData = {
        kernels,
        chains,
        memory: memory.memory,
        size: TABLE_SIZE,
        control: this.control,
        failed: this.control + FAILED,
        meeting: this.control + MEETING,
        worker,
      };
      const started = workerOf(workerData);
      if (!started) {
        this.#isWhole = false;
        return;
      }
      // One that cannot start leaves the work to the main thread.
      started.on('error', () => {});
      started.on('exit', () => {
        this.#isWhole = false;
      });
      // It must not keep the process alive, which may end in the middle of anything.
      started.unref();
    }
  }

  /** Whether all workers have started, which takes them some 30 ms; nobody waits for that. */
  get isReady(): boolean {
    if (!this.#isWhole || this.hasFailed) return false;
    return Atomics.load(this.#memory.words, (this.control + READY) / 4) === this.threads - 1;
  }

  /** Whether one has ended in the middle of a series, or was not waited for any longer. */
  get hasFailed(): boolean {
    return Atomics.load(this.#memory.words, (this.control + FAILED) / 4) !== 0;
  }

  /** Says where a worker finds the stretches of its next series. */
  setStretches(worker: number, address: number): void {
    this.#memory.words[(this.control + STRETCHES) / 4 + worker] = address;
  }

  /** Lets the workers end. */
  close(): void {
    const { words } = this.#memory;
    Atomics.store(words, (this.control + QUIT) / 4, 1);
    Atomics.add(words, (this.control + JOB) / 4, 1);
    Atomics.notify(words, (this.control + JOB) / 4);
    // Where the main thread was thrown out of a step, they wait at a meeting.
    Atomics.notify(words, (this.control + MEETING) / 4);
  }
}

/** Null where the system gives no further thread. */
function workerOf(workerData: object): Worker | null {
  try {
    return new Worker(SOURCE, { eval: true, workerData });
  } catch {
    return null;
  }
}
