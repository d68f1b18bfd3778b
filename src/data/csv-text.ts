/**
 * The four things about CSV text that papaparse leaves to its caller: which delimiter, where a
 * quoted cell ends, line ends of every kind made LF, and which cells are blank lines.
 */

/** The delimiters that are recognised, in the order that settles a draw. */
const DELIMITERS = [',', ';', '\t', '|'] as const;
type Delimiter = (typeof DELIMITERS)[number];

/** Whether cells may stand between this text: it is one character that has no meaning of its own. */
export function isDelimiter(text: string): boolean {
  return /^[^"\r\n\uFEFF]$/u.test(text);
}

/**
 * The delimiter that occurs most often outside quotes in the first line that is not blank; a
 * comma where none occurs. Undefined while that line has no end yet.
 *
 * @param final  whether the end of `text` is the end of the file
 */
export function sniffDelimiter(text: string, final: boolean): Delimiter | undefined {
  let counts = { ',': 0, ';': 0, '\t': 0, '|': 0 };
  let quoted = false;
  let blank = true;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (character === '\n' || character === '\r') {
      if (!blank) return mostFrequent(counts);
      counts = { ',': 0, ';': 0, '\t': 0, '|': 0 };
    } else {
      blank &&= character.trim() === '';
      if (isRecognised(character)) counts[character]++;
    }
  }
  return final ? mostFrequent(counts) : undefined;
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
