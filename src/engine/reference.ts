/**
 * The reference engine: the definition of correct. Plain loops over typed arrays in float32, with
 * every operation rounded by itself and every sum in rising order; and the same code in float64
 * for gradient checks.
 */
import type { Place } from '../graph/layout.ts';
import type { Instruction, Plan } from '../graph/plan.ts';
import { type ElementaryFunctions, float32Functions, float64Functions } from './elementary.ts';
import type { Engine, Session } from './engine.ts';
import * as columns from './reference/columns.ts';
import {
  binaryLoops,
  bindBinary,
  bindBroadcast,
  bindCopy,
  bindUnary,
  bindWhere,
  unaryLoops,
} from './reference/elementwise.ts';
import { bindMatmul, bindMatmulTransposeA, bindMatmulTransposeB } from './reference/matmul.ts';
import type { Bind, FloatArray, Step } from './reference/memory.ts';
import * as rows from './reference/rows.ts';

/** The code of every instruction. */
function bindings(functions: ElementaryFunctions): Record<Instruction['op'], Bind> {
  return {
    ...mapValues(unaryLoops(functions), bindUnary),
    ...mapValues(binaryLoops(functions), bindBinary),
    where: bindWhere,
    broadcast: bindBroadcast,
    copy: bindCopy,
    matmul: bindMatmul,
    matmulTransposeA: bindMatmulTransposeA,
    matmulTransposeB: bindMatmulTransposeB,
    sumRows: rows.bindSumRows,
    sumCols: rows.bindSumCols,
    maxCols: rows.bindMaxCols,
    argmaxCols: rows.bindArgmaxCols,
    softmax: rows.bindSoftmax,
    logSoftmax: rows.bindLogSoftmax,
    pick: rows.bindPick,
    oneHot: rows.bindOneHot,
    cumsumCols: columns.bindCumsumCols,
    sortCols: columns.bindSortCols,
    rankCols: columns.bindRankCols,
    takeCols: columns.bindTakeCols,
    columns: columns.bindColumns,
    placeColumns: columns.bindPlaceColumns,
    permute: columns.bindPermute,
    batchSize: rows.bindBatchSize,
    uniform: rows.bindUniform,
  };
}

function mapValues<K extends string, A, B>(record: Record<K, A>, f: (value: A) => B): Record<K, B> {
  const entries = Object.entries<A>(record).map(([key, value]) => [key, f(value)]);
  return Object.fromEntries(entries) as Record<K, B>;
}

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

class ReferenceSession implements Session {
  readonly #plan: Plan;
  readonly #memory: FloatArray;
  readonly #run = { step: 0 };
  readonly #programs = new Map<string, readonly Step[]>();

  constructor(plan: Plan, memory: FloatArray, functions: ElementaryFunctions, seed: number) {
    this.#plan = plan;
    this.#memory = memory;
    for (const { place, values } of plan.initial) {
      const { offset, rows, cols } = place;
      if (typeof values === 'number') memory.fill(values, offset, offset + rows * cols);
      else memory.set(values, offset);
    }
    const bind = bindings(functions);
    const context = { memory, functions, seed, run: this.#run };
    for (const [program, instructions] of plan.programs) {
      const steps = instructions.map((instruction) => bind[instruction.op](instruction, context));
      this.#programs.set(program, steps);
    }
  }

  write(name: string, values: ArrayLike<number>): void {
    const { offset } = this.#placeOf(name, values.length);
    this.#memory.set(values, offset);
  }

  gather(
    name: string,
    source: Float32Array,
    order: Int32Array,
    first: number,
    count: number,
  ): void {
    const { offset, rows: perSample, cols } = this.#placeOf(name, 0);
    const width = perSample * cols;
    for (let i = 0; i < count; i++) {
      const from = order[first + i] * width;
      const to = offset + i * width;
      for (let j = 0; j < width; j++) this.#memory[to + j] = source[from + j];
    }
  }

  read(name: string, into: FloatArray): void {
    const { offset } = this.#placeOf(name, into.length);
    for (let i = 0; i < into.length; i++) into[i] = this.#memory[offset + i];
  }

  readNumber(name: string): number {
    return this.#memory[this.#placeOf(name, 1).offset];
  }

  firstNonFinite(name: string, count: number): { index: number; value: number } | null {
    const { offset } = this.#placeOf(name, count);
    for (let index = 0; index < count; index++) {
      const value = this.#memory[offset + index];
      if (!Number.isFinite(value)) return { index, value };
    }
    return null;
  }

  run(program: string, batch: number, step: number): void {
    const steps = this.#programs.get(program);
    if (!steps) throw new Error(`internal: no program ${program}`);
    this.#run.step = step;
    for (let i = 0; i < steps.length; i++) steps[i](batch);
  }

  /** The place of a named tensor; `length` numbers must fit in it. */
  #placeOf(name: string, length: number): Place {
    const place = this.#plan.places.get(name);
    if (!place) throw new Error(`internal: no tensor is named ${name}`);
    const room = place.rows * place.cols * (place.batched ? this.#plan.maxBatch : 1);
    if (length > room)
      throw new Error(`internal: ${length} numbers for ${name}, which has ${room}`);
    return place;
  }
}
