/**
 * The reference engine: the definition of correct. Plain loops over typed arrays in float32, with
 * every operation rounded by itself and every sum in rising order; and the same code in float64
 * for gradient checks.
 */
import type { Plan } from '../graph/plan.ts';
import { Arena } from './arena.ts';
import { type ElementaryFunctions, float32Functions, float64Functions } from './elementary.ts';
import type { Engine } from './engine.ts';
import { bindings } from './reference/bindings.ts';
import type { FloatArray, Step } from './reference/memory.ts';

/** The reference engine in one of its two precisions. */
export function referenceEngine(precision: 'float32' | 'float64'): Engine {
  const isFloat32 = precision === 'float32';
  const functions = isFloat32 ? float32Functions : float64Functions;
  return {
    name: 'reference',
    prepare(plan, seed) {
      const memory = isFloat32 ? new Float32Array(plan.size) : new Float64Array(plan.size);
      return new ReferenceSession(plan, memory, functions, seed);
    },
  };
}

class ReferenceSession extends Arena {
  readonly #run = { step: 0 };
  readonly #programs = new Map<string, readonly Step[]>();

  constructor(plan: Plan, memory: FloatArray, functions: ElementaryFunctions, seed: number) {
    super(plan, memory);
    const bind = bindings(functions);
    const context = { memory, functions, seed, run: this.#run };
    for (const [program, instructions] of plan.programs) {
      const steps = instructions.map((instruction) => bind[instruction.op](instruction, context));
      this.#programs.set(program, steps);
    }
  }

  run(program: string, batch: number, step: number): void {
    const steps = this.#programs.get(program);
    if (!steps) throw new Error(`internal: no program ${program}`);
    this.#run.step = step;
    for (let i = 0; i < steps.length; i++) steps[i](batch);
  }
}
