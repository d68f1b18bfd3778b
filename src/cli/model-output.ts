/** The model file that a command writes: checked before the work, written whole after it. */
import { ExitCode, UserError } from '../errors.ts';
import { checkWritable, writeAtomically } from '../files/atomic-write.ts';
import { type Learnt, modelDocument } from '../files/model-document.ts';
import { checkOverwrite, epochLogKind, modelKind, noKind } from '../files/overwrite.ts';
import { sizeOf } from '../ndarray.ts';
import type { Network } from '../nn/network.ts';
import { MAX_SAVED } from '../spec/limits.ts';
import { FORMAT, FORMAT_VERSION } from '../spec/schema.ts';
import { formatDocument, type Writable } from '../spec/write-spec.ts';
import { escapeControls, formatThousands } from '../words.ts';
import type { Io } from './io.ts';

/** Names of standard output. It is written as it is open, whatever the paths would lead to. */
const STANDARD_OUTPUT = ['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'];

/** Whether a result goes to standard output; then everything else that is said moves to standard error. */
export function isStandardOutput(path: string): boolean {
  return STANDARD_OUTPUT.includes(path);
}

/**
 * Checks, before any work, that a command may and can write `path`.
 *
 * @param inputs  the paths it reads, which are never overwritten
 * @throws {UserError} exit 6
 */
export function checkOutput(path: string, inputs: readonly string[], force: boolean): void {
  if (isStandardOutput(path)) return;
  checkWritable(path);
  checkOverwrite(path, inputs, '-o', force ? null : modelKind(FORMAT));
}

/** The same for a spec, which users write on: none is replaced unasked, and no model either. */
export function checkSpecOutput(path: string, inputs: readonly string[], force: boolean): void {
  if (isStandardOutput(path)) return;
  checkWritable(path);
  checkOverwrite(path, inputs, '-o', force ? null : noKind);
}

/**
 * Checks, before any work, that a model file has room for the weights of a network.
 *
 * @throws {UserError} exit 2
 */
export function checkSavable({ weights }: Network): void {
  const numbers = weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (numbers <= MAX_SAVED) return;
  throw new UserError(
    ExitCode.usage,
    `model: expected at most ${formatThousands(MAX_SAVED)} weights, which a model file has room for; found ${formatThousands(numbers)}`,
    'use fewer units',
  );
}

/** The same for a log of epochs, which is written while the command works. */
export function checkLog(path: string, inputs: readonly string[], force: boolean): void {
  checkWritable(path);
  checkOverwrite(path, inputs, '--csv-log', force ? null : epochLogKind);
}

/**
 * Writes a model file.
 *
 * @param spec  the document of the spec, as the user wrote it
 * @throws {UserError} exit 5 for numbers that are not finite, exit 6 for a failed write; the old
 *   file is untouched then
 */
export async function writeModel(
  io: Io,
  path: string,
  spec: Readonly<Record<string, Writable>>,
  learnt: Learnt<Writable>,
): Promise<void> {
  const mark = { format: FORMAT, version: FORMAT_VERSION };
  await writeDocument(io, path, modelDocument<Writable>(mark, spec, learnt));
}

/** Writes any document of ours, with the manners of model files. */
export async function writeDocument(io: Io, path: string, document: Writable): Promise<void> {
  await writeText(io, path, formatDocument(document));
}

/** Writes a text as a whole, or prints it. */
export async function writeText(io: Io, path: string, text: string): Promise<void> {
  if (isStandardOutput(path)) await io.stdout.write(text);
  else await io.uninterrupted(() => writeAtomically(path, text));
}

/** Says where a result went, and in short what it is; of standard output only what it is. */
export async function saySaved(io: Io, path: string, what = ''): Promise<void> {
  if (!isStandardOutput(path)) {
    const name = escapeControls(path);
    await io.stderr.write(what === '' ? `saved ${name}\n` : `saved ${name} (${what})\n`);
  } else if (what !== '') {
    await io.stderr.write(`${what}\n`);
  }
}
