/** `npm run docs`: writes the pages that are made from the program's declarations. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const here = import.meta.dirname;
const scratch = mkdtempSync(join(tmpdir(), 'mlp-docs-'));

try {
  const outfile = join(scratch, 'pages.cjs');
  const entryPoints = [join(here, 'keras-pages.ts')];
  buildSync({ entryPoints, bundle: true, platform: 'node', outfile, logLevel: 'warning' });
  const { kerasPage, differencesPage } = (await import(pathToFileURL(outfile))).default;
  writeFileSync(join(here, 'keras.md'), await kerasPage());
  const differences = join(here, 'keras-differences.md');
  writeFileSync(differences, await differencesPage(readFileSync(differences, 'utf8')));
} finally {
  rmSync(scratch, { recursive: true });
}
