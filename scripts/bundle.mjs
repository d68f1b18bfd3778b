/**
 * Bundles the program into dist/mlp.js, and compiles it for each command (compile.mjs). Comments and
 * blanks are left out; names are kept, for the lines of a bug report.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { compileCommands } from './compile.mjs';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
const require = createRequire(import.meta.url);

/** Modules of Node that take up to 3 ms to load, and that many a run does not use. */
const SLOW = ['child_process', 'crypto', 'fs/promises', 'os', 'tty', 'worker_threads', 'zlib'];

/** Loads each of `SLOW` where something of it is first used, be it in our files or in a package's. */
const loadWhenUsed = {
  name: 'load when used',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(node:)?(${SLOW.join('|')})$`);
    onResolve({ filter }, ({ path, namespace }) =>
      // The module that stands for it asks for the real one.
      namespace === 'slow' ? { path, external: true } : { path, namespace: 'slow' },
    );
    onLoad({ filter: /./, namespace: 'slow' }, ({ path }) => ({
      contents: `
        for (const name of ${JSON.stringify(Object.keys(require(path)))})
          Object.defineProperty(exports, name, { enumerable: true, get: () => require('${path}')[name] });
      `,
    }));
  },
};

const { outputFiles } = await build({
  entryPoints: [join(root, 'src/cli/main.ts')],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  define: { 'import.meta.url': '__filename' },
  plugins: [loadWhenUsed],
  minifySyntax: true,
  minifyWhitespace: true,
  write: false,
  outfile: join(dist, 'mlp.js'),
  logLevel: 'warning',
});
const [{ contents }] = outputFiles;
// What is compiled from other text is never taken for this one's, be it as long.
const fingerprint = createHash('sha256').update(contents).digest('hex').slice(0, 16);
mkdirSync(dist, { recursive: true });
rmSync(join(dist, 'compiled'), { recursive: true, force: true });
const unfinished = join(dist, `mlp.js.${process.pid}`);
writeFileSync(unfinished, `/* ${fingerprint} */\n${Buffer.from(contents)}`);
renameSync(unfinished, join(dist, 'mlp.js'));
try {
  compileCommands();
} catch (error) {
  // What is compiled only saves time.
  console.error(
    `warning: mlp will start slower, as it could not be compiled beforehand: ${error.message}`,
  );
}
