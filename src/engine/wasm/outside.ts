/** Who runs instructions in the place of kernels, on the same numbers. */
import type { Instruction } from '../../graph/plan.ts';
import type { Step } from '../reference/memory.ts';

export interface Outside {
  /** Whether it runs an instruction, whatever the batch. Always the same answer to the same one. */
  takes(instruction: Instruction): boolean;
  /**
   * The step of an instruction that it takes.
   *
   * @param arena  where the numbers are; their address stays as long as the step is used
   */
  bind(instruction: Instruction, arena: Float32Array): Step;
}
