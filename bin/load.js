/**
 * Loads dist/mlp.js as `require` does, together with what V8 made of it when it was bundled
 * (scripts/compile.mjs), for compiling is half of a short run. V8 looks whether version and flags are its
 * own and else compiles as ever. So nothing depends on these files but time.
 */
const { readFileSync } = require('node:fs');
const module_ = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const program = join(__dirname, '..', 'dist', 'mlp.js');
const compiled = join(dirname(program), 'compiled');

/** What the text begins with: V8 compares lengths alone. */
const FINGERPRINT_LENGTH = 16;

function fingerprintOf(source) {
  return source.slice(3, 3 + FINGERPRINT_LENGTH);
}

/** Hexadecimal digits of a sum. */
const SUM_LENGTH = 8;
const SEAL_LENGTH = FINGERPRINT_LENGTH + SUM_LENGTH;

/**
 * Words between those that are summed: one of each 500 bytes, which takes a fifth of a millisecond. An even number would
 * always meet the same half of 64-bit values, which is mostly 0.
 */
const STRIDE = 125;

/**
 * What stands behind the bytes that were compiled from a text. V8 takes whatever has the right length, and crashes
 * on a block that is damaged: its sum is another one.
 *
 * @param bytes  that begin at a multiple of four
 */
function sealOf(bytes, source) {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  let sum = bytes.length;
  for (let at = 0; at < words.length; at += STRIDE) sum = (Math.imul(sum, 31) + words[at]) | 0;
  return fingerprintOf(source) + (sum >>> 0).toString(16).padStart(SUM_LENGTH, '0');
}

/** The file of a command, compiled for this machine. */
function compiledFile(command) {
  const { arch, platform, versions } = process;
  return join(compiled, `${versions.v8}-${platform}-${arch}`, command);
}

/** What is compiled for a command, or else for the program as it starts; undefined if nothing is. */
function compiledFor(source, word) {
  const commands = /^[a-z-]+$/.test(word) ? [word, 'mlp'] : ['mlp'];
  for (const command of commands) {
    try {
      const file = readFileSync(compiledFile(command));
      const bytes = file.subarray(0, -SEAL_LENGTH);
      if (file.latin1Slice(bytes.length) === sealOf(bytes, source)) return bytes;
    } catch {
      // The next one, or none.
    }
  }
  return undefined;
}

/** Runs the text of the program. Returns what it exports, and the script, which knows what was compiled. */
function run(source, cachedData) {
  const script = new Script(module_.wrap(source), { filename: program, cachedData });
  const made = { exports: {} };
  const require = module_.createRequire(program);
  script.runInThisContext()(made.exports, require, made, program, dirname(program));
  return { script, exports: made.exports };
}

/** What dist/mlp.js exports. `word` is the first after `mlp`, if there is one; it may name a command. */
function load(word = '') {
  const source = readFileSync(program, 'latin1');
  const cachedData = compiledFor(source, word);
  if (cachedData) return run(source, cachedData).exports;
  // From Node 22.8 on, Node keeps what it compiles, if it may write there.
  module_.enableCompileCache?.(compiled);
  return require(program);
}

module.exports = { load, run, program, compiledFile, compiledFor, sealOf };
