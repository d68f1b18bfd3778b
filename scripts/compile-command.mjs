/**
 * Runs lines of words behind `mlp` and writes what V8 compiled of the program on the way.
 *
 *     node compile-command.mjs NAME LINE…
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { compiledFile, fingerprintOf, program, run } from '../bin/load.js';

const [name, ...lines] = process.argv.slice(2);
const source = readFileSync(program, 'latin1');
const { script, exports } = run(source);
for (const line of lines) {
  const exitCode = await exports.main(line.split(' '));
  if (exitCode !== 0) throw new Error(`mlp ${line}: exit ${exitCode}`);
}
const file = compiledFile(name);
mkdirSync(dirname(file), { recursive: true });
// Never half a file.
writeFileSync(
  `${file}.new`,
  Buffer.concat([script.createCachedData(), Buffer.from(fingerprintOf(source))]),
  { flush: true },
);
renameSync(`${file}.new`, file);
