/**
 * The things about CSV text that papaparse leaves to its caller: which delimiter, where a quoted cell
 * ends, line ends of every kind made LF, lines that are comments, and which cells are blank lines.
 */

/** The delimiters that are recognised, in the order that settles a draw. */
const DELIMITERS = [',', ';', '\t', '|'] as const;
type Delimiter = (typeof DELIMITERS)[number];

/** Whether cells may stand between this text: it is one character that has no meaning of its own. */
export function isDelimiter(text: string): boolean {
  return /^[^"\r\n\uFEFF]$/u.test(text);
}

/**
 * The delimiter that occurs most often outside quotes in the first line that is neither blank nor a
 * comment; a comma where none occurs, but not where commas are in numbers alone. Undefined while that line has no end yet.
 *
 * @param final  whether the end of `text` is the end of the file
 */
export function sniffDelimiter(
  whole: string,
  final: boolean,
  comment?: string,
): Delimiter | undefined {
  const text = whole.slice(commentsLength(whole, comment));
  let counts = { ',': 0, ';': 0, '\t': 0, '|': 0 };
  let quoted = false;
  let blank = true;
  let at = 0;
  let begin = 0;
  for (const character of text) {
    at += character.length;
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (character === '\n' || character === '\r') {
      if (!blank) return withDecimalCommas(text.slice(begin, at)) ?? mostFrequent(counts);
      counts = { ',': 0, ';': 0, '\t': 0, '|': 0 };
      begin = at;
    } else {
      blank &&= character.trim() === '';
      if (isRecognised(character)) counts[character]++;
    }
  }
  return final ? (withDecimalCommas(text.slice(begin)) ?? mostFrequent(counts)) : undefined;
}

/** What is between the cells of a line all of whose commas are in numbers: `5,1;3,5;a`. */
function withDecimalCommas(line: string): Delimiter | undefined {
  if (!line.includes(',')) return undefined;
  const isCell = (text: string) => !text.includes(',') || /^\s*"?[+-]?\d+,\d+"?\s*$/.test(text);
  return ([';', '\t'] as const).find((delimiter) => {
    const cells = line.split(delimiter);
    return cells.length > 1 && cells.every(isCell);
  });
}

/** The line, with its end, in which Excel says what is between the cells: `sep=;`. */
export function separatorLine(
  text: string,
): { readonly text: string; readonly delimiter: string } | undefined {
  const match = /^"?sep=([^"\r\n])"?(?:\r\n?|\n|$)/i.exec(text);
  return match ? { text: match[0], delimiter: match[1] } : undefined;
}

/** How long the comments and blank lines are with which a text begins. */
function commentsLength(text: string, comment: string | undefined): number {
  if (comment === undefined) return 0;
  let from = 0;
  for (;;) {
    const end = lineEnd(text, from);
    if (!text.startsWith(comment, from) && text.slice(from, end).trim() !== '') return from;
    if (end === text.length) return end;
    from = end + 1;
  }
}

function isRecognised(character: string): character is Delimiter {
  return DELIMITERS.some((delimiter) => delimiter === character);
}

function mostFrequent(counts: Readonly<Record<Delimiter, number>>): Delimiter {
  return DELIMITERS.reduce((best, delimiter) =>
    counts[delimiter] > counts[best] ? delimiter : best,
  );
}

/**
 * The same text with CRLF and CR as LF, except inside quoted cells, whose text is the user's.
 * The text must begin at the begin of a row; a quoted cell that has no end is kept as it is.
 */
export function normaliseLineEnds(text: string, delimiter: string): string {
  if (!text.includes('\r')) return text;
  const parts: string[] = [];
  let from = 0;
  let quoteAt = text.indexOf('"');
  while (quoteAt !== -1) {
    if (!beginsCell(text, quoteAt, delimiter)) {
      quoteAt = text.indexOf('"', quoteAt + 1);
      continue;
    }
    parts.push(text.slice(from, quoteAt).replace(/\r\n?/g, '\n'));
    const close = closingQuote(text, quoteAt);
    from = close === -1 ? text.length : close + 1;
    parts.push(text.slice(quoteAt, from));
    quoteAt = text.indexOf('"', from);
  }
  parts.push(text.slice(from).replace(/\r\n?/g, '\n'));
  return parts.join('');
}

/** A text without its comments. */
interface Uncommented {
  readonly text: string;
  /** The comment at its end that may go on. */
  readonly held: string;
}

/**
 * The same text, each line that begins with `comment` made empty, so that lines keep their numbers;
 * not inside quoted cells. The text must begin at the begin of a row.
 *
 * @param final  whether the end of `text` is the end of the file
 */
export function withoutComments(
  text: string,
  delimiter: string,
  comment: string,
  final: boolean,
): Uncommented {
  const parts: string[] = [];
  const rows = new RowEnds(text, delimiter);
  let kept = 0;
  let from = 0;
  while (from < text.length) {
    if (!text.startsWith(comment, from)) {
      from = rows.after(from);
      continue;
    }
    parts.push(text.slice(kept, from));
    const end = lineEnd(text, from);
    if (end === text.length) {
      return { text: parts.join(''), held: final ? '' : text.slice(from) };
    }
    kept = end;
    from = end + 1;
  }
  return { text: parts.join('') + text.slice(kept), held: '' };
}

/** Finds where rows end, outside quoted cells; goes through a text once. */
class RowEnds {
  #quoteAt: number;
  readonly #text: string;
  readonly #delimiter: string;

  constructor(text: string, delimiter: string) {
    this.#text = text;
    this.#delimiter = delimiter;
    this.#quoteAt = text.indexOf('"');
  }

  /** The begin of the row after the one that begins at `from`. */
  after(from: number): number {
    const text = this.#text;
    let end = lineEnd(text, from);
    while (this.#quoteAt !== -1 && this.#quoteAt < end) {
      const begin = this.#quoteAt;
      let next = begin + 1;
      if (begin >= from && beginsCell(text, begin, this.#delimiter)) {
        const close = closingQuote(text, begin);
        next = close === -1 ? text.length : close + 1;
        end = lineEnd(text, next);
      }
      this.#quoteAt = text.indexOf('"', next);
    }
    return end + 1;
  }
}

const LINE_END = /[\r\n]/g;

/** Where the line that goes on at `from` ends: at its CR or LF, or at the end of the text. */
function lineEnd(text: string, from: number): number {
  LINE_END.lastIndex = from;
  return LINE_END.exec(text)?.index ?? text.length;
}

function beginsCell(text: string, at: number, delimiter: string): boolean {
  if (at === 0 || text[at - 1] === '\n' || text[at - 1] === '\r') return true;
  return at >= delimiter.length && text.startsWith(delimiter, at - delimiter.length);
}

/** Where the quoted cell that opens at `open` closes, or -1; a doubled quote does not close it. */
export function closingQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

/** Whether a row is a line with nothing but blanks, which is no row. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.length === 1 && cells[0].trim() === '';
}
