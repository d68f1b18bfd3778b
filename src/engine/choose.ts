/** The one place that knows which engines there are. */
import type { Engine } from './engine.ts';
import { referenceEngine } from './reference.ts';

export const DEFAULT_ENGINE = 'reference';

const engines: Readonly<Record<string, () => Engine>> = {
  reference: () => referenceEngine('float32'),
};

/** The engine of a name; the default without one. */
export function chooseEngine(name: string = DEFAULT_ENGINE): Engine {
  return engines[name]();
}
