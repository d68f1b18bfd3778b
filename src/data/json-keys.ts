/** The keys of a JSON object as they stand: objects in JavaScript put keys like `10` before all others. */

/**
 * The keys of the first object of a text, in the order in which they stand.
 *
 * @param text  JSON that was found to be without mistakes; an object, or an array of them
 */
export function keysInOrder(text: string): readonly string[] {
  const keys: string[] = [];
  let depth = 0;
  for (let at = text.indexOf('{'); at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      const end = closingQuote(text, at);
      if (depth === 1 && isKey(text, end)) keys.push(String(JSON.parse(text.slice(at, end + 1))));
      at = end;
    } else if (character === '{' || character === '[') {
      depth++;
    } else if (character === '}' || character === ']') {
      depth--;
      if (depth === 0) break;
    }
  }
  return keys;
}

const COLON = /\s*:/y;

function isKey(text: string, end: number): boolean {
  COLON.lastIndex = end + 1;
  return COLON.test(text);
}

/** Where the text that opens at `open` ends: at the first quote that no backslash escapes. */
function closingQuote(text: string, open: number): number {
  let at = open + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
