/**
 * The pages about Keras, made from the declarations that `src/spec/families/` gathers: `keras.md` whole, and the lists
 * in `keras-differences.md`. `npm run docs` writes them; a test holds them to this.
 */
import type { Family, FamilyArgument, FamilyEntry } from '../src/records.ts';
import { assignments } from '../src/report/family-text.ts';
import { families } from '../src/spec/families.ts';

const INTRODUCTION = `# Keras, name by name

<!-- Written by "npm run docs" from the declarations in src/. -->

What a model file may name, what it computes, its arguments with their defaults, and what is not as in
Keras 3.15. \`mlp help activations\` prints the same in the terminal, and so for every heading here.
Wherever Keras has it, it is held to numbers of Keras 3.15.1 on TensorFlow 2.21.0;
[keras-differences.md](keras-differences.md) has all differences together.

A word alone stands for the thing with its defaults; an object has the word in \`type\` or \`name\` and
arguments beside it: \`"adam"\`, \`{ "name": "adam", "learning_rate": 0.01 }\`. In brackets are other words
for the same. Formulas are in the [language of formulas](#formulas), and what is beyond it is said above
each table.
`;

/** The text of `docs/keras.md`. */
export async function kerasPage(): Promise<string> {
  const all = await Promise.all(Object.values(families).map((load) => load()));
  return [INTRODUCTION, ...all.map(section)].join('\n');
}

function section(family: Family): string {
  const { name, about, entries, common, differences } = family;
  const paragraphs = [
    `## ${name[0].toUpperCase()}${name.slice(1)}`,
    ...about,
    differences === null ? functionTable(entries) : kerasTable(entries),
    ...(common.arguments.length === 0 ? [] : [commonSentence(common)]),
    ...(differences === null || differences.length === 0 ? [] : [list(differences)]),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function commonSentence({ arguments: own, except }: Family['common']): string {
  const all = except.length === 0 ? 'All' : `All but ${except.map(code).join(' and ')}`;
  return `${all} also take ${listArguments(own)}.`;
}

function kerasTable(entries: readonly FamilyEntry[]): string {
  return table(
    ['name', 'formula', 'arguments and defaults', 'Keras 3.15'],
    entries.map(({ name, aliases, differences, arguments: own, ...rest }) => [
      aliases.length === 0 ? code(name) : `${code(name)} (${aliases.map(code).join(', ')})`,
      formulaCell(rest),
      listArguments(own),
      differences.length === 0 ? 'same as Keras 3.15' : differences.join('; '),
    ]),
  );
}

function functionTable(entries: readonly FamilyEntry[]): string {
  return table(
    ['written', 'is'],
    entries.map((entry) => [code(entry.name), formulaCell(entry)]),
  );
}

function formulaCell({
  formula,
  variants,
  where,
}: Pick<FamilyEntry, 'formula' | 'variants' | 'where'>): string {
  const rule = (text: string) => assignments(text).map(code).join('<br>');
  return [
    rule(formula),
    ...Object.entries(variants).map(([argument, text]) => `with ${code(argument)}: ${rule(text)}`),
    ...(where === undefined ? [] : [where]),
  ].join('<br>');
}

function listArguments(own: readonly FamilyArgument[]): string {
  return own
    .map(({ name, default: usual, required }) => {
      if (required) return `${code(name)} (required)`;
      return usual === undefined ? `${code(name)} (optional)` : `${code(name)} ${json(usual)}`;
    })
    .join(', ');
}

/** Numbers and words as they are; what Markdown would read as its own in code. */
function json(value: unknown): string {
  const text = JSON.stringify(value);
  return typeof value === 'object' && value !== null ? code(text) : text;
}

const code = (text: string) => `\`${text}\``;
const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  // What stands alone between blanks is no emphasis; only `|` would end a cell.
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * `docs/keras-differences.md` with the lists between its marks, `<!-- layers -->` and `<!-- end -->`,
 * made anew.
 *
 * @throws {Error} where a family with differences has no place in the page
 */
export async function differencesPage(page: string): Promise<string> {
  let text = page;
  for (const [name, load] of Object.entries(families)) {
    const items = differencesOf(await load());
    const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end -->)`);
    if (!place.test(text)) {
      if (items.length === 0) continue;
      throw new Error(`keras-differences.md has no place for ${name}`);
    }
    text = text.replace(place, (_, start: string, end: string) => `${start}${list(items)}\n${end}`);
  }
  return text;
}

/** Entries that differ in the same way together, then what is said of all. */
function differencesOf({ entries, differences }: Family): string[] {
  const names = new Map<string, string[]>();
  for (const entry of entries) {
    for (const text of entry.differences) names.set(text, [...(names.get(text) ?? []), entry.name]);
  }
  const own = [...names].map(([text, which]) => `${which.map(code).join(', ')}: ${text}.`);
  return [...own, ...(differences ?? [])];
}
