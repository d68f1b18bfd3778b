/** One step of an optimizer whose gradients are in the session already. */
import type { Session } from '../../src/engine/engine.ts';
import { BLOCKS } from '../../src/nn/forward.ts';
import type { OptimizerClock } from '../../src/training/optimizer-clock.ts';

export function trainOnce(session: Session, clock: OptimizerClock): void {
  const rows = { order: new Int32Array(1), first: 0, end: 1, batch: 1 };
  const measures = [{ name: BLOCKS.trainable, length: 1 }];
  session.runSeries({ ...clock.next(1), ...rows, tables: [], measures });
}
