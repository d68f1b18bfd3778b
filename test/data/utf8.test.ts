import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineBreaks, Utf8Decoder } from '../../src/data/utf8.ts';

/** The text before the first byte that is not UTF-8, and that byte's description. */
function decode(bytes: Uint8Array, size: number): [string, string | undefined] {
  const decoder = new Utf8Decoder();
  let text = '';
  for (let from = 0; from < bytes.length && !decoder.invalid; from += size) {
    text += decoder.push(bytes.subarray(from, from + size));
  }
  decoder.end();
  return [text, decoder.invalid];
}

test('chunks cut anywhere decode as the whole does', () => {
  const pieces = fc.array(fc.constantFrom('a', '\n', 'é', '€', '😀', '\uFFFD', '\uFEFF'), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 5 }), (parts, size) => {
      const text = `x${parts.join('')}`;
      expect(decode(Buffer.from(text), size)).toEqual([text, undefined]);
    }),
  );
});

test('a byte that is not UTF-8 is found wherever the chunks are cut', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const bytes = fc.array(
    fc.constantFrom(0x41, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0xff, 0xed, 0xa0, 0xc0),
    {
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 5 }), (list, size) => {
      const input = Uint8Array.from([0x41, ...list]);
      const [text, invalid] = decode(input, size);
      const valid = Buffer.byteLength(text);
      expect(strict.decode(input.subarray(0, valid))).toBe(text);
      if (valid === input.length) expect(invalid).toBeUndefined();
      else expect(invalid).toBe(`the byte ${input[valid].toString(16).toUpperCase()}`);
    }),
    { numRuns: 1000 },
  );
});

test('LF, CRLF and CR are one line break each', () => {
  expect(['', 'a', 'a\nb', 'a\r\nb\rc\n', '\n\r'].map(lineBreaks)).toEqual([0, 0, 1, 3, 2]);
});
