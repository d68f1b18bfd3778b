/** What training takes in memory, as text. */
import type { TrainingMemory } from '../records.ts';
import { formatBytes } from '../words.ts';

/** A line for each part, and one for all; ends with a line break. */
export function formatMemory({ optimizer, parts, total }: TrainingMemory): string {
  const rows = [...parts, { name: 'together', bytes: total }].map(({ name, bytes }) => ({
    name,
    size: formatBytes(bytes),
  }));
  const [names, sizes] = [rows.map(({ name }) => name), rows.map(({ size }) => size)];
  const [left, right] = [names, sizes].map((cells) => Math.max(...cells.map((c) => c.length)));
  const lines = rows.map(({ name, size }) => `  ${name.padEnd(left)}  ${size.padStart(right)}`);
  return [`Memory of training with ${optimizer}, besides the data:`, ...lines, ''].join('\n');
}
