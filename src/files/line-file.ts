/** A text file that grows line by line while a command works, for whoever follows it. */
import { closeSync, openSync } from 'node:fs';
import { writingFailed } from './failure.ts';
import { writeAll } from './temporary.ts';

export class LineFile {
  readonly #path: string;
  /** Null until something is written: what is there stays until then. */
  #file: number | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** Adds text at the end, at once; the first opens the file empty. @throws {UserError} exit 6 */
  write(text: string): void {
    try {
      this.#file ??= openSync(this.#path, 'w');
      writeAll(this.#file, Buffer.from(text, 'utf8'));
    } catch (error) {
      throw writingFailed(this.#path, error);
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }
}
