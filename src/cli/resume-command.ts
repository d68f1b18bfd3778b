/** The command that goes on with a run: what the checkpoint does not say itself, in words for a shell. */
import { hasControls } from '../words.ts';
import type { TrainOptions } from './train-run.ts';

/** Options about files and how they are read, and how long to train; the checkpoint has all others. */
const FLAGS: readonly (readonly [keyof TrainOptions, string])[] = [
  ['dataPatterns', '--data'],
  ['validationPatterns', '--validation-data'],
  ['query', '--query'],
  ['inputFormat', '--input-format'],
  ['encoding', '--encoding'],
  ['delimiter', '--delimiter'],
  ['comment', '--comment'],
  ['maxBytes', '--max-bytes'],
  ['testOut', '--test-out'],
  ['csvLog', '--csv-log'],
  ['checkpointEvery', '--checkpoint-every'],
  ['maxTime', '--max-time'],
  ['stopAt', '--stop-at'],
  ['verbose', '--verbose'],
  ['output', '-o'],
];

/** `mlp train --resume model.checkpoint.json --data data.csv` */
export function resumeCommand(checkpoint: string, options: TrainOptions): string {
  const words = FLAGS.flatMap(([key, flag]) =>
    textsOf(options[key]).flatMap((text) => [flag, text]),
  );
  // The same rows go to the same file again.
  const force = options.force || options.testOut !== undefined ? ['--force'] : [];
  return ['mlp', 'train', '--resume', checkpoint, ...words, ...force].map(shellWord).join(' ');
}

/** How a value was written; several are several options. */
function textsOf(value: unknown): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === 'object' && value !== null && 'text' in value) return [String(value.text)];
  return [String(value)];
}

/** A word as bash and its kin read it, whatever is in it; what a terminal would obey as the bytes it is. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (!hasControls(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const bytes = [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`);
  return `$'${bytes.join('')}'`;
}
