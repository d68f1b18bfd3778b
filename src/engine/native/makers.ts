/** Who made a BLAS, and what each has for its version and its threads. */
import type { Libraries, Library } from './library.ts';

export interface Made {
  /** Maker and version: `OpenBLAS 0.3.21`. */
  readonly name: string;
  /** Whether its integers have 64 bits. */
  readonly isWide: boolean;
  setThreads(threads: number): void;
}

/** A maker that is known by one of its functions; null where the library is another's. */
type Maker = (library: Library, libraries: Libraries) => Made | null;

const MAKERS: readonly Maker[] = [openBlas, mkl, blis, accelerate];

/** The maker of a library; one that is not known has a BLAS all the same, and threads of its own choice. */
export function makerOf(library: Library, libraries: Libraries): Made {
  for (const maker of MAKERS) {
    const made = maker(library, libraries);
    if (made) return made;
  }
  return { name: 'another BLAS', isWide: false, setThreads: () => {} };
}

function openBlas(library: Library): Made | null {
  const config = library.find('openblas_get_config', 'const char *NAME()');
  if (!config) return null;
  // "OpenBLAS 0.3.21 DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=64", with USE64BITINT among them or not.
  const text = String(config());
  const set = library.find('openblas_set_num_threads', 'void NAME(int)');
  return {
    name: named('OpenBLAS', text),
    isWide: text.includes('USE64BITINT'),
    setThreads: (threads) => set?.(threads),
  };
}

function mkl(library: Library, { addressOf }: Libraries): Made | null {
  const describe = library.find('MKL_Get_Version_String', 'void NAME(uintptr_t, int)');
  if (!describe) return null;
  const text = new Float32Array(64);
  describe(addressOf(text), text.byteLength);
  const set = library.find('MKL_Set_Num_Threads', 'void NAME(int)');
  return {
    name: named('MKL', Buffer.from(text.buffer).toString('latin1')),
    isWide: false,
    setThreads: (threads) => set?.(threads),
  };
}

function blis(library: Library): Made | null {
  const version = library.find('bli_info_get_version_str', 'const char *NAME()');
  if (!version) return null;
  const bits = library.find('bli_info_get_blas_int_type_size', 'int64_t NAME()');
  const set = library.find('bli_thread_set_num_threads', 'void NAME(int64_t)');
  return {
    name: named('BLIS', String(version())),
    // AMD's have one name for both, in folders of their own.
    isWide: Number(bits?.() ?? 32) === 64,
    setThreads: (threads) => set?.(threads),
  };
}

/**
 * Of vecLib's thread_api.h, for the thread that calls: macOS 15 and later. Earlier ones have the variable alone, and
 * may have read it when the library was tried.
 */
const MANY = 0;
const SINGLE = 1;

function accelerate(library: Library): Made | null {
  if (!library.find('vDSP_mmul', 'void NAME()')) return null;
  const set = library.find('BLASSetThreading', 'int NAME(int)');
  const setVariable = library.find('setenv', 'int NAME(const char *, const char *, int)');
  return {
    name: 'Apple Accelerate',
    isWide: false,
    setThreads(threads) {
      setVariable?.('VECLIB_MAXIMUM_THREADS', String(threads), 1);
      set?.(threads === 1 ? SINGLE : MANY);
    },
  };
}

/** A name with the version that a text says, if it does. */
function named(name: string, text: string): string {
  const version = /\d+(\.\d+)+/.exec(text)?.[0];
  return version === undefined ? name : `${name} ${version}`;
}
