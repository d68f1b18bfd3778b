/** The BLAS of this machine: the one that `MLP_BLAS` names, or the first of the usual names that is there. */
import { platform } from 'node:os';
import { ExitCode, UserError } from '../../errors.ts';
import { quote } from '../../words.ts';
import { type Blas, blasOf } from './blas.ts';
import { type Libraries, openLibraries, said } from './library.ts';

/** The variable that names a library. */
const VARIABLE = 'MLP_BLAS';
const PURPOSE = '--engine native';

/** As their packages call them, the faster ones first: where there is a libopenblasp, the other has one thread. */
const NAMES_ON_LINUX = [
  ...['libopenblasp.so.0', 'libopenblas.so.0', 'libopenblas.so'],
  ...['libmkl_rt.so.3', 'libmkl_rt.so.2', 'libmkl_rt.so.1', 'libmkl_rt.so'],
  ...['libblis.so.4', 'libblis-mt.so', 'libblis.so'],
];
const NAMES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: [
    '/System/Library/Frameworks/Accelerate.framework/Accelerate',
    '/opt/homebrew/opt/openblas/lib/libopenblas.dylib',
    '/usr/local/opt/openblas/lib/libopenblas.dylib',
    ...['libopenblas.dylib', 'libmkl_rt.dylib', 'libblis.dylib'],
  ],
  win32: [
    ...['libopenblas.dll', 'openblas.dll', 'mkl_rt.3.dll', 'mkl_rt.2.dll', 'mkl_rt.dll'],
    ...['AOCL-LibBlis-Win-MT-dll.dll', 'libblis.dll'],
  ],
};

/** How one is installed. */
export const INSTALL_BLAS: string =
  platform() === 'darwin'
    ? 'brew install openblas'
    : platform() === 'win32'
      ? 'libopenblas.dll from openblas.net'
      : 'apt-get install libopenblas0';

/** By what the variable says: a library stays loaded, and is looked for once in a process. */
const known = new Map<string, Blas>();

/**
 * The BLAS to compute with.
 *
 * @param path  a library, as `MLP_BLAS` names it; found by name where nothing or '' is said
 * @throws {UserError} exit 2 without koffi, without a BLAS, and where `path` is none
 */
export function findBlas(path = ''): Blas {
  const before = known.get(path);
  if (before) return before;
  const libraries = openLibraries(PURPOSE);
  const blas = path === '' ? blasByName(libraries) : blasAt(path, libraries);
  known.set(path, blas);
  return blas;
}

function blasAt(path: string, libraries: Libraries): Blas {
  const found = tryToLoad(path, libraries);
  if (typeof found !== 'string') return found;
  throw new UserError(
    ExitCode.usage,
    `${VARIABLE}: expected a BLAS; found ${quote(path)}, ${found}`,
    `name the library itself, for example ${VARIABLE}=/usr/lib/libopenblas.so.0, or leave ${VARIABLE} out`,
  );
}

function blasByName(libraries: Libraries): Blas {
  for (const name of NAMES[platform()] ?? NAMES_ON_LINUX) {
    const found = tryToLoad(name, libraries);
    if (typeof found !== 'string') return found;
  }
  throw new UserError(
    ExitCode.usage,
    `${PURPOSE}: expected OpenBLAS, MKL, BLIS or Apple Accelerate; found none by the usual names`,
    `install one (${INSTALL_BLAS}), or say where it is: ${VARIABLE}=/path/to/library`,
  );
}

/** A text says what was found instead: `which …`. */
function tryToLoad(path: string, libraries: Libraries): Blas | string {
  try {
    return blasOf(libraries.load(path), libraries);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `which does not load: ${said(error)}`;
  }
}
