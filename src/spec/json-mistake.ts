/** What is said about a mistake in a JSON text: where it is, what stands there, what to do about it. */
import { quote } from '../words.ts';

/** The first mistake of a text. Lines and columns count from 1, columns in characters. */
export interface JsonMistake {
  readonly line: number;
  readonly column: number;
  /** `expected …; found …` */
  readonly problem: string;
  readonly remedy?: string;
}

/** How a mistake leaves the scanner, from however deep. */
export class Mistake extends Error {
  constructor(
    readonly at: number,
    problem: string,
    readonly remedy?: string,
  ) {
    super(problem);
  }

  /** The same with the line and column of its place in `text`. */
  in(text: string): JsonMistake {
    const { at, message: problem, remedy } = this;
    let line = 1;
    let lineStart = 0;
    for (let end = text.indexOf('\n'); end !== -1 && end < at; end = text.indexOf('\n', end + 1)) {
      line++;
      lineStart = end + 1;
    }
    let column = 1;
    for (let index = lineStart; index < at; column++) {
      index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
    }
    return { line, column, problem, remedy };
  }
}

const ONE_COMMA = 'JSON has one comma between two entries, and none after the last';
const DOUBLE_QUOTES = 'JSON puts text and keys in double quotes';
const NO_NAN = 'JSON has no NaN and no Infinity';

/** Where a JSON text stands: in a file, in a line of JSON lines, or in a word of the command line. */
export type JsonHome = 'file' | 'line' | 'text';

/** What to do about one that ends too early. */
const endings: Readonly<Record<JsonHome, string>> = Object.freeze({
  file: 'the file seems to be cut off',
  line: 'each line holds a whole value; JSON over several lines is read with --input-format json',
  text: 'the text seems to be cut off',
});

/** What stands at a place where something else was expected. */
export function wordsAt(
  text: string,
  at: number,
  home: JsonHome,
): { found: string; remedy?: string } {
  if (at >= text.length) {
    return { found: `the end of the ${home}`, remedy: endings[home] };
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (character === "'") return { found: 'a single quote', remedy: DOUBLE_QUOTES };
  if (character === '#' || text.startsWith('//', at) || text.startsWith('/*', at)) {
    return { found: 'a comment', remedy: 'JSON has no comments; remove it' };
  }
  if (',]}'.includes(character)) return { found: quote(character), remedy: ONE_COMMA };
  const token = /^[-+.\w$]*/.exec(text.slice(at, at + 100))?.[0];
  if (!token) return { found: quote(character) };
  return { found: quote(token), remedy: remedyForToken(token) };
}

function remedyForToken(token: string): string {
  if (/^[-+]?(?:nan|infinity|inf)$/i.test(token)) return NO_NAN;
  if (/^(?:true|false|none|null|undefined)$/i.test(token)) {
    return 'JSON writes true, false and null';
  }
  if (/^[A-Za-z_$]/.test(token)) return DOUBLE_QUOTES;
  return 'JSON writes numbers like 0.5, -1 and 1e-7';
}
