/** The one place that knows which engines there are. */
import type { Engine } from './engine.ts';
import { referenceEngine } from './reference.ts';

/** The engine that computes, in float32. */
export function chooseEngine(): Engine {
  return referenceEngine('float32');
}
