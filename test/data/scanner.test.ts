/** The kernel that finds cells against the loop that defines what it finds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteScanner } from '../../src/data/byte-scanner.ts';
import type { Scanner, ScanState } from '../../src/data/scanner.ts';
import { kernelScanner } from '../../src/data/wasm/kernel-scanner.ts';

const WIDTH = 3;
const form = { width: WIDTH, delimiter: ','.charCodeAt(0) };

/** All that a scan finds: where it stopped, and rows and cells, numbers by their bits. */
function found(scanner: Scanner, text: string, before: number) {
  const bytes = Buffer.from(text);
  // What lies around it must not matter.
  scanner.reserve(bytes.length + before + 40);
  scanner.bytes.fill('9');
  bytes.copy(scanner.bytes);
  const state: ScanState = { at: 0, rows: before, line: 7, cells: 0, next: 0 };
  scanner.scan(state, bytes.length);
  const { begins, lines, ends, numbers } = scanner;
  const { at, rows, line } = state;
  const cells = WIDTH * before;
  return {
    state: at < bytes.length ? state : { at, rows, line },
    begins: [...begins.subarray(before, rows)],
    lines: [...lines.subarray(before, rows)],
    ends: [...ends.subarray(cells, WIDTH * rows)],
    numbers: Array.from(numbers.subarray(cells, WIDTH * rows), (x) =>
      Object.is(x, -0) ? '-0' : x,
    ),
  };
}

function both(): readonly [Scanner, Scanner] {
  const kernel = kernelScanner(form);
  if (!kernel) throw new Error('there is no WebAssembly with SIMD here');
  return [new ByteScanner(form), kernel];
}

test('numbers of every length, with a point at every place and signs', () => {
  const digits = '9876543210123456789';
  const cells = [
    '',
    '-',
    '.',
    '-.',
    '--1',
    '1-',
    '1.2.3',
    '+1',
    '1e5',
    ' 1',
    'x',
    'é',
    '0',
    '-0',
    '-0.0',
  ];
  for (let length = 1; length <= digits.length; length++) {
    for (let point = 0; point <= length; point++) {
      const number = `${digits.slice(0, point)}.${digits.slice(point, length)}`;
      cells.push(number, `-${number}`, `${number}x`, `0${number}`);
    }
    cells.push(digits.slice(0, length), `-${digits.slice(0, length)}`, '0'.repeat(length));
  }
  const [byByte, kernel] = both();
  for (const end of ['\n', '\r\n']) {
    for (let first = 0; first < WIDTH; first++) {
      const shifted = [...Array(first).fill('1'), ...cells];
      while (shifted.length % WIDTH !== 0) shifted.push('2');
      const text = shifted.map((cell, i) => cell + (i % WIDTH === WIDTH - 1 ? end : ',')).join('');
      const expected = found(byByte, text, 2);
      expect(expected.state.at).toBe(Buffer.byteLength(text));
      expect(found(kernel, text, 2)).toEqual(expected);
    }
  }
});

test('numbers are the doubles nearest to them', () => {
  const [, kernel] = both();
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 })), (values) => {
      const texts = values.map((value) => value.toFixed(6));
      const rows = texts.map(
        (text) => `${text},${text.slice(0, -3)},${Math.trunc(Number(text))}\n`,
      );
      const { numbers } = found(kernel, rows.join(''), 0);
      const expected = rows.flatMap((row) => row.trim().split(',').map(Number));
      expect(numbers.map(Number)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('random cells, rows that stop a scan, and what is before them', () => {
  const piece = fc.constantFrom('-', '.', '0', '1', '12345678', '.5', '9', 'x', ' ', 'é', '1e5');
  const cell = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
  const row = fc.oneof(
    { weight: 9, arbitrary: fc.array(cell, { minLength: WIDTH, maxLength: WIDTH }) },
    { weight: 1, arbitrary: fc.array(cell, { minLength: 1, maxLength: 5 }) },
  );
  const table = fc.array(fc.tuple(row, fc.constantFrom('\n', '\r\n')), { minLength: 1 });
  const [byByte, kernel] = both();
  let stops = 0;
  fc.assert(
    fc.property(table, fc.nat(3), (rows, before) => {
      const text = rows.map(([cells, end]) => cells.join(',') + end).join('');
      const expected = found(byByte, text, before);
      if ('cells' in expected.state) stops++;
      expect(found(kernel, text, before)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
  expect(stops).toBeGreaterThan(100);
});

test('a single cell that may be blank stops a scan', () => {
  const narrow = { ...form, width: 1 };
  const scanners = [new ByteScanner(narrow), kernelScanner(narrow)];
  for (const scanner of scanners) {
    for (const blank of ['\n', ' 1\n', '\r\n', '\u00a0\n']) {
      const bytes = Buffer.from(`1\n${blank}2\n`);
      scanner?.reserve(64);
      bytes.copy(scanner?.bytes as Buffer);
      const state: ScanState = { at: 0, rows: 0, line: 1, cells: 0, next: 0 };
      scanner?.scan(state, bytes.length);
      const next = 2 + Buffer.byteLength(blank);
      expect(state).toEqual({ at: 2, rows: 1, line: 2, cells: 1, next });
    }
  }
});

test('bytes stay where they are when there is room for more', () => {
  for (const scanner of both()) {
    scanner.reserve(10);
    scanner.bytes.write('0123456789');
    scanner.reserve(1_000_000);
    expect(scanner.bytes.toString('latin1', 0, 10)).toBe('0123456789');
    expect(scanner.ends.length).toBeGreaterThanOrEqual(1_000_000);
  }
});
