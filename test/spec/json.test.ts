import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExitCode } from '../../src/errors.ts';
import { parseJson } from '../../src/spec/json.ts';
import { MAX_DEPTH } from '../../src/spec/json-scanner.ts';
import { refusal } from './read-errors.ts';

function messageFor(text: string): string {
  return refusal(() => parseJson(text, 'f.json')).text;
}

const double = 'JSON puts text and keys in double quotes';
const comma = 'JSON has one comma between two entries, and none after the last';
const numbers = 'JSON writes numbers like 0.5, -1 and 1e-7';
const noNan = 'JSON has no NaN and no Infinity';
const lowerCase = 'JSON writes true, false and null';
const cutOff = 'the file seems to be cut off';
const several = 'JSON is one value; this file holds several';

/** Text, problem, remedy. */
const mistakes: readonly (readonly [text: string, problem: string, remedy?: string])[] = [
  ['', ': expected JSON; found an empty file'],
  [' \n\t', ': expected JSON; found an empty file'],
  ['\ufeff', ': expected JSON; found an empty file'],
  ['{', ':1:2: expected a key in double quotes or "}"; found the end of the file', cutOff],
  ['[1, 2', ':1:6: expected "," or "]"; found the end of the file', cutOff],
  ['"ab', ':1:4: expected a closing double quote; found the end of the file', cutOff],
  ['[1, 2,]', ':1:7: expected a value; found "]"', comma],
  ['[1,, 2]', ':1:4: expected a value; found ","', comma],
  ['{"a": 1,}', ':1:9: expected a key in double quotes; found "}"', comma],
  ['{"a": 1 "b": 2}', ':1:9: expected "," or "}"; found "\\""'],
  ['{"a" 1}', ':1:6: expected ":" after the key; found "1"', numbers],
  ["{'a': 1}", ':1:2: expected a key in double quotes or "}"; found a single quote', double],
  ['{a: 1}', ':1:2: expected a key in double quotes or "}"; found "a"', double],
  [
    '[\n  // one\n  1]',
    ':2:3: expected a value or "]"; found a comment',
    'JSON has no comments; remove it',
  ],
  [
    '[1 /* one */]',
    ':1:4: expected "," or "]"; found a comment',
    'JSON has no comments; remove it',
  ],
  ['# one\n1', ':1:1: expected a value; found a comment', 'JSON has no comments; remove it'],
  ['[NaN]', ':1:2: expected a value or "]"; found "NaN"', noNan],
  ['[1, -Infinity]', ':1:5: expected a number as JSON writes it; found "-Infinity"', noNan],
  ['{"a": True}', ':1:7: expected a value; found "True"', lowerCase],
  ['{"a": None}', ':1:7: expected a value; found "None"', lowerCase],
  ['nulls', ':1:1: expected a value; found "nulls"', double],
  ['01', ':1:1: expected a number as JSON writes it; found "01"', numbers],
  ['[.5]', ':1:2: expected a value or "]"; found ".5"', numbers],
  ['[5.]', ':1:2: expected a number as JSON writes it; found "5."', numbers],
  ['[+1]', ':1:2: expected a value or "]"; found "+1"', numbers],
  ['[1e]', ':1:2: expected a number as JSON writes it; found "1e"', numbers],
  ['[1_000]', ':1:2: expected a number as JSON writes it; found "1_000"', numbers],
  ['[0x10]', ':1:2: expected a number as JSON writes it; found "0x10"', numbers],
  ['{} {}', ':1:4: expected the end of the file; found "{"', several],
  ['{}\n{}', ':2:1: expected the end of the file; found "{"', several],
  ['1 "a"', ':1:3: expected the end of the file; found "\\""', several],
  ['["\u{1F600}", x]', ':1:7: expected a value; found "x"', double],
  [
    '["a\nb"]',
    ':1:4: expected a closing double quote; found a line break',
    'line breaks and tabs in text are written \\n and \\t',
  ],
  [
    '["a\tb"]',
    ':1:4: expected a closing double quote; found "\\t"',
    'line breaks and tabs in text are written \\n and \\t',
  ],
  [
    '["C:\\data"]',
    ':1:5: expected an escape that JSON knows; found "\\\\d"',
    'a backslash in text is written \\\\',
  ],
  ['\u001b[31m', ':1:1: expected a value; found "\\u001b"'],
];

describe('parseJson', () => {
  for (const [text, problem, remedy] of mistakes) {
    test(`says where ${JSON.stringify(text)} is no JSON`, () => {
      const hint = remedy ? `  ${remedy}\n` : '';
      expect(messageFor(text)).toBe(`mlp: f.json${problem}\n${hint}`);
    });
  }

  test('names the path of a key that is given twice', () => {
    const text = '{"layers": [{}, {"units": 3,\n "\\u0075nits": 5}]}';
    expect(messageFor(text)).toBe(
      'mlp: f.json:2:2: layers[1].units: expected each key once; found it twice\n',
    );
  });

  test('takes the same key in different objects', () => {
    expect(parseJson('[{"a": {"a": 1}}, {"a": 2}]', 'f')).toEqual([{ a: { a: 1 } }, { a: 2 }]);
  });

  test('takes a byte-order mark', () => {
    expect(parseJson('\ufeff{"a": 1}', 'f')).toEqual({ a: 1 });
  });

  test('keeps __proto__ as a key of its own', () => {
    const value = parseJson('{"__proto__": {"polluted": true}}', 'f');
    expect(Object.keys(value ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('polluted');
  });

  test('takes MAX_DEPTH levels and refuses one more, however many follow', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(nested(MAX_DEPTH), 'f')).toHaveLength(1);
    const path = `${'[0]'.repeat(26)}[0…`;
    for (const depth of [MAX_DEPTH + 1, 1_000_000]) {
      expect(messageFor(nested(depth))).toBe(
        `mlp: f.json:1:1001: ${path}: expected at most 1000 levels of nesting; found more\n`,
      );
    }
  });

  test('ends with the exit code of the kind of file', () => {
    expect(refusal(() => parseJson('[', 'f')).exitCode).toBe(ExitCode.usage);
    expect(refusal(() => parseJson('[', 'f', ExitCode.data)).exitCode).toBe(ExitCode.data);
  });

  test('reads every JSON value as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        // toStrictEqual compares what keys named `constructor` hold by identity.
        expect(isDeepStrictEqual(parseJson(text, 'f'), JSON.parse(text))).toBe(true);
      }),
    );
  });

  test('refuses exactly what JSON.parse refuses', () => {
    const marks = '[]{}:,"\\\\/ \n-+.0123456789eEtrufalsn\'#\u0001é';
    const piece = fc.oneof(
      fc.constantFrom(...marks, '"a"', '"b":', '1.5', '-0', '1e+9', 'true', 'null', '\\u00e9'),
      fc.string({ maxLength: 2 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        expect(isTaken(() => parseJson(text, 'f'))).toBe(isTaken(() => JSON.parse(text)));
      }),
      { numRuns: 3000 },
    );
  });

  test('refuses exactly what JSON.parse refuses when one character of a good text changes', () => {
    const text = '{"a": [1, -2.5e3, "x\\n"], "b": {"c": null, "d": [true, false, 0]}}';
    const index = fc.nat({ max: text.length - 1 });
    const character = fc.constantFrom(...'[]{}:,"\\ 0.e-tx', '');
    fc.assert(
      fc.property(index, character, (at, replacement) => {
        const changed = text.slice(0, at) + replacement + text.slice(at + 1);
        fc.pre(!/"(.)":.*"\1":/.test(changed));
        expect(isTaken(() => parseJson(changed, 'f'))).toBe(isTaken(() => JSON.parse(changed)));
      }),
      { numRuns: 1000 },
    );
  });
});

/** Whether a text is read. Only UserErrors and SyntaxErrors count as refusals. */
function isTaken(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    if (!(error instanceof Error) || error.name !== 'UserError') throw error;
    return error.message.includes('each key once');
  }
}
