/** Reads a table into the matrix that training takes, and says how long that took: `FILE none|zscore`. */
import { statSync } from 'node:fs';
import { argv, resourceUsage } from 'node:process';
import { Readable } from 'node:stream';
import { readRows } from '../src/data/rows.ts';
import { openSource } from '../src/data/source.ts';
import { readTable } from '../src/data/table.ts';

const [, , path, normalize] = argv;
if (normalize !== 'none' && normalize !== 'zscore') throw new Error('none or zscore');

const start = performance.now();
const source = await openSource(path, Readable.from([]));
const table = await readTable(readRows(source, 'csv'), {
  columns: { targets: [], mode: 'number', normalize },
});
const seconds = (performance.now() - start) / 1000;
const numbers = table.x.values.length + table.y.values.length;
console.log(
  JSON.stringify({
    seconds,
    megabytesPerSecond: statSync(path).size / 1e6 / seconds,
    matrixMegabytes: (4 * numbers) / 1e6,
    residentMegabytes: resourceUsage().maxRSS / 1e3,
    checksum: table.x.values.reduce((sum, value) => sum + value, 0),
  }),
);
