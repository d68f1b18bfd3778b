/**
 * Text in terminal cells, with colours: how wide it is, how it wraps and is cut, as the Python
 * package `rich` does it, with which Keras 3 prints.
 */

/** A piece of text and how it is drawn: SGR parameters such as `1` (bold) or `38;5;34`. */
export interface Run {
  readonly text: string;
  readonly style?: string;
}

/** One code point and its style. */
type Glyph = readonly [character: string, style: string | undefined];

const ESCAPE = '\u001b[';
const RESET = `${ESCAPE}0m`;
const CODE_OR_CHARACTER = new RegExp(`${ESCAPE.replace('[', '\\[')}[\\d;]*m|.`, 'gu');
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u3247\u3250-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{1f200}-\u{1f251}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]/u;

/** How many terminal cells a text takes: two for Chinese and other wide characters. */
export function cellWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text of runs without their styles. */
export function plainText(runs: readonly Run[]): string {
  return runs.map((run) => run.text).join('');
}

/** The runs as bytes for a terminal; without colour only their text. */
export function paint(runs: readonly Run[], color: boolean): string {
  if (!color) return plainText(runs);
  return runs
    .map(({ text, style }) => (style && text ? `${ESCAPE}${style}m${text}${RESET}` : text))
    .join('');
}

/** A text in at most `width` cells, ended by `…` where it was cut. */
export function cutCell(text: string, width: number): string {
  return plainText(toRuns(cut(toGlyphs([{ text }]), width)));
}

/**
 * The lines of a table cell: words broken at blanks; a word wider than the cell has a line of its
 * own, cut to one cell less and ended by `…`. Without blanks at the ends of lines.
 *
 * @param width  cells that the text may take
 */
export function wrapCell(runs: readonly Run[], width: number): Run[][] {
  const glyphs = toGlyphs(runs);
  return splitAt(glyphs, lineBreaks(glyphs, width, false)).map((line) => {
    // rich counts characters here, not cells, so that a blank may push wide ones out.
    const fitting = trimEnd(line, line.length - width);
    return toRuns(trimEnd(cut(fitting, width)));
  });
}

/**
 * The lines of a text that is printed on its own: words broken at blanks, which stay at the end of
 * the line as far as it has room; a word wider than the line goes on in the next.
 *
 * @param width  cells of the terminal
 */
export function foldLine(runs: readonly Run[], width: number): Run[][] {
  const glyphs = toGlyphs(runs);
  return splitAt(glyphs, lineBreaks(glyphs, width, true)).map((line) =>
    toRuns(trimEnd(line, glyphsWidth(line) - width)),
  );
}

/** A painted line without what is beyond `width` cells; half a wide character becomes a blank. */
export function cropPainted(line: string, width: number): string {
  const tokens = line.match(CODE_OR_CHARACTER) ?? [];
  let cropped = '';
  let room = width;
  let style = '';
  for (const token of tokens) {
    if (token.startsWith(ESCAPE)) {
      if (room === 0) break;
      style = token === RESET ? '' : token;
    }
    const needed = token.startsWith(ESCAPE) ? 0 : characterWidth(token);
    if (needed > room) {
      cropped += ' '.repeat(room);
      break;
    }
    cropped += token;
    room -= needed;
  }
  return style ? cropped + RESET : cropped;
}

function characterWidth(character: string): number {
  if (ZERO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

function glyphsWidth(glyphs: readonly Glyph[]): number {
  return glyphs.reduce((width, [character]) => width + characterWidth(character), 0);
}

function toGlyphs(runs: readonly Run[]): Glyph[] {
  return runs.flatMap(({ text, style }) => [...text].map((c): Glyph => [c, style]));
}

function toRuns(glyphs: readonly Glyph[]): Run[] {
  const runs: { text: string; style?: string }[] = [];
  for (const [text, style] of glyphs) {
    const last = runs.at(-1);
    if (last && last.style === style) last.text += text;
    else runs.push({ text, style });
  }
  return runs;
}

function splitAt(glyphs: readonly Glyph[], breaks: readonly number[]): Glyph[][] {
  return [0, ...breaks].map((start, i) => glyphs.slice(start, breaks[i]));
}

/** rich's `divide_line`: the indices at which a new line begins. */
function lineBreaks(glyphs: readonly Glyph[], width: number, fold: boolean): number[] {
  const breaks: number[] = [];
  let used = 0;
  let start = 0;
  for (const [word] of glyphs
    .map(([c]) => c)
    .join('')
    .matchAll(/\s*\S+\s*/gu)) {
    const length = [...word].length;
    const needed = cellWidth(word.trimEnd());
    const isTooLong = needed > width;
    if (needed <= width - used) {
      used += cellWidth(word);
    } else if (isTooLong && fold) {
      const pieces = chop(glyphs.slice(start, start + length), width);
      let next = start;
      for (const piece of pieces) {
        if (next > 0) breaks.push(next);
        next += piece.length;
        used = glyphsWidth(piece);
      }
    } else if (isTooLong || used > 0) {
      if (start > 0) breaks.push(start);
      used = cellWidth(word);
    }
    start += length;
  }
  return breaks;
}

/** A word in pieces that are as wide as a line allows. */
function chop(glyphs: readonly Glyph[], width: number): Glyph[][] {
  const pieces: Glyph[][] = [];
  let room = 0;
  for (const glyph of glyphs) {
    const needed = characterWidth(glyph[0]);
    if (needed > room || pieces.length === 0) {
      pieces.push([]);
      room = width;
    }
    pieces[pieces.length - 1].push(glyph);
    room -= needed;
  }
  return pieces;
}

/** A line without blanks at its end, at most `limit` of them. */
function trimEnd(line: readonly Glyph[], limit = Number.POSITIVE_INFINITY): Glyph[] {
  let length = line.length;
  while (length > 0 && line.length - length < limit && /\s/.test(line[length - 1][0])) length--;
  return line.slice(0, length);
}

/** A line that is too wide, ended by `…`; where half a wide character would be left, a blank. */
function cut(line: Glyph[], width: number): Glyph[] {
  if (glyphsWidth(line) <= width) return line;
  const kept: Glyph[] = [];
  let room = width - 1;
  for (const [character, style] of line) {
    const needed = characterWidth(character);
    if (needed > room) {
      if (room > 0) kept.push([' ', style]);
      break;
    }
    kept.push([character, style]);
    room -= needed;
  }
  return [...kept, ['…', line[kept.length]?.[1]]];
}
