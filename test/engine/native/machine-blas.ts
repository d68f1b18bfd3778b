/** The BLAS of this machine, for tests that need one: without it they are skipped, and say so. */
import type { Blas } from '../../../src/engine/native/blas.ts';
import { findBlas } from '../../../src/engine/native/find-blas.ts';
import { UserError } from '../../../src/errors.ts';

function look(): Blas | null {
  try {
    return findBlas();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.warn(`skipped, with all that needs a BLAS: ${error.message}; ${error.remedy}`);
    return null;
  }
}

const blas = look();

/** Whether there is one. */
export const hasBlas: boolean = blas !== null;

/** The one there is. */
export function machineBlas(): Blas {
  if (!blas) throw new Error('this machine has no BLAS');
  return blas;
}
