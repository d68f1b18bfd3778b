/** The types that the reference engine's op code shares. */
import type { Instruction } from '../../graph/plan.ts';
import type { ElementaryFunctions } from '../elementary.ts';

/** The arena: float32 for real runs, float64 for gradient checks. */
export type FloatArray = Float32Array | Float64Array;

/** What an instruction needs from its session. */
interface Context {
  readonly memory: FloatArray;
  /** Rounding and elementary functions of the arena's precision. */
  readonly functions: ElementaryFunctions;
  readonly seed: number;
  /** The step of the run in progress. */
  readonly run: { step: number };
}

/** An instruction with its places resolved: runs for the first `batch` samples. */
export type Step = (batch: number) => void;

/** Makes the step of one op. */
export type Bind = (instruction: Instruction, context: Context) => Step;
