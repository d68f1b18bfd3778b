/**
 * Text of a cell to a number: decimal only, finite only, within float32. Stricter than
 * JavaScript's `Number`, which takes `0x10`, `Infinity` and the empty text.
 */
import { quote } from '../words.ts';
import { EXACT_DIGITS, POWERS_OF_TEN } from './byte-number.ts';

// Each digit run can be left in one way only, so that a long cell fails in linear time.
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * The double nearest to a decimal number (`3`, `-1.5e3`, `.5`, `1.`, `+2`, blanks around it
 * allowed), or undefined for anything else: also for NaN, infinity and what float32 cannot hold.
 */
export function parseNumber(text: string): number | undefined {
  return parseShort(text) ?? parseDecimal(text);
}

/** How programs write a value that is not there. */
const MISSING = /^(?:|na|n\/a|nan|null|none|\?)$/i;

/** Whether a cell says that its value is missing: an empty one, `NA`, `N/A`, `NaN`, `null`, `None`, `?`. */
export function isMissing(cell: string): boolean {
  return MISSING.test(cell.trim());
}

/** What stands after "expected a number; found" for a cell that is none. */
export function describeNotNumber(cell: string): string {
  const text = cell.trim();
  if (text === '') return 'an empty cell';
  const shown = quote(cell);
  const isTooLarge = DECIMAL.test(text) && !Number.isFinite(Math.fround(Number(text)));
  return isTooLarge ? `${shown}, which is beyond float32 (3.4e38)` : shown;
}

/** Digits with at most one point and a sign; undefined where the long way has to decide. */
function parseShort(text: string): number | undefined {
  const first = text.charCodeAt(0);
  const signed = first === 45 || first === 43;
  let digits = 0;
  let decimals = -1;
  let whole = 0;
  for (let i = signed ? 1 : 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) {
      if (++digits > EXACT_DIGITS) return undefined;
      whole = whole * 10 + (code - 48);
      if (decimals >= 0) decimals++;
    } else if (code === 46 && decimals < 0) {
      decimals = 0;
    } else {
      return undefined;
    }
  }
  if (digits === 0) return undefined;
  const value = decimals > 0 ? whole / POWERS_OF_TEN[decimals] : whole;
  return first === 45 ? -value : value;
}

function parseDecimal(text: string): number | undefined {
  const trimmed = text.trim();
  if (!DECIMAL.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isFinite(Math.fround(value)) ? value : undefined;
}
