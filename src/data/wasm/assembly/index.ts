/**
 * Finds the cells of plain rows in bytes, and the short numbers in them: what ../../byte-scanner.ts does,
 * the same numbers, with few branches, since in a loop over digits a processor guesses each second end wrong.
 */

const LF: u32 = 10;
const CR: u32 = 13;
const MINUS: u32 = 45;
const POINT: u32 = 46;
const ZERO: u32 = 48;
const BLANK: u32 = 32;
const FIRST_BEYOND_ASCII: u32 = 128;

/** As in ../../byte-number.ts. */
const EXACT_DIGITS: i32 = 15;

/** Digits that are taken at once. */
const SHORT: u32 = 8;

const POWERS_OF_TEN: StaticArray<f64> = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/** What kernel and caller tell each other: four words and a double; ../kernel-scanner.ts knows them, too. */
const STATE: usize = memory.data(24, 8);
const AT: usize = STATE;
const ROWS: usize = STATE + 4;
const CELLS: usize = STATE + 8;
const NEXT: usize = STATE + 12;
const LINE: usize = STATE + 16;

export function state(): usize {
  return STATE;
}

/** Where memory begins that the caller may use, a multiple of 16. */
export function free(): usize {
  return __heap_base;
}

/**
 * Takes rows until the end, or up to one that has not `width` cells, or a single one that may be blank.
 *
 * @param base     where the bytes begin; sixteen behind `end` may be read
 * @param end      just behind a line feed, from `base`
 * @param begins,lines,ends,numbers  arrays that it fills, as `ByteRows` has them
 */
export function scan(
  base: usize,
  end: u32,
  delimiter: u32,
  width: u32,
  begins: usize,
  lines: usize,
  ends: usize,
  numbers: usize,
): void {
  let at = load<u32>(AT);
  let rows = load<u32>(ROWS);
  let line = load<f64>(LINE);
  while (at < end) {
    const first = rows * width;
    let cell = first;
    let next = at;
    let code = delimiter;
    while (code != LF) {
      const from = base + next;
      const sign = u32(load<u8>(from) == MINUS);
      const bytes = v128.load(from);
      const areDigits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(i8(ZERO))), i8x16.splat(10));
      const arePoints = i8x16.eq(bytes, i8x16.splat(i8(POINT)));
      // A bit for each of the sixteen, and one behind them.
      const inNumber = u32(i8x16.bitmask(v128.or(areDigits, arePoints))) | sign;
      const length = ctz<u32>(~inNumber);
      const points = u32(i8x16.bitmask(arePoints)) & ((1 << length) - 1);
      code = load<u8>(from + length);
      const count = length - sign - u32(points != 0);
      const isShort = count - 1 < SHORT && (points & (points - 1)) == 0;
      if (isShort && (code == delimiter || code == LF || code == CR)) {
        const before = points == 0 ? count : ctz<u32>(points) - sign;
        const size = f64(wholeOf(from + sign, before, count));
        const found = size / unchecked(POWERS_OF_TEN[count - before]);
        store<f64>(numbers + 8 * cell, sign ? -found : found);
        next += length;
      } else {
        next = slow(base, next, delimiter, numbers + 8 * cell);
        code = load<u8>(base + next);
      }
      store<u32>(ends + 4 * cell, next);
      cell++;
      next++;
      if (code == CR) {
        code = LF;
        next++;
      }
    }
    if (cell - first != width || (width == 1 && mayBeBlank(load<u8>(base + at)))) {
      store<u32>(CELLS, cell - first);
      store<u32>(NEXT, next);
      break;
    }
    store<u32>(begins + 4 * rows, at);
    store<f64>(lines + 8 * rows, line);
    line += 1;
    rows++;
    at = next;
  }
  store<u32>(AT, at);
  store<u32>(ROWS, rows);
  store<f64>(LINE, line);
}

@inline
function mayBeBlank(first: u32): bool {
  return first <= BLANK || first >= FIRST_BEYOND_ASCII;
}

/**
 * The whole number of 1 to 8 digits, of which `before` stand before a point and all others behind it.
 * They are added by pairs, pairs of pairs, and so on (D. Lemire, "Quickly parsing eight digits", 2018).
 */
@inline
function wholeOf(from: usize, before: u32, count: u32): u32 {
  const front = before < 8 ? ((<u64>1) << (8 * before)) - 1 : u64.MAX_VALUE;
  const all = (load<u64>(from) & front) | (load<u64>(from + 1) & ~front);
  let sums = (all << (64 - 8 * count)) & 0x0f0f0f0f0f0f0f0f;
  sums = sums * 10 + (sums >> 8);
  const first = (sums & 0xff000000ff) * (100 + (<u64>1000000 << 32));
  const second = ((sums >> 16) & 0xff000000ff) * (1 + (<u64>10000 << 32));
  return u32((first + second) >> 32);
}

/** A cell byte by byte. Stores its number and returns where it ends. */
function slow(base: usize, begin: u32, delimiter: u32, number: usize): u32 {
  let at = begin;
  const isNegative = load<u8>(base + at) == MINUS;
  if (isNegative) at++;
  const from = at;
  let whole: f64 = 0;
  let point: u32 = 0;
  let code: u32;
  for (; ; at++) {
    code = load<u8>(base + at);
    const digit = code ^ ZERO;
    if (digit <= 9) whole = whole * 10 + f64(digit);
    else if (code == POINT && point == 0) point = at + 1;
    else break;
  }
  const digits = i32(at - from) - i32(point != 0);
  let found = NaN;
  if (digits > 0 && digits <= EXACT_DIGITS) {
    found = point == 0 ? whole : whole / unchecked(POWERS_OF_TEN[at - point]);
  }
  if (code != delimiter && code != LF && code != CR) {
    found = NaN;
    do code = load<u8>(base + ++at);
    while (code != delimiter && code != LF && code != CR);
  }
  store<f64>(number, isNegative ? -found : found);
  return at;
}
