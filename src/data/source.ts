/**
 * Where bytes come from: a file or standard input, as one stream of chunks with a name for
 * messages. What is packed is unpacked; else it knows nothing of what the bytes mean.
 */
import { constants } from 'node:fs';
import { access, open, readdir, stat } from 'node:fs/promises';
import { dirname, parse } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import { escapeControls, formatThousands, nearest, quote } from '../words.ts';
import { unpacked } from './gzip.ts';

/** A stream of bytes that can be read once, and what messages call it. */
export interface Source {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Bytes of the file, packed as it is; not there where that is not known, as of a pipe. */
  readonly size?: number;
}

/** The path that means standard input. */
export const STANDARD_INPUT = '-';

/** Formats that need the whole file are read up to this size: .npy files, 1 GiB. */
const MAX_WHOLE_FILE = 2 ** 30;

/** The same for JSON: a text has no more characters. */
export const MAX_WHOLE_TEXT = 2 ** 29 - 24;

/** Large enough that a block of rows costs little per row, small enough to stay in a processor's cache. */
const CHUNK_BYTES = 256 * 1024;

/** So much is read at once: to ask for it takes as long, however much it is. */
const READ_BYTES = 4 * CHUNK_BYTES;

/**
 * Opens a path, or standard input for `-`. A path is checked at once (exists, is no folder, may
 * be read); it is opened when the first chunk is asked for and closed when iteration ends. What is
 * packed with gzip comes unpacked, whatever its name.
 *
 * @param stdin     the stream that `-` stands for
 * @param maxBytes  that are read of it, unpacked; without it as many as there are, of packed ones
 *   `MAX_UNPACKED`
 * @throws {UserError} exit 6, here or while reading; exit 3 while reading a damaged gzip file, or more bytes
 *   than `maxBytes`
 */
export async function openSource(
  path: string,
  stdin: AsyncIterable<Uint8Array>,
  maxBytes?: number,
): Promise<Source> {
  if (path === STANDARD_INPUT) return named('standard input', stdin, undefined, maxBytes);
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw systemError('EISDIR');
    await access(path, constants.R_OK);
    const name = escapeControls(path);
    const size = found.isFile() ? found.size : undefined;
    return named(name, readChunks(path, found.isFile()), size, maxBytes);
  } catch (error) {
    throw await readingFailed(path, error);
  }
}

function named(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  size: number | undefined,
  maxBytes: number | undefined,
): Source {
  return { name, chunks: unpacked(name, chunks, maxBytes), size };
}

/** What is said of a file that is too large to be read as a whole. */
interface WholeFile {
  /** Bytes, unpacked. */
  readonly limit: number;
  readonly exitCode: ExitCode;
  readonly remedy: string;
}

const WHOLE_FILE: WholeFile = {
  limit: MAX_WHOLE_FILE,
  exitCode: ExitCode.data,
  remedy: 'give large data as CSV or JSON lines, which are read in blocks',
};

/** For data in JSON. */
export const WHOLE_JSON: WholeFile = { ...WHOLE_FILE, limit: MAX_WHOLE_TEXT };

/**
 * The whole of a source as bytes. A file that is larger is not read at all.
 *
 * @throws {UserError} `exitCode` above `limit` bytes
 */
export async function readBytes(source: Source, whole = WHOLE_FILE): Promise<Uint8Array> {
  if ((source.size ?? 0) > whole.limit) throw tooLarge(source.name, whole);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source.chunks) {
    length += chunk.length;
    if (length > whole.limit) throw tooLarge(source.name, whole);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function tooLarge(name: string, { limit, exitCode, remedy }: WholeFile): UserError {
  const most = formatThousands(limit);
  return new UserError(
    exitCode,
    `${name}: expected at most ${most} bytes in this format; found more`,
    remedy,
  );
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
