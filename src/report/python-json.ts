/** JSON as Python's `json.dumps` writes it: one line, ASCII only, floats with a point or an exponent. */
import { PythonFloat, type PythonValue } from '../records.ts';
import { formatRepr } from './python.ts';

/** The text, without a line end. */
export function formatPythonJson(value: PythonValue): string {
  if (value instanceof PythonFloat) return formatRepr(value.value);
  if (typeof value === 'string') return formatText(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(formatPythonJson).join(', ')}]`;
  const entries = Object.entries(value).map(
    ([key, entry]) => `${formatText(key)}: ${formatPythonJson(entry)}`,
  );
  return `{${entries.join(', ')}}`;
}

function isList(value: object): value is readonly PythonValue[] {
  return Array.isArray(value);
}

function formatText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
