/**
 * JSON text → value, for every file of ours that is JSON. `json-scanner.ts` finds the mistakes (and
 * what JSON.parse lets pass: keys given twice); JSON.parse makes the values.
 */
import { ExitCode, UserError } from '../errors.ts';
import type { JsonHome } from './json-mistake.ts';
import { findMistake } from './json-scanner.ts';

export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A JSON object. Keys are own keys whatever they are called, `__proto__` included. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** The value of an own key; undefined where there is none (`constructor` is no key of `{}`). */
export function ownValue(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/**
 * The value of a JSON text. A byte-order mark in front is let pass. Numbers too large for a double
 * (`1e999`) are Infinity, as in JSON.parse: whoever takes the number checks it.
 *
 * @param source    the file's name, or the option's, for messages
 * @param exitCode  what a mistake in this kind of file ends with
 * @param home      what messages call the whole: a file has an end that a word has not
 * @throws UserError  `source:line:column: expected …; found …`, also for a key given twice and for
 *                    nesting deeper than MAX_DEPTH
 */
export function parseJson(
  text: string,
  source: string,
  exitCode: ExitCode = ExitCode.usage,
  home: JsonHome = 'file',
): JsonValue {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (body.trim() === '') {
    throw new UserError(exitCode, `${source}: expected JSON; found an empty ${home}`);
  }
  return parse(body, 1, source, exitCode, home);
}

/**
 * The value on one line of JSON lines.
 *
 * @param line  its number in the file, from 1
 * @throws UserError  as `parseJson`
 */
export function parseJsonLine(
  text: string,
  line: number,
  source: string,
  exitCode: ExitCode,
): JsonValue {
  return parse(text, line, source, exitCode, 'line');
}

function parse(
  text: string,
  firstLine: number,
  source: string,
  exitCode: ExitCode,
  home: JsonHome,
): JsonValue {
  const mistake = findMistake(text, home);
  if (mistake) {
    const { line, column, problem, remedy } = mistake;
    const place = `${source}:${firstLine + line - 1}:${column}`;
    throw new UserError(exitCode, `${place}: ${problem}`, remedy);
  }
  const value: JsonValue = JSON.parse(text);
  return value;
}
