import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Decoder, decodeWhole, encodingOf } from '../../src/data/encoding.ts';
import { failure } from './text-source.ts';

/** The text of bytes in chunks of a size, and what in them is none. */
function decode(bytes: Uint8Array, size: number, encoding?: string) {
  const decoder = new Decoder(encoding);
  let text = '';
  for (let from = 0; from < bytes.length && !decoder.invalid; from += size) {
    text += decoder.push(bytes.subarray(from, from + size));
  }
  decoder.end();
  return { text, invalid: decoder.invalid };
}

function utf16(text: string, order: 'le' | 'be'): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

const texts = fc
  .array(fc.constantFrom('a', '\n', '"', 'é', '€', '😀', '中'), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join(''));

test.each(['le', 'be'] as const)(
  'UTF-16%s is known by its mark, and read without one where it is named',
  (order) => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 5 }), (text, size) => {
        const whole = { text, invalid: undefined };
        expect(decode(utf16(`\uFEFF${text}`, order), size)).toEqual(whole);
        for (const mark of ['', '\uFEFF']) {
          expect(decode(utf16(mark + text, order), size, `utf-16${order}`)).toEqual(whole);
        }
        expect(decode(utf16(`\uFEFF${text}`, order), size, 'utf-16')).toEqual(whole);
      }),
    );
  },
);

test('every byte is a character in Windows-1252', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const { text, invalid } = decode(bytes, 7, 'windows-1252');
  expect(invalid).toBeUndefined();
  expect(text.slice(0x80, 0xa2)).toBe('€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ\xa0¡');
  expect(text.slice(0, 0x80) + text.slice(0xa0)).toBe(
    Buffer.from(bytes)
      .toString('latin1')
      .replace(/[\x80-\x9f]/g, ''),
  );
});

test.each([
  ['latin1', 'windows-1252'],
  ['ISO-8859-1', 'windows-1252'],
  ['cp1252', 'windows-1252'],
  ['UTF8', 'utf-8'],
  ['utf-16', 'utf-16'],
  ['UTF-16BE', 'utf-16be'],
  ['sjis', 'shift_jis'],
  ['klingon', undefined],
  ['', undefined],
])('%j is %s', (label, name) => {
  expect(encodingOf(label)).toBe(name);
});

test('an encoding of several bytes is read wherever the chunks are cut', () => {
  // "表,a" in Shift JIS, whose second byte is a backslash.
  const bytes = Uint8Array.from([0x95, 0x5c, 0x2c, 0x61]);
  for (const size of [1, 2, 3, 4]) {
    expect(decode(bytes, size, 'shift_jis')).toEqual({ text: '表,a', invalid: undefined });
  }
});

test.each([
  ['utf-16le', Buffer.from('a\n', 'utf16le').subarray(0, 3), 'a'],
  ['utf-16le', Buffer.from([0x61, 0, 0, 0xd8, 0x62, 0]), 'a'],
  ['shift_jis', Buffer.from([0x61, 0x95]), 'a'],
])('what is no %s is found', (encoding, bytes, before) => {
  for (const size of [1, 2, 10]) {
    const { text, invalid } = decode(bytes, size, encoding);
    expect(text).toBe(before);
    expect(invalid).toBe(`bytes that are no ${encoding.replace('utf', 'UTF')}`);
  }
});

test('a whole file is refused with the line of the first bytes that are no text', async () => {
  const bytes = Buffer.from('{\r\n"a":\r"\xff"}', 'latin1');
  const remedy = '  if it is in another encoding, name it: --encoding windows-1252\n';
  const named =
    '  say which encoding it is, for example --encoding utf-8 or --encoding windows-1252\n';
  const problem = '3\nmlp: m.json:3: expected UTF-8 text; found the byte FF\n';
  expect(await failure(() => decodeWhole(bytes, 'm.json'))).toBe(problem + remedy);
  expect(await failure(() => decodeWhole(bytes, 'm.json', 'utf-8'))).toBe(problem + named);
  expect(decodeWhole(bytes, 'm.json', 'windows-1252')).toContain('"ÿ"');
});
