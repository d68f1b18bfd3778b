/** Runs the real program in a fresh folder with a bare environment, and gives back all it did. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

const program = resolve(import.meta.dirname, '../../bin/mlp.js');
const fixtures = resolve(import.meta.dirname, '../../fixtures');

/** What a run ended with. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What is around a run. */
interface Around {
  /** Besides PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** Below the test's own. */
  readonly folder?: string;
}

/** A program at work. */
export class Running {
  readonly child: ChildProcess;
  /** What it ended with; the signal's name where one ended it. */
  readonly ended: Promise<Outcome & { readonly signal: string | null }>;
  #stdout = '';
  #stderr = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      this.#stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.#stderr += text;
    });
    this.ended = new Promise((resolve) => {
      child.on('close', (status, signal) =>
        resolve({ status, signal, stdout: this.#stdout, stderr: this.#stderr }),
      );
    });
  }

  /** Waits until `text` has come on standard output or standard error, or the program has ended. */
  async says(text: string | RegExp): Promise<void> {
    const isThere = () => [this.#stdout, this.#stderr].some((said) => said.search(text) >= 0);
    while (!isThere() && this.child.exitCode === null && this.child.signalCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** A folder of its own for one test; it is gone when the test is finished. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'mlp-test-'));

  constructor() {
    onTestFinished(() => rmSync(this.path, { recursive: true, force: true }));
  }

  /** Copies files below `fixtures/` here, by their own names. */
  take(...names: string[]): this {
    for (const name of names) copyFileSync(join(fixtures, name), join(this.path, basename(name)));
    return this;
  }

  write(name: string, content: string | Uint8Array | object): this {
    const isRaw = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(join(this.path, name), isRaw ? content : JSON.stringify(content));
    return this;
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  json(name: string) {
    return JSON.parse(this.read(name));
  }

  /** All names in the folder, hidden ones included. */
  names(): string[] {
    return readdirSync(this.path).sort();
  }

  /** Runs `mlp` with these words; `input` is its standard input. */
  mlp(args: readonly string[], input: string | Uint8Array = '', around: Around = {}): Outcome {
    return this.#spawn(process.execPath, [program, ...args], input, around);
  }

  /** Starts `mlp` with these words, to be disturbed while it works. */
  start(args: readonly string[]): Running {
    return new Running(
      spawn(process.execPath, [program, ...args], {
        cwd: this.path,
        env: { PATH: process.env.PATH },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  /** Runs a line of shell in which `mlp` is the program. */
  shell(line: string): Outcome {
    const mlp = `mlp() { '${process.execPath}' '${program}' "$@"; }`;
    return this.#spawn('bash', ['--norc', '-c', `${mlp}; ${line}`], '');
  }

  /** The same in a terminal of 80 columns, where `input` is typed and ended with Ctrl-D; what is shown comes back. */
  terminal(line: string, input = ''): Outcome {
    this.write('.typed', `${input}\u0004`);
    // The other end of the terminal is there until the program has ended.
    const typed = '< <(exec 2> /dev/null; cat .typed; sleep 10)';
    const shown = this.shell(
      `export -f mlp; SHELL=$BASH timeout 60 script -qec '${line}' /dev/null ${typed}`,
    );
    // A terminal makes CRLF of line feeds.
    return { ...shown, stdout: shown.stdout.replaceAll('\r\n', '\n') };
  }

  #spawn(
    command: string,
    args: readonly string[],
    input: string | Uint8Array,
    { env, folder = '.' }: Around = {},
  ): Outcome {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: join(this.path, folder),
      env: { PATH: process.env.PATH, ...env },
      input,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    return { status, stdout, stderr };
  }
}

/** Whether there is the program of util-linux that runs another one in a terminal. */
export const hasTerminal = spawnSync('script', ['--version']).status === 0;
if (!hasTerminal) console.warn('left out: what is shown on a terminal, since there is no script');

/** A run that did what it should and said nothing about it. */
export function done(stdout: string, stderr = ''): Outcome {
  return { status: 0, stdout, stderr };
}

/** A run that was refused: nothing on standard output. */
export function refused(status: number, stderr: string): Outcome {
  return { status, stdout: '', stderr };
}

/** A log without what no two runs share: times become 0. */
export function withoutTimes(log: string): string {
  return log.replace(/ - (\d+:)*\d+s \d+(us|ms|s)\/(step|epoch)/g, ' - 0s 0ms/$3');
}
