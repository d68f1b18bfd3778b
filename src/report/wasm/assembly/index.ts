/**
 * Float32 numbers as text, many at once: the digits that ../../float32-bytes.ts finds, in the same steps, without
 * branches that depend on how many there are. What it cannot tell for certain, it leaves to that.
 */

const MINUS: u32 = 45;
const POINT: u8 = 46;
const ZERO: u8 = 48;
/** `0.000000`, the first byte lowest. */
const LEADING: u64 = 0x3030303030302e30;
const ASCII_ZEROS: u64 = 0x3030303030303030;

const MOST_DIGITS: i32 = 9;
const HUNDRED_MILLIONS: u32 = 100_000_000;
const LEAST_SCALED: f64 = 100_000_000;
const SCALED_LIMIT: f64 = 1_000_000_000;
const HIDDEN_BIT: u32 = 1 << 23;

/** The caller's tables: see `Tables` in ../kernel-formatter.ts. */
const SCALES_AT: usize = memory.data(8 * 80, 8);
const DECIMALS_AT: usize = memory.data(256, 8);
/** Where the kernel has got to: the address behind the text. */
const END_AT: usize = memory.data(4, 4);

export function scales(): usize {
  return SCALES_AT;
}

export function decimals(): usize {
  return DECIMALS_AT;
}

export function end(): usize {
  return END_AT;
}

/** Where memory begins that the caller may use, a multiple of 16. */
export function free(): usize {
  return __heap_base;
}

/**
 * Writes numbers, a byte behind each: `last` behind the one that is the `left`-th, and behind each `width`-th
 * from there on, else `between`. Stops before a number that it cannot write.
 *
 * @param least  the decimals of the first entry of the scales
 * @param doubt  as in ../../float32-bytes.ts
 * @returns  the index of that number, or `count`
 */
export function format(
  values: usize,
  count: u32,
  width: u32,
  left: u32,
  between: u8,
  last: u8,
  out: usize,
  least: i32,
  doubt: f64,
): u32 {
  let at = out;
  let index: u32 = 0;
  for (; index < count; index++) {
    const bits = load<u32>(values + 4 * index);
    const exponent = (bits >> 23) & 255;
    if (exponent == 0 || exponent == 255) {
      if (bits != 0) break;
      store<u8>(at++, ZERO);
    } else {
      let places = i32(load<i8>(DECIMALS_AT + exponent));
      const size = f64(reinterpret<f32>(bits & 0x7fffffff));
      let scaled = size * load<f64>(SCALES_AT + 8 * (places - least));
      if (scaled >= SCALED_LIMIT) {
        places--;
        scaled = size * load<f64>(SCALES_AT + 8 * (places - least));
      }
      places = MOST_DIGITS - places;
      const digits = shortest(scaled, (bits & (HIDDEN_BIT - 1)) | HIDDEN_BIT, doubt);
      if (digits == 0 || places > MOST_DIGITS || places < -5) break;
      store<u8>(at, u8(MINUS));
      at = write(at + (bits >> 31), digits, places);
    }
    left--;
    store<u8>(at++, left == 0 ? last : between);
    if (left == 0) left = width;
  }
  store<u32>(END_AT, u32(at));
  return index;
}

/** The shortest digits of a number that was scaled to nine of them; 0 where doubles cannot tell. */
@inline
function shortest(scaled: f64, mantissa: u32, doubt: f64): u32 {
  const isPower = mantissa == HIDDEN_BIT;
  const reach = scaled / f64(mantissa) / (isPower ? 4.0 : 2.0);
  const nearest = floor(scaled + 0.5);
  const tens = floor(scaled / 10 + 0.5) * 10;
  const hundreds = floor(scaled / 100 + 0.5) * 100;
  const thousands = floor(scaled / 1000 + 0.5) * 1000;
  const far = reach + doubt;
  const isTens = abs(tens - scaled) <= far;
  const isHundreds = isTens && abs(hundreds - scaled) <= far;
  const isThousands = isHundreds && abs(thousands - scaled) <= far;
  let isDoubtful = abs(abs(nearest - scaled) - 0.5) < doubt;
  isDoubtful = isDoubtful || (isTens && isClose(tens, scaled, reach, 5, doubt));
  isDoubtful = isDoubtful || (isHundreds && isClose(hundreds, scaled, reach, 50, doubt));
  isDoubtful = isDoubtful || (isThousands && isClose(thousands, scaled, reach, 500, doubt));
  // Below a power of two the next float32 is only half as far.
  isDoubtful = isDoubtful || (isPower && !isThousands);
  const found = isThousands ? thousands : isHundreds ? hundreds : isTens ? tens : nearest;
  return isDoubtful || found >= SCALED_LIMIT || found < LEAST_SCALED ? 0 : u32(found);
}

/** Whether a candidate is as far away as it may be, or as half a unit, by no more than the doubt. */
@inline
function isClose(candidate: f64, scaled: f64, reach: f64, half: f64, doubt: f64): bool {
  const distance = abs(candidate - scaled);
  return distance > reach - doubt || distance > half - doubt;
}

/** Writes nine digits without the zeros at their end, `places` of them before the point. */
@inline
function write(at: usize, digits: u32, places: i32): usize {
  const first = digits / HUNDRED_MILLIONS;
  const rest = eightDigits(digits - first * HUNDRED_MILLIONS);
  const count = 9 - i32(clz(rest) >> 3);
  const text = rest | ASCII_ZEROS;
  if (places <= 0) {
    store<u64>(at, LEADING);
    const begin = at + usize(2 - places);
    store<u8>(begin, ZERO + u8(first));
    store<u64>(begin + 1, text);
    return begin + usize(count);
  }
  store<u8>(at, ZERO + u8(first));
  store<u64>(at + 1, text);
  if (count <= places) return at + usize(places);
  store<u8>(at + usize(places), POINT);
  store<u64>(at + usize(places) + 1, text >> (8 * u64(places - 1)));
  return at + usize(count) + 1;
}

/** Digits as bytes, the first one lowest, by halves of halves. */
@inline
function eightDigits(number: u32): u64 {
  const upper = number / 10000;
  let digits = u64(upper) | (u64(number - upper * 10000) << 32);
  const hundreds = ((digits * 10486) >> 20) & 0x7f0000007f;
  digits = hundreds | ((digits - hundreds * 100) << 16);
  const tens = ((digits * 103) >> 10) & 0x000f000f000f000f;
  return tens | ((digits - tens * 10) << 8);
}
