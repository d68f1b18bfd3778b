/** Text that comes in pieces to numbered lines, for formats in which a line feed always ends one. */

export interface Line {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** Text in pieces to lines, each without its line feed. */
export class LineSplitter {
  #parts: string[] = [];
  /** Characters of the line that has not ended yet. */
  pendingLength = 0;
  /** The number of that line, from 1. */
  next = 1;

  get isEmpty(): boolean {
    return this.next === 1 && this.pendingLength === 0;
  }

  /** The lines that this text completes. */
  push(text: string): Line[] {
    const pieces = text.split('\n');
    const rest = pieces.pop() ?? '';
    const lines = pieces.map((piece) => this.#complete(piece));
    this.#parts.push(rest);
    this.pendingLength += rest.length;
    return lines;
  }

  /** The last line, whether it has an end or not. */
  end(): Line[] {
    return this.pendingLength === 0 ? [] : [this.#complete('')];
  }

  #complete(piece: string): Line {
    this.#parts.push(piece);
    const text = this.#parts.join('');
    this.#parts = [];
    this.pendingLength = 0;
    return { text, line: this.next++ };
  }
}
