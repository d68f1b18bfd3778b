/**
 * Reads through a JSON text (RFC 8259) once, makes no values, and finds the first mistake. It also
 * finds what JSON.parse lets pass: a key given twice, nesting too deep to walk by recursion, and values that
 * take too much memory.
 */
import { formatThousands, quote } from '../words.ts';
import { type JsonHome, type JsonMistake, Mistake, wordsAt } from './json-mistake.ts';
import { formatPath } from './path.ts';

/** Arrays and objects inside each other. Models need about ten; every walk of ours recurses. */
export const MAX_DEPTH = 1000;
/** Keys of one object. A model has one for each layer, of which there are 10,000 at most. */
export const MAX_KEYS = 100_000;
/**
 * Bytes of the values of one text, as `COST` counts them, so that they fit in the heap of a machine of
 * 4 GiB: a text of two characters may stand for a value of sixty bytes.
 */
export const MAX_JSON_MEMORY = 2 ** 30;
/** What values take in V8, or somewhat more: of texts, what is not characters. */
const COST = { number: 16, literal: 8, text: 32, array: 64, object: 64, key: 48 };
/** A path longer than this is cut in a message. */
const MAX_PATH = 80;

/** The first mistake in `text`, or undefined where JSON.parse will read it and no key repeats. */
export function findMistake(text: string, home: JsonHome = 'file'): JsonMistake | undefined {
  try {
    new JsonScanner(text, home).document();
    return undefined;
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return error.in(text);
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const LITERAL = /(?:true|false|null)(?![\w$])/y;

class JsonScanner {
  #at = 0;
  #memory = 0;
  /** Where the scanner stands: one key or index per open object or array. */
  readonly #path: (string | number)[] = [];

  readonly #text: string;
  readonly #home: JsonHome;

  constructor(text: string, home: JsonHome) {
    this.#text = text;
    this.#home = home;
  }

  document(): void {
    this.#value('a value');
    this.#space();
    if (this.#at < this.#text.length) this.#failBehind();
  }

  /** Blanks, tabs and line ends. */
  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #value(expected: string): void {
    this.#space();
    const code = this.#text.charCodeAt(this.#at);
    if (isDigit(code) || code === MINUS) this.#number();
    else if (code === QUOTE) this.#textValue();
    else if (code === OPEN_ARRAY) this.#array();
    else if (code === OPEN_OBJECT) this.#object();
    else if (this.#skip(LITERAL)) this.#spend(COST.literal);
    else this.#fail(expected);
  }

  /** Counts the memory of a value. */
  #spend(bytes: number): void {
    this.#memory += bytes;
    if (this.#memory <= MAX_JSON_MEMORY) return;
    const limit = `at most ${formatThousands(MAX_JSON_MEMORY)} bytes of values in one ${this.#home}`;
    throw new Mistake(this.#at, `${this.#where()}expected ${limit}; found more`);
  }

  #number(): void {
    const text = this.#text;
    const start = this.#at;
    if (text.charCodeAt(this.#at) === MINUS) this.#at++;
    const leadingZero = text.charCodeAt(this.#at) === ZERO;
    const whole = this.#digits();
    let good = whole === 1 || (whole > 1 && !leadingZero);
    if (text.charCodeAt(this.#at) === DOT) {
      this.#at++;
      good = this.#digits() > 0 && good;
    }
    if ((text.charCodeAt(this.#at) | 0x20) === 0x65) {
      this.#at++;
      const sign = text[this.#at];
      if (sign === '+' || sign === '-') this.#at++;
      good = this.#digits() > 0 && good;
    }
    const next = text.charCodeAt(this.#at);
    this.#spend(COST.number);
    if (good && (next === COMMA || !isWordCode(next))) return;
    this.#at = start;
    this.#fail('a number as JSON writes it');
  }

  /** Skips digits and counts them. */
  #digits(): number {
    const start = this.#at;
    while (isDigit(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#at - start;
  }

  #textValue(): void {
    const start = this.#at;
    this.#string();
    this.#spend(COST.text + this.#at - start);
  }

  /** Skips a string; the scanner stands on its opening quote. True where it holds an escape. */
  #string(): boolean {
    const text = this.#text;
    let escaped = false;
    this.#at++;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        escaped = true;
        if (!this.#skip(ESCAPE)) this.#failEscape();
      } else if (code >= 0x20) {
        this.#at++;
      } else if (this.#at >= text.length) {
        this.#fail('a closing double quote');
      } else {
        this.#failControl();
      }
    }
    this.#at++;
    return escaped;
  }

  #array(): void {
    this.#open(0);
    this.#spend(COST.array);
    const top = this.#path.length - 1;
    if (this.#closes(CLOSE_ARRAY)) return;
    for (let index = 0; ; index++) {
      this.#path[top] = index;
      this.#value(index === 0 ? 'a value or "]"' : 'a value');
      if (this.#closes(CLOSE_ARRAY)) return;
      this.#expect(COMMA, '"," or "]"');
    }
  }

  #object(): void {
    this.#open('');
    this.#spend(COST.object);
    const top = this.#path.length - 1;
    if (this.#closes(CLOSE_OBJECT)) return;
    const keys = new Set<string>();
    for (;;) {
      const key = this.#key(keys.size === 0 ? 'a key in double quotes or "}"' : undefined);
      this.#path[top] = key.text;
      if (keys.has(key.text)) this.#failRepeated(key.at);
      keys.add(key.text);
      if (keys.size > MAX_KEYS) this.#failKeys(key.at);
      this.#spend(COST.key + key.text.length);
      this.#expect(COLON, '":" after the key');
      this.#value('a value');
      if (this.#closes(CLOSE_OBJECT)) return;
      this.#expect(COMMA, '"," or "}"');
    }
  }

  #key(expected = 'a key in double quotes'): { at: number; text: string } {
    this.#space();
    const at = this.#at;
    if (this.#text.charCodeAt(at) !== QUOTE) this.#fail(expected);
    const escaped = this.#string();
    const raw = this.#text.slice(at, this.#at);
    return { at, text: escaped ? String(JSON.parse(raw)) : raw.slice(1, -1) };
  }

  /** Steps into an array or object. */
  #open(first: string | number): void {
    if (this.#path.length >= MAX_DEPTH) {
      throw new Mistake(
        this.#at,
        `${this.#where()}expected at most ${MAX_DEPTH} levels of nesting; found more`,
      );
    }
    this.#at++;
    this.#path.push(first);
  }

  /** Steps out of the array or object if it closes here. */
  #closes(bracket: number): boolean {
    this.#space();
    if (this.#text.charCodeAt(this.#at) !== bracket) return false;
    this.#at++;
    this.#path.pop();
    return true;
  }

  #expect(code: number, expected: string): void {
    this.#space();
    if (this.#text.charCodeAt(this.#at) !== code) this.#fail(expected);
    this.#at++;
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  /** `layers[0].units: `, cut where it is long. */
  #where(): string {
    const path = formatPath(this.#path.slice(0, MAX_PATH));
    return path === '' ? '' : `${path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}…` : path}: `;
  }

  #fail(expected: string): never {
    const { found, remedy } = wordsAt(this.#text, this.#at, this.#home);
    throw new Mistake(this.#at, `expected ${expected}; found ${found}`, remedy);
  }

  /** Another value behind the first, as in files that were put together. */
  #failBehind(): never {
    const { found, remedy } = wordsAt(this.#text, this.#at, this.#home);
    const isValue = '{["'.includes(this.#text[this.#at]);
    const one = `JSON is one value; this ${this.#home} holds several`;
    const expected = `expected the end of the ${this.#home}`;
    throw new Mistake(this.#at, `${expected}; found ${found}`, isValue ? one : remedy);
  }

  #failRepeated(at: number): never {
    throw new Mistake(at, `${this.#where()}expected each key once; found it twice`);
  }

  #failKeys(at: number): never {
    // The key itself is of no interest, only the object that it is in.
    this.#path.pop();
    const limit = `at most ${formatThousands(MAX_KEYS)} keys in one object`;
    throw new Mistake(at, `${this.#where()}expected ${limit}; found more`);
  }

  #failEscape(): never {
    const found = quote(this.#text.slice(this.#at, this.#at + 2));
    throw new Mistake(
      this.#at,
      `expected an escape that JSON knows; found ${found}`,
      'a backslash in text is written \\\\',
    );
  }

  #failControl(): never {
    const character = this.#text[this.#at];
    const found = character === '\n' || character === '\r' ? 'a line break' : quote(character);
    throw new Mistake(
      this.#at,
      `expected a closing double quote; found ${found}`,
      'line breaks and tabs in text are written \\n and \\t',
    );
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= 0x39;
}

/** Letters, digits, `_`, `.`, `+`, `-`: what may not follow a number directly. */
function isWordCode(code: number): boolean {
  return (
    isDigit(code) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    code === DOT ||
    code === MINUS ||
    code === 0x2b
  );
}
