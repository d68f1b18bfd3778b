/** Paths with `*`, `?` and `[…]` in their last part: the files that they stand for, as in a shell. */
import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import { escapeControls } from '../words.ts';
import { STANDARD_INPUT } from './source.ts';

/**
 * All paths, each pattern replaced by the files that match it, sorted by name. What is the name of a file
 * as it stands is no pattern.
 *
 * @throws {UserError} exit 6 for a pattern that no file matches
 */
export async function expandPaths(paths: readonly string[]): Promise<string[]> {
  const expanded: string[] = [];
  for (const path of paths) expanded.push(...(await matches(path)));
  return expanded;
}

async function matches(path: string): Promise<readonly string[]> {
  const pattern = basename(path);
  if (path === STANDARD_INPUT || !/[*?[]/.test(pattern) || (await isThere(path))) return [path];
  const folder = dirname(path);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const expression = expressionOf(pattern);
  const names = entries
    .filter((entry) => !entry.isDirectory() && expression.test(entry.name))
    .map(({ name }) => name)
    .sort();
  if (names.length === 0) {
    throw new UserError(
      ExitCode.io,
      `${escapeControls(path)}: expected files that match this pattern; found none`,
      'in the last part of a path, * stands for any text, ? for one character, [ab] for one of these',
    );
  }
  // A pattern without a folder gives names without one.
  return names.map((name) => (path === pattern ? name : join(folder, name)));
}

async function isThere(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

/** A pattern of POSIX's shell as a regular expression; hidden files only match a dot. */
function expressionOf(pattern: string): RegExp {
  const source = pattern.replace(
    /\[(!?)(\]?[^\]]*)\]|[*?]|[\\^$.|+(){}[\]]/g,
    (part, not: string | undefined, set: string | undefined) => {
      if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\\]^[]/g, '\\$&')}]`;
      if (part === '*') return '.*';
      return part === '?' ? '.' : `\\${part}`;
    },
  );
  const hidden = pattern.startsWith('.') ? '' : '(?!\\.)';
  try {
    return new RegExp(`^${hidden}${source}$`, 'su');
  } catch {
    // A set out of order ([z-a]) matches nothing.
    return /(?!)/;
  }
}
