/** A family of names (activations, losses, …) as text for the terminal, and as JSON for scripts. */
import type { Family, FamilyArgument, FamilyEntry } from '../records.ts';

/** Where the second column begins. Longer names have a line of their own. */
const COLUMN = 18;
const MIN_WIDTH = 50;

/**
 * The list in two columns: the name, and beside it formula, arguments, other words, and what differs
 * from Keras.
 *
 * @param columns  characters per line; no line is longer, save one word that is
 */
export function formatFamily(family: Family, columns: number): string {
  const width = Math.max(columns, MIN_WIDTH);
  const paragraphs = [
    ...family.about.map((text) => wrap(plain(text), width)),
    family.entries.flatMap((entry) => entryLines(entry, width)),
    ...commonLines(family, width),
    ...differenceLines(family, width),
  ];
  return `${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** The record itself, prose without its backticks. */
export function formatFamilyJson(family: Family): string {
  const strip = (_key: string, value: unknown) =>
    typeof value === 'string' ? plain(value) : value;
  return `${JSON.stringify(family, strip, 2)}\n`;
}

/** Markdown's code marks mean nothing in a terminal. */
function plain(prose: string): string {
  return prose.replaceAll('`', '');
}

function entryLines(entry: FamilyEntry, width: number): string[] {
  const { name, aliases, formula, variants, where, differences } = entry;
  const texts = [
    ...assignments(formula),
    ...Object.entries(variants).flatMap(([argument, text]) =>
      assignments(`with ${argument}: ${text}`),
    ),
    ...(where === undefined ? [] : [plain(where)]),
    ...(entry.arguments.length === 0 ? [] : [`arguments: ${listArguments(entry.arguments)}`]),
    ...(aliases.length === 0 ? [] : [`also: ${aliases.join(', ')}`]),
    ...differences.map((text) => `differs: ${plain(text)}`),
  ];
  const indent = ' '.repeat(COLUMN);
  const right = texts.flatMap((text) => wrap(text, width - COLUMN)).map((line) => indent + line);
  const label = `  ${name}`;
  if (label.length + 2 > COLUMN) return [label, ...right];
  return [label.padEnd(COLUMN) + right[0].slice(COLUMN), ...right.slice(1)];
}

/** A rule of several assignments, each by itself. */
export function assignments(formula: string): string[] {
  return formula.split('; ');
}

/** `delta 1, reduction (optional)`. */
function listArguments(list: readonly FamilyArgument[]): string {
  return list.map(formatArgument).join(', ');
}

function formatArgument({ name, default: usual, required }: FamilyArgument): string {
  if (required) return `${name} (required)`;
  return usual === undefined ? `${name} (optional)` : `${name} ${JSON.stringify(usual)}`;
}

function commonLines({ common }: Family, width: number): string[][] {
  if (common.arguments.length === 0) return [];
  return [wrap(plain(commonSentence(common)), width)];
}

/** Which arguments nearly all entries take besides their own. */
function commonSentence({ arguments: list, except }: Family['common']): string {
  const all = except.length === 0 ? 'All' : `All but ${except.join(' and ')}`;
  return `${all} also take: ${listArguments(list)}.`;
}

function differenceLines({ differences }: Family, width: number): string[][] {
  if (differences === null) return [];
  const said = 'As in Keras 3.15, save where it says otherwise';
  if (differences.length === 0) return [wrap(`${said}.`, width)];
  const items = differences.flatMap((text) =>
    wrap(plain(text), width - 4).map((line, index) => (index === 0 ? '  - ' : '    ') + line),
  );
  return [[...wrap(`${said}, and:`, width), ...items]];
}

/** Lines of at most `width` characters, broken at blanks. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
