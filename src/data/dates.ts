/**
 * Dates in cells: `2019-01-31`, `2019/01/31`, `2019-01-31T12:30:05Z`, `Jan 31 2000`, `31 Jan 2000`,
 * `January 31, 2000`. Dates whose day and month cannot be told apart (`1/2/2000`) are none of these:
 * nothing is guessed. Times of another zone are brought to UTC; without a zone they are taken as they are.
 */

const ISO =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/;
const MONTH_FIRST = /^([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})$/;
const DAY_FIRST = /^(\d{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})$/;

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** What a date is to a network: its parts, each a number. */
export const DATE_PARTS = ['year', 'month', 'day', 'weekday', 'hour', 'minute', 'second'] as const;
export type DatePart = (typeof DATE_PARTS)[number];

const readers: Readonly<Record<DatePart, (date: Date) => number>> = Object.freeze({
  year: (date) => date.getUTCFullYear(),
  month: (date) => date.getUTCMonth() + 1,
  day: (date) => date.getUTCDate(),
  /** As in ISO 8601: Monday is 1, Sunday 7. */
  weekday: (date) => date.getUTCDay() || 7,
  hour: (date) => date.getUTCHours(),
  minute: (date) => date.getUTCMinutes(),
  second: (date) => date.getUTCSeconds(),
});

/** One part of a moment in milliseconds since 1970 (UTC); NaN of NaN. */
export function partOf(moment: number, part: DatePart): number {
  return Number.isNaN(moment) ? Number.NaN : readers[part](new Date(moment));
}

/** The moment in milliseconds since 1970 (UTC), or undefined for a text that is no date. */
export function parseDate(cell: string): number | undefined {
  const text = cell.trim();
  const iso = ISO.exec(text);
  if (iso) {
    const [, year, , month, day, hour = '0', minute = '0', second = '0', zone] = iso;
    const clock = clockOf(Number(hour), Number(minute), Number(second), zone);
    return clock === undefined ? undefined : momentOf(+year, +month, +day, clock);
  }
  const named = MONTH_FIRST.exec(text);
  if (named) return momentOf(+named[3], monthOf(named[1]), +named[2], 0);
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst) return momentOf(+dayFirst[3], monthOf(dayFirst[2]), +dayFirst[1], 0);
  return undefined;
}

/** The month of a name or of its first three letters, from 1; 0 for another word. */
function monthOf(word: string): number {
  const name = word.toLowerCase();
  const isMeant = (month: string) => month === name || month.slice(0, 3) === name;
  return MONTHS.findIndex(isMeant) + 1;
}

function clockOf(hour: number, minute: number, second: number, zone = 'Z'): number | undefined {
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const seconds = (hour * 60 + minute) * 60 + second;
  if (zone === 'Z') return seconds * 1000;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * 60;
  return (seconds - (sign === '-' ? -offset : offset)) * 1000;
}

/** Undefined for a day that its month does not have, and for years that `Date` takes for 19xx. */
function momentOf(year: number, month: number, day: number, clock: number): number | undefined {
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  const isReal =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isReal) return undefined;
  return midnight + clock;
}
