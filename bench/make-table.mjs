/**
 * `node bench/make-table.mjs FILE [ROWS [COLUMNS]]`: a CSV of normally distributed numbers of six significant
 * digits under the header x1,x2,…: always the same, 185 MB for 1,000,000 × 20, its default.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { argv } from 'node:process';

const BLOCK_ROWS = 10_000;

/** A generator of numbers from 0 to 1 that is good enough to fill a table (mulberry32). */
function uniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Writes the table. */
export function makeTable(path, rows = 1_000_000, columns = 20) {
  const random = uniform(1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const file = openSync(path, 'w');
  writeSync(file, `${Array.from({ length: columns }, (_, i) => `x${i + 1}`).join(',')}\n`);
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    let text = '';
    for (let row = from; row < Math.min(rows, from + BLOCK_ROWS); row++) {
      text += `${Array.from({ length: columns }, () => normal().toPrecision(6)).join(',')}\n`;
    }
    writeSync(file, text);
  }
  closeSync(file);
}

if (argv[1] === import.meta.filename) {
  const [path, ...sizes] = argv.slice(2);
  makeTable(path, ...sizes.map(Number));
}
