/**
 * Runs lines of words behind `mlp` and writes what V8 compiled of the program on the way.
 *
 *     node compile-command.mjs NAME LINE…
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { compiledFile, program, run, sealOf } from '../bin/load.js';

const [name, ...lines] = process.argv.slice(2);
const source = readFileSync(program, 'latin1');
const { script, exports } = run(source);
for (const line of lines) {
  const exitCode = await exports.main(line.split(' '));
  if (exitCode !== 0) throw new Error(`mlp ${line}: exit ${exitCode}`);
}
const file = compiledFile(name);
mkdirSync(dirname(file), { recursive: true });
const data = script.createCachedData();
// Never half a file, and another name for each who writes it.
const unfinished = `${file}.${process.pid}`;
writeFileSync(unfinished, Buffer.concat([data, Buffer.from(sealOf(data, source))]), {
  flush: true,
});
renameSync(unfinished, file);
