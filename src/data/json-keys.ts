/**
 * The parts of a JSON text as they stand in it. Objects in JavaScript put keys like `10` before all
 * others, and numbers lose digits: neither is told by the values.
 */

/**
 * The keys of the first object of a text, in the order in which they stand.
 *
 * @param text  JSON that was found to be without mistakes; an object, or an array of them
 */
export function keysInOrder(text: string): readonly string[] {
  return [...membersOf(text, text.indexOf('{')).keys()];
}

/**
 * The text of each member of an object, by key.
 *
 * @param text  an object without mistakes
 */
export function memberTexts(text: string): ReadonlyMap<string, string> {
  return membersOf(text, text.indexOf('{'));
}

/**
 * The text of each element of an array.
 *
 * @param text  an array without mistakes
 */
export function elementTexts(text: string): readonly string[] {
  return [...partsOf(text, text.indexOf('['))];
}

function membersOf(text: string, open: number): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  for (const member of partsOf(text, open)) {
    const end = closingQuote(member, 0) + 1;
    const value = member.slice(member.indexOf(':', end) + 1);
    members.set(String(JSON.parse(member.slice(0, end))), value.trimStart());
  }
  return members;
}

/** What stands between the commas of the object or array that opens at `open`, without outer blanks. */
function* partsOf(text: string, open: number): Generator<string> {
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = closingQuote(text, at);
    else if (character === '{' || character === '[') depth++;
    else if (character === ',' && depth === 1) {
      yield text.slice(from, at).trim();
      from = at + 1;
    } else if (character === '}' || character === ']') {
      depth--;
      if (depth > 0) continue;
      const last = text.slice(from, at).trim();
      if (last !== '') yield last;
      return;
    }
  }
}

/** Where the text that opens at `open` ends: at the first quote that no backslash escapes. */
function closingQuote(text: string, open: number): number {
  let at = open + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
