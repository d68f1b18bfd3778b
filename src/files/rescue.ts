/** Where work goes that could not be written where it was meant to go. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder among the temporary ones of the system, for this user alone; null where none can be made. */
export function rescueFolder(): string | null {
  try {
    return mkdtempSync(join(tmpdir(), 'mlp-'));
  } catch {
    return null;
  }
}
