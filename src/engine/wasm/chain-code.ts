/** The code of a chain: one loop over its numbers, four at a time. */
import {
  type FunctionBody,
  I,
  i32Const,
  local,
  setLocal,
  storeLane,
  V,
  vectorAt,
} from './bytecode.ts';
import { emitterOf } from './chain-ops.ts';
import { isNumberOfMany } from './chains.ts';
import { isStored, type Node } from './dataflow.ts';

/** Locals: the instruction's address, how many numbers, the byte that is reached, where the fours end. */
const AT = 0;
const COUNT = 1;
const BYTE = 2;
const END = 3;
const FIRST_VECTOR = 4;

/** Offsets of the arguments in an instruction: the first number, and behind the last. */
const FIRST = 8;
const BEHIND_LAST = 12;

/**
 * @param addressOf  the byte address of a number of the arena
 */
export function chainCode(
  chain: readonly Node[],
  addressOf: (offset: number) => number,
): FunctionBody {
  const writer = new ChainWriter(chain, addressOf);
  const { splats, values, stores } = writer;
  const byte = local(BYTE);
  const wholeStores = stores.flatMap(({ address, from }) => [
    ...byte,
    ...local(from),
    ...vectorAt(V.store, address),
  ]);
  const laneStores = (lane: number) =>
    stores.flatMap(({ address, from }) => [
      ...byte,
      ...local(from),
      ...storeLane(lane, address + 4 * lane),
    ]);
  const rest = [...local(COUNT), ...i32Const(3), ...I.and];
  return {
    wholes: FIRST_VECTOR - 1,
    vectors: writer.vectors,
    code: [
      ...[...local(AT), I.load, 2, FIRST, ...i32Const(2), ...I.shiftLeft, ...setLocal(BYTE)],
      ...[...local(AT), I.load, 2, BEHIND_LAST, ...local(AT), I.load, 2, FIRST],
      ...[...I.sub, ...setLocal(COUNT)],
      ...[
        ...local(COUNT),
        ...i32Const(-4),
        ...I.and,
        ...i32Const(2),
        ...I.shiftLeft,
        ...byte,
        ...I.add,
        ...setLocal(END),
      ],
      ...splats,
      ...[...byte, ...local(END), ...I.lessUnsigned, ...I.if, ...I.loop],
      ...[...values, ...wholeStores],
      ...[...byte, ...i32Const(16), ...I.add, ...setLocal(BYTE)],
      ...[...byte, ...local(END), ...I.lessUnsigned, ...I.branch0],
      ...[...I.end, ...I.end],
      ...[...rest, ...I.if, ...values, ...laneStores(0)],
      ...[...rest, ...i32Const(1), ...I.moreUnsigned, ...I.if, ...laneStores(1), ...I.end],
      ...[...rest, ...i32Const(2), ...I.moreUnsigned, ...I.if, ...laneStores(2), ...I.end],
      ...I.end,
    ],
  };
}

/** Gives every value of a chain a local. */
class ChainWriter {
  /** Reads the one-number inputs. */
  readonly splats: number[] = [];
  /** Computes all values of four numbers. */
  readonly values: number[] = [];
  /** What is stored then. */
  readonly stores: { readonly address: number; readonly from: number }[] = [];
  #next = FIRST_VECTOR + 1;
  /** Locals of one-number inputs and of loaded numbers, by the offset of their place. */
  readonly #numbers = new Map<number, number>();
  readonly #loaded = new Map<number, number>();
  /** Locals of what the chain computes, by the index of its instruction. */
  readonly #computed = new Map<number, number>();
  readonly #addressOf: (offset: number) => number;

  constructor(chain: readonly Node[], addressOf: (offset: number) => number) {
    this.#addressOf = addressOf;
    for (const node of chain) {
      const { op, inputs } = node.instruction;
      const operands = inputs.map(({ offset }, i) => {
        if (isNumberOfMany(node, i)) return this.#number(offset);
        return this.#computed.get(node.sources[i]) ?? this.#lane(offset);
      });
      const result = this.#next++;
      this.values.push(...emitterOf(op)(operands, FIRST_VECTOR), ...setLocal(result));
      this.#computed.set(node.index, result);
    }
    // Where several write to one place, the last one stays.
    const stored = chain.filter((node) => isStored(node, chain));
    for (const node of new Map(stored.map((node) => [node.write.start, node])).values()) {
      const from = this.#computed.get(node.index);
      if (from === undefined) continue;
      this.stores.push({ address: addressOf(node.write.start), from });
    }
  }

  get vectors(): number {
    return this.#next - FIRST_VECTOR;
  }

  #number(offset: number): number {
    const known = this.#numbers.get(offset);
    if (known !== undefined) return known;
    const index = this.#next++;
    this.#numbers.set(offset, index);
    const address = this.#addressOf(offset);
    this.splats.push(...i32Const(0), ...vectorAt(V.loadSplat, address), ...setLocal(index));
    return index;
  }

  #lane(offset: number): number {
    const known = this.#loaded.get(offset);
    if (known !== undefined) return known;
    const index = this.#next++;
    this.#loaded.set(offset, index);
    const address = this.#addressOf(offset);
    this.values.push(...local(BYTE), ...vectorAt(V.load, address), ...setLocal(index));
    return index;
  }
}
