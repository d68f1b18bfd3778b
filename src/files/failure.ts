/**
 * What the operating system says when a file cannot be written, in our words: the path, what was
 * expected, what was found, what to do.
 */
import { ExitCode, UserError } from '../errors.ts';
import { escapeControls } from '../words.ts';

interface Cause {
  readonly found: string;
  readonly remedy: string;
}

const rights = { found: 'no permission to write it', remedy: 'look at its rights with "ls -l"' };
const full = 'free some space, or choose another disk';

const causes: Readonly<Record<string, Cause>> = Object.freeze({
  EACCES: rights,
  EPERM: rights,
  EROFS: { found: 'a read-only file system', remedy: 'choose another folder' },
  ENOSPC: { found: 'no space left on the device', remedy: full },
  EDQUOT: { found: 'no space left in the quota', remedy: full },
  EFBIG: { found: 'the size limit for files', remedy: 'see "ulimit -f"' },
  EISDIR: { found: 'a folder', remedy: 'name a file in it' },
  ENOTDIR: { found: 'a file where a folder is needed', remedy: 'check the path' },
  ENOENT: { found: 'no folder of that name', remedy: 'make the folder first, or check the path' },
  ENAMETOOLONG: { found: 'a name that is too long', remedy: 'choose a shorter name' },
  ELOOP: { found: 'links that lead in a circle', remedy: 'check the path' },
  EINVAL: { found: 'a name that this file system cannot have', remedy: 'choose another name' },
  EIO: { found: 'an error of the device', remedy: 'choose another disk; this one may be failing' },
  EPIPE: { found: 'a pipe that nobody reads any more', remedy: 'name a file' },
  ENXIO: { found: 'a socket or a device without anything behind it', remedy: 'name a file' },
  EBUSY: { found: 'a file that the system is using', remedy: 'name a file beside it' },
  ETXTBSY: { found: 'a program that is running', remedy: 'name another file' },
  EMFILE: { found: 'too many open files', remedy: 'see "ulimit -n"' },
  ENFILE: { found: 'too many open files on this machine', remedy: 'try again' },
});

/** The code (`ENOENT`) of an error of Node's file functions; undefined for any other value. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * The UserError (exit 6) for a failed write to `path`; `error` itself where it is not of the file
 * system, so that bugs stay bugs.
 */
export function writingFailed(path: string, error: unknown): unknown {
  const code = errorCode(error);
  // Codes that begin so are Node's own: something was called in a wrong way.
  if (code === undefined || code.startsWith('ERR_')) return error;
  const known = Object.hasOwn(causes, code) ? causes[code] : undefined;
  const found = known?.found ?? `the system error ${code}`;
  return new UserError(
    ExitCode.io,
    `${escapeControls(path)}: expected a file that can be written; found ${found}`,
    known?.remedy ?? 'choose another folder',
  );
}

/** The failure of a given code, for what is found out before the system is asked. */
export function writingRefused(path: string, code: string): unknown {
  return writingFailed(path, Object.assign(new Error(code), { code }));
}
