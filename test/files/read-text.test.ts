import { expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { decodeText, exists } from '../../src/files/read-text.ts';

test('bytes become text without their byte-order mark', () => {
  expect(decodeText(Buffer.from('\ufeffmodèle 模型'), 'a', 2)).toBe('modèle 模型');
  expect(decodeText(new Uint8Array(0), 'a', 2)).toBe('');
});

test.each([
  [[0xe9], 1],
  [[...Buffer.from('a\nb\n'), 0xff, 10, 0xff], 3],
  [[...Buffer.from('é\r\n'), 0xc3, 10], 2],
])('bytes %j are refused as no UTF-8 in line %i, with the exit code of the file', (bytes, line) => {
  const wanted = new UserError(
    4,
    `a.json:${line}: expected UTF-8 text; found other bytes`,
    'save the file as UTF-8',
  );
  expect(() => decodeText(Uint8Array.from(bytes), 'a.json', 4)).toThrow(wanted);
});

test('a path with something at its end exists, another does not', () => {
  expect(exists(import.meta.filename)).toBe(true);
  expect(exists(import.meta.dirname)).toBe(true);
  expect(exists(`${import.meta.filename}.nothing`)).toBe(false);
});
