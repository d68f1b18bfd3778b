/**
 * Where bytes come from: a file or standard input, as one stream of chunks with a name for
 * messages. What is packed is unpacked; else it knows nothing of what the bytes mean.
 */
import { constants } from 'node:fs';
import { access, open, readdir, stat } from 'node:fs/promises';
import { dirname, parse } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import { escapeControls, nearest, quote } from '../words.ts';
import { unpacked } from './gzip.ts';

/** A stream of bytes that can be read once, and what messages call it. */
export interface Source {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** The path that means standard input. */
export const STANDARD_INPUT = '-';

/** Formats that need the whole file (JSON, .npy) are read up to this size: 1 GiB. */
const MAX_WHOLE_FILE = 2 ** 30;

/** Large enough that a block of rows costs little per row, small enough to stay in a processor's cache. */
const CHUNK_BYTES = 256 * 1024;

/** So much is read at once: to ask for it takes as long, however much it is. */
const READ_BYTES = 4 * CHUNK_BYTES;

/**
 * Opens a path, or standard input for `-`. A path is checked at once (exists, is no folder, may
 * be read); it is opened when the first chunk is asked for and closed when iteration ends. What is
 * packed with gzip comes unpacked, whatever its name.
 *
 * @param stdin  the stream that `-` stands for
 * @throws {UserError} exit 6, here or while reading; exit 3 while reading a damaged gzip file
 */
export async function openSource(path: string, stdin: AsyncIterable<Uint8Array>): Promise<Source> {
  if (path === STANDARD_INPUT) return named('standard input', stdin);
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw systemError('EISDIR');
    await access(path, constants.R_OK);
    return named(escapeControls(path), readChunks(path, found.isFile()));
  } catch (error) {
    throw await readingFailed(path, error);
  }
}

function named(name: string, chunks: AsyncIterable<Uint8Array>): Source {
  return { name, chunks: unpacked(name, chunks) };
}

/**
 * The whole of a source as bytes.
 *
 * @throws {UserError} exit 3 above `limit` bytes
 */
export async function readBytes(source: Source, limit = MAX_WHOLE_FILE): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source.chunks) {
    length += chunk.length;
    if (length > limit) {
      throw new UserError(
        ExitCode.data,
        `${source.name}: expected at most ${limit} bytes in this format; found more`,
        'give large data as CSV, which is read in blocks',
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** @param ahead  whether the next chunk is read while one is looked at; of a pipe it may never come */
async function* readChunks(path: string, ahead: boolean): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r').catch(async (error) => {
    throw await readingFailed(path, error);
  });
  const readNext = () => {
    const next = file.read(Buffer.allocUnsafeSlow(READ_BYTES), 0, READ_BYTES, null);
    // What fails is reported when its turn comes, if it does.
    next.catch(() => {});
    return next;
  };
  try {
    let next = readNext();
    for (;;) {
      const { buffer, bytesRead } = await next.catch(async (error) => {
        throw await readingFailed(path, error);
      });
      if (bytesRead === 0) return;
      if (ahead) next = readNext();
      for (let from = 0; from < bytesRead; from += CHUNK_BYTES) {
        yield buffer.subarray(from, Math.min(bytesRead, from + CHUNK_BYTES));
      }
      if (!ahead) next = readNext();
    }
  } finally {
    await file.close();
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** What the system says, as a message; anything that is no system error is passed on as it is. */
async function readingFailed(path: string, error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') {
    return error;
  }
  const name = escapeControls(path);
  const failed = (text: string, remedy?: string) =>
    new UserError(ExitCode.io, `${name}: ${text}`, remedy);
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return failed('expected a file; found none of that name', await similarFile(path));
    case 'EISDIR':
      return failed('expected a file; found a folder', 'name a file in it');
    case 'EACCES':
    case 'EPERM':
      return failed('expected a file that may be read; found no permission to read it');
    default:
      return failed(`expected to read it; found the system error ${error.code}`);
  }
}

async function similarFile(path: string): Promise<string | undefined> {
  const neighbours = await readdir(dirname(path)).catch(() => []);
  const { name, ext } = parse(path);
  // The ending is no reason to call two names alike, and a wrong ending none to call them different.
  const stems = neighbours.map((file) => parse(file));
  const sameKind = stems.filter((file) => file.ext === ext).map((file) => file.name);
  const near = nearest(name, sameKind);
  const similar = near === undefined ? stems.find((file) => file.name === name)?.base : near + ext;
  return similar === undefined ? undefined : `did you mean ${quote(similar)}?`;
}
