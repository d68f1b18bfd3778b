/** Which format a data file is in: what the user says, else what its name says. */
import type { InputFormat } from './shared-options.ts';

export function formatOf(path: string, said: InputFormat | undefined): InputFormat {
  if (said) return said;
  if (/\.json$/i.test(path)) return 'json';
  return /\.tsv$/i.test(path) ? 'tsv' : 'csv';
}
