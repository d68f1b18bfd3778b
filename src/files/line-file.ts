/** A text file that grows line by line while a command works, for whoever follows it. */
import { closeSync, openSync } from 'node:fs';
import { writingFailed } from './failure.ts';
import { writeAll } from './temporary.ts';

export class LineFile {
  readonly #path: string;
  readonly #file: number;

  /** Opens the file empty. @throws {UserError} exit 6 */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = openSync(path, 'w');
    } catch (error) {
      throw writingFailed(path, error);
    }
  }

  /** Adds text at the end, at once. @throws {UserError} exit 6 */
  write(text: string): void {
    try {
      writeAll(this.#file, Buffer.from(text, 'utf8'));
    } catch (error) {
      throw writingFailed(this.#path, error);
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}
