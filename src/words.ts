/**
 * Words in messages: foreign text shown safely, the known name nearest to a mistyped one, counts that
 * can be read.
 */

const MAX_SHOWN = 60;

/**
 * Foreign text for a message: in double quotes, control characters and terminal escapes written
 * as `\n` or `\u001b`, cut after 60 characters.
 */
export function quote(text: string): string {
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return `"${escapeControls(cut.replace(/[\\"]/g, '\\$&'))}"`;
}

/** Whether a terminal would do something else with a text than show it. */
export function hasControls(text: string): boolean {
  return escapeControls(text) !== text;
}

/** Control characters, line separators and direction marks written as escapes. */
export function escapeControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, (c) => {
    const short: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
    return short[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/**
 * Text of several lines for a terminal: as `escapeControls`, but line feeds and tabs stay. What comes from
 * a file or a model must not be a command to the terminal.
 */
export function escapeForTerminal(text: string): string {
  return text.replace(/[^\n\t]+/g, escapeControls);
}

/** JSON text in which what a terminal takes for commands is escaped; its values are the same. */
export function escapeJson(json: string): string {
  return json.replace(
    /[\x7f-\x9f\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Any JSON value, short enough for a message: text quoted, long arrays and objects named. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) {
    const simple = value.length <= 6 && value.every((v) => v === null || typeof v === 'number');
    return simple ? JSON.stringify(value) : `an array of ${value.length}`;
  }
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** A whole number with commas between thousands, as English and Python's `{:,}` have it: `16,777,216`. */
export function formatThousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Bytes for people: `12 B`, `14.0 KiB`, `3.5 GiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  // What would be shown as 1024.0 is 1.0 of the next unit.
  for (; value >= 1023.95 && unit < units.length - 1; unit++) value /= 1024;
  return unit === 0 ? `${value} B` : `${value.toFixed(1)} ${units[unit]}`;
}

/** A number for people, in four digits; larger ones as whole numbers with commas. */
export function formatShort(value: number): string {
  return Math.abs(value) >= 1e6 && Math.abs(value) < 1e15
    ? formatThousands(Math.round(value))
    : String(Number(value.toPrecision(4)));
}

/** A number of any size, in four digits: `12500`, `0.001`, `1e+20`. */
export function formatMagnitude(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) {
    return String(value.toExponential(3)).replace(/\.?0+e/, 'e');
  }
  return String(Number(value.toPrecision(4)));
}

/**
 * The candidate nearest to `name`, or undefined where none is near: more than a third of the
 * letters would have to change, and of one or two letters any. Case and `_`/`-` count half. Where none is,
 * the one that begins with `name`: `exponential` for `exp`.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_SHOWN) return undefined;
  const all = [...candidates];
  let best: string | undefined;
  let bestDistance = Math.floor(name.length / 3) + 0.75;
  for (const candidate of all) {
    const plain = editDistance(fold(name), fold(candidate));
    const distance = plain + (name === candidate ? 0 : plain === 0 ? 0.5 : 0);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best ?? begunBy(name, all);
}

/** Fewer letters begin too many words. */
const LEAST_BEGIN = 3;

/** The only candidate that begins with `name`; one that is written in several ways is one. */
function begunBy(name: string, candidates: readonly string[]): string | undefined {
  const begin = fold(name);
  if (begin.length < LEAST_BEGIN) return undefined;
  const begun = candidates.filter((candidate) => fold(candidate).startsWith(begin));
  return new Set(begun.map(fold)).size === 1 ? begun[0] : undefined;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[_\- ]/g, '');
}

/** Insertions, deletions, changes and swaps of neighbours that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
      }
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
