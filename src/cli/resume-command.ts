/** The command that goes on with a run: what the checkpoint does not say itself, in words for a shell. */
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

/** A word as POSIX shells and bash read it, whatever is in it. */
function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (!/\p{Cc}/u.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = text.replace(/[\p{Cc}'\\]/gu, (c) => `\\x${hex(c)}`);
  return `$'${escaped}'`;
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, '0');
}
