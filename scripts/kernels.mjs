/**
 * Compiles the kernels (AssemblyScript), and bundles what the parsing thread runs, into modules of TypeScript
 * that hold them as text, so that the program has no file to find when it runs. Kernels are left as they are
 * where sources and compiler are those of the last time.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

const common = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory'];
const threaded = ['--enable', 'threads', '--disable', 'mutable-globals', '--sharedMemory'];
const shared = [...threaded, '--maximumMemory', '65536'];

/** Where kernels are, below src/, and how they are compiled. */
const modules = [
  {
    folder: 'engine/wasm',
    options: [...common, ...shared, '--importTable', '--initialMemory', '1'],
  },
  { folder: 'data/wasm', options: [...common, ...shared, '--initialMemory', '1'] },
  { folder: 'report/wasm', options: [...common, '--initialMemory', '1'] },
];

/** A hash of all that the result depends on. */
function fingerprint({ sources, options }) {
  const hash = createHash('sha256').update(options.join(' '));
  const compiler = join(root, 'node_modules/assemblyscript/package.json');
  hash.update(JSON.parse(readFileSync(compiler, 'utf8')).version);
  hash.update(readFileSync(import.meta.filename));
  for (const name of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, name)));
  return hash.digest('hex').slice(0, 16);
}

for (const { folder, options } of modules) {
  const sources = join(root, 'src', folder, 'assembly');
  const target = join(root, 'src', folder, 'kernels.generated.ts');
  const wanted = fingerprint({ sources, options });
  if (existsSync(target) && readFileSync(target, 'utf8').includes(wanted)) continue;
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
    // Whoever builds at the same time finds it whole.
    writeFileSync(`${target}.${process.pid}`, `${head}\nexport const kernels =\n  '${text}';\n`);
    renameSync(`${target}.${process.pid}`, target);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

const worker = join(root, 'src/data/parsing-worker.ts');
const { outputFiles } = await build({
  entryPoints: [worker],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  write: false,
  logLevel: 'warning',
});
const head = '/** Made by scripts/kernels.mjs from parsing-worker.ts. */';
const text = `${head}\nexport const parsingWorker = ${JSON.stringify(outputFiles[0].text)};\n`;
const target = worker.replace(/\.ts$/, '.generated.ts');
// Whoever reads it in this moment must not find half of it.
if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  writeFileSync(`${target}.${process.pid}`, text);
  renameSync(`${target}.${process.pid}`, target);
}
