/**
 * What the parser of formulas complains about, in our words. `jsep` says what it was doing; people
 * want to know what was expected at which place and what stands there.
 */
import { quote } from '../words.ts';

/** What is wrong and where: `position` counts characters from 1. */
interface Complaint {
  readonly message: string;
  readonly position: number;
}

/** What stands where the parser stopped: a character in quotes, or the end. */
type Words = (found: string, match: RegExpExecArray) => string;

const closing: Words = (found) => `expected ")"; found ${found}`;
const argument: Words = (found) => `expected an argument; found ${found}`;
const noArray: Words = () => notPart('an array');
const noChoice: Words = () => notPart('?:');

/** jsep's messages, all there are without plugins (1.4), and what each becomes. */
const translations: readonly (readonly [RegExp, Words])[] = [
  [/^expected (?:expression|an operand) after (.+)$/i, (found, [, sign]) => operand(sign, found)],
  [/^Expected \)$/, closing],
  [/^Unclosed \($/, closing],
  [/^Expected comma$/, (found) => `expected "," or ")" after the argument; found ${found}`],
  [/^Unexpected token/, argument],
  [/^(?:Unclosed \[|Expected \])/, noArray],
  [/^(?:Expected :|Expected expression$)/, noChoice],
  [/^Unclosed quote/, () => notPart('text in quotes')],
  [/^Expected exponent/, (found) => `expected digits after the e of a number; found ${found}`],
  [/^Unexpected period/, () => 'expected one point in a number; found two'],
  [/^Variable names/, (found) => `expected an operator after the number; found ${found}`],
  [/^Unexpected "/, (found) => (found === '")"' ? 'expected a "(" before ")"' : notPart(found))],
  [/^Unexpected /, () => notPart('property access')],
];

/** Signs of other languages, and how a formula says it. */
const instead: Readonly<Record<string, string>> = Object.freeze({
  '^': 'a power is **',
  '!': 'write not',
  '&&': 'write and',
  '||': 'write or',
  '?:': 'write where(condition, a, b)',
  '"="': 'write == to compare',
});

/** `% is not part of a formula`, and what to write instead where there is such a thing. */
export function notPart(what: string): string {
  const hint = Object.hasOwn(instead, what) ? ` (${instead[what]})` : '';
  return `${what} is not part of a formula${hint}`;
}

/**
 * The parser's complaint about a text.
 *
 * @param message  as jsep has it, or ours of the same form
 * @param index    where the parser stood, from 0
 */
export function complaint(text: string, message: string, index: number): Complaint {
  if (message === 'missing unaryOp argument') return missingOperand(text, index);
  // Only this complaint comes when the character is passed already.
  const at = message.startsWith('Unexpected token') ? index - 1 : skipBlanks(text, index);
  const found = foundAt(text, at);
  for (const [pattern, words] of translations) {
    const match = pattern.exec(message);
    if (match) return { message: words(found, match), position: at + 1 };
  }
  return { message: `expected a formula; found ${found}`, position: at + 1 };
}

/** A sign stands before nothing: what is wrong with it may be that it is no sign of ours. */
function missingOperand(text: string, index: number): Complaint {
  const before = text.slice(0, index).trimEnd();
  const sign = before.slice(-1);
  if (sign === '!' || sign === '~') {
    // Behind an operand it is a factorial, for which "write not" is no help.
    const isBehind = /[\w)]\s*$/.test(before.slice(0, -1));
    const message = isBehind ? `${sign} is not part of a formula` : notPart(sign);
    return { message, position: before.length };
  }
  const at = skipBlanks(text, index);
  return { message: operand(sign, foundAt(text, at)), position: at + 1 };
}

function operand(sign: string, found: string): string {
  return `expected an operand after ${sign}; found ${found}`;
}

function skipBlanks(text: string, index: number): number {
  return index + text.slice(index).search(/\S|$/);
}

function foundAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? 'the end' : quote(String.fromCodePoint(code));
}
