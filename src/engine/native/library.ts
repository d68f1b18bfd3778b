/** Libraries of the machine through koffi, the optional package that calls them: the only file that knows its interface. */
import { createRequire } from 'node:module';
import type Koffi from 'koffi';
import { ExitCode, UserError } from '../../errors.ts';
import { escapeControls } from '../../words.ts';

const PACKAGE = 'koffi';

/** Addresses and numbers in, a number, a text or nothing out. */
export type NativeFunction = (...args: (number | string)[]) => unknown;

/** A library that is loaded. It stays so until the process ends. */
export interface Library {
  /**
   * A function of it; null where it has none of the name.
   *
   * @param declaration  in C, addresses as `uintptr_t`, with `NAME` in the place of the name
   */
  find(name: string, declaration: string): NativeFunction | null;
}

export interface Libraries {
  /** @throws {Error} with what the system says, where there is none */
  load(path: string): Library;
  addressOf(values: Float32Array): number;
}

/**
 * @param purpose  what needs them, for the message: `--engine native`
 * @throws {UserError} exit 2 where the package is not installed
 */
export function openLibraries(purpose: string): Libraries {
  const koffi = load(purpose);
  return {
    load(path) {
      const library = koffi.load(path);
      return {
        find(name, declaration) {
          try {
            return library.func(declaration.replace('NAME', name));
          } catch (error) {
            if (error instanceof Error && error.message.startsWith('Cannot find')) return null;
            throw error;
          }
        },
      };
    },
    // Addresses have 48 bits, which a double holds.
    addressOf: (values) => Number(koffi.address(values)),
  };
}

/** Whether the package is installed; it is not loaded. */
export function hasLibraries(): boolean {
  try {
    createRequire(import.meta.url).resolve(PACKAGE);
    return true;
  } catch {
    return false;
  }
}

function load(purpose: string): typeof Koffi {
  try {
    return createRequire(import.meta.url)(PACKAGE);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isMissing = 'code' in error && error.code === 'MODULE_NOT_FOUND';
    const found = isMissing ? 'none beside mlp' : `one that does not load: ${said(error)}`;
    throw new UserError(
      ExitCode.usage,
      `${purpose}: expected the optional package ${PACKAGE}; found ${found}`,
      `install it where mlp is installed: npm install ${PACKAGE} (with -g where mlp was)`,
    );
  }
}

/** The first line of what koffi or the system says, safe to print. */
export function said(error: Error): string {
  return escapeControls(error.message.split('\n')[0].replace(/^Failed to load [^:]*: /, ''));
}
