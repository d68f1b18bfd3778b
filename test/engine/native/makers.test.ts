/** Whose a library is, by the functions that its maker gave it: made here, since no machine has them all. */
import { expect, test } from 'vitest';
import type { Libraries, Library, NativeFunction } from '../../../src/engine/native/library.ts';
import { makerOf } from '../../../src/engine/native/makers.ts';

/** What a library is taken for, and what it is told when 1 and then 4 threads are asked for. */
function taken(functions: Readonly<Record<string, NativeFunction>>) {
  const told: string[] = [];
  const library: Library = {
    find(name, declaration) {
      expect(declaration).toContain('NAME(');
      if (!Object.hasOwn(functions, name)) return null;
      return (...args) => {
        told.push(`${name}(${args.join(', ')})`);
        return functions[name](...args);
      };
    },
  };
  const libraries: Libraries = {
    load: () => library,
    // An address is anything that a library can write to.
    addressOf: (values) => memory.push(values) - 1,
  };
  const { name, isWide, setThreads } = makerOf(library, libraries);
  told.length = 0;
  setThreads(1);
  setThreads(4);
  return { name, isWide, told };
}

const memory: Float32Array[] = [];
const nothing = () => undefined;

test('OpenBLAS says its version, and whether it is one for 64-bit integers', () => {
  const says = (text: string) => ({
    openblas_get_config: () => text,
    openblas_set_num_threads: nothing,
  });
  const told = ['openblas_set_num_threads(1)', 'openblas_set_num_threads(4)'];
  expect(taken(says('OpenBLAS 0.3.21 DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=64'))).toEqual({
    ...{ name: 'OpenBLAS 0.3.21', isWide: false, told },
  });
  expect(taken(says('OpenBLAS 0.3.28 USE64BITINT DYNAMIC_ARCH'))).toEqual({
    ...{ name: 'OpenBLAS 0.3.28', isWide: true, told },
  });
});

test('MKL writes its version into memory', () => {
  const functions = {
    MKL_Get_Version_String(address: number | string, length: number | string) {
      const { buffer, byteLength } = memory[Number(address)];
      expect(byteLength).toBe(length);
      const text = 'Intel(R) oneAPI Math Kernel Library Version 2024.2-Product Build 20240605';
      Buffer.from(buffer).write(`${text} for Intel(R) 64 architecture applications\0`, 'latin1');
    },
    MKL_Set_Num_Threads: nothing,
  };
  expect(taken(functions)).toEqual({
    ...{ name: 'MKL 2024.2', isWide: false },
    told: ['MKL_Set_Num_Threads(1)', 'MKL_Set_Num_Threads(4)'],
  });
});

test('BLIS says how many bits an integer has', () => {
  const says = (bits: number) => ({
    bli_info_get_version_str: () => '0.9.0',
    bli_info_get_blas_int_type_size: () => bits,
    bli_thread_set_num_threads: nothing,
  });
  const told = ['bli_thread_set_num_threads(1)', 'bli_thread_set_num_threads(4)'];
  expect(taken(says(32))).toEqual({ name: 'BLIS 0.9.0', isWide: false, told });
  expect(taken(says(64))).toEqual({ name: 'BLIS 0.9.0', isWide: true, told });
});

test('Accelerate is told by its variable, and since macOS 15 by a function', () => {
  const earlier = { vDSP_mmul: nothing, setenv: () => 0 };
  const variable = (threads: number) => `setenv(VECLIB_MAXIMUM_THREADS, ${threads}, 1)`;
  const name = 'Apple Accelerate';
  expect(taken(earlier)).toEqual({ name, isWide: false, told: [variable(1), variable(4)] });
  expect(taken({ ...earlier, BLASSetThreading: () => 0 })).toEqual({
    ...{ name, isWide: false },
    told: [variable(1), 'BLASSetThreading(1)', variable(4), 'BLASSetThreading(0)'],
  });
});

test('whose else it is, it has the threads that it likes', () => {
  expect(taken({})).toEqual({ name: 'another BLAS', isWide: false, told: [] });
});
