/** How a command computes: what its options and the environment say, checked before it reads any data. */
import type { Computing, EngineName } from '../training/engine-names.ts';
import { engineNotes } from '../training/engine-notes.ts';
import type { Io } from './io.ts';

/** Names the library that `--engine native` computes with. */
const LIBRARY = 'MLP_BLAS';

/**
 * @param notes  gets what a user should know of it
 * @throws {UserError} exit 2 where the engine that is asked for cannot be had
 */
export function computingOf(
  io: Io,
  { engine, threads }: { readonly engine: EngineName; readonly threads?: number | 'auto' },
  notes: string[],
): Computing {
  const computing = { engine, threads, blas: io.variable(LIBRARY) };
  notes.push(...engineNotes(computing));
  return computing;
}
