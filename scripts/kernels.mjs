/**
 * Compiles the WebAssembly engine's kernels (AssemblyScript) into a module of TypeScript that holds
 * them as text, so that the program has no file to find when it runs. Does nothing where sources
 * and compiler are those of the last time.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const sources = join(root, 'src/engine/wasm/assembly');
const target = join(root, 'src/engine/wasm/kernels.generated.ts');

const options = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--enable',
  'threads',
  '--disable',
  'mutable-globals',
  '--importMemory',
  '--sharedMemory',
  '--maximumMemory',
  '65536',
  '--importTable',
  '--initialMemory',
  '1',
];

/** A hash of all that the result depends on. */
function fingerprint() {
  const hash = createHash('sha256').update(options.join(' '));
  const compiler = join(root, 'node_modules/assemblyscript/package.json');
  hash.update(JSON.parse(readFileSync(compiler, 'utf8')).version);
  hash.update(readFileSync(import.meta.filename));
  for (const name of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, name)));
  return hash.digest('hex').slice(0, 16);
}

const wanted = fingerprint();
if (!existsSync(target) || !readFileSync(target, 'utf8').includes(wanted)) {
  // Loading the compiler takes longer than all the rest.
  const { default: asc } = await import('assemblyscript/asc');
  const scratch = mkdtempSync(join(tmpdir(), 'mlp-kernels-'));
  try {
    const binary = join(scratch, 'kernels.wasm');
    const files = [join(sources, 'index.ts'), '--outFile', binary];
    const { error, stderr } = await asc.main([...files, ...options]);
    if (error) throw new Error(`${error.message}\n${stderr}`);
    const text = readFileSync(binary).toString('base64');
    const head = `/** Made by scripts/kernels.mjs from assembly/; ${wanted}. */`;
    writeFileSync(target, `${head}\nexport const kernels =\n  '${text}';\n`);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
