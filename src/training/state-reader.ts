/** Reads the state of a run out of a checkpoint, which may be anybody's: what does not fit is refused, by its place. */
import { ExitCode, UserError } from '../errors.ts';
import type { StateValue } from '../records.ts';
import { escapeControls } from '../words.ts';

type Numbers = Float32Array | Float64Array | Int32Array;

export class StateReader {
  readonly #value: StateValue | undefined;
  /** `model.checkpoint.json: state.optimizer` */
  readonly #place: string;

  /** @param place  of the value, in front of messages */
  constructor(value: StateValue | undefined, place: string) {
    this.#value = value;
    this.#place = place;
  }

  /** Whether there is nothing: null, or no such key. */
  get isNone(): boolean {
    return this.#value === null || this.#value === undefined;
  }

  /** @throws {UserError} exit 4 where this is no object; so do all below where a value is not as they say */
  part(key: string): StateReader {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || isList(value) || ArrayBuffer.isView(value)) {
      throw this.wrong('an object');
    }
    // Keys that every object has are none of the state's.
    return new StateReader(
      Object.hasOwn(value, key) ? (value as Record<string, StateValue>)[key] : undefined,
      `${this.#place}.${key}`,
    );
  }

  /** The entries of a list, `length` of them where that is given. */
  list(key: string, length?: number): StateReader[] {
    return this.part(key).asList(length);
  }

  asList(length?: number): StateReader[] {
    const value = this.#value;
    if (!isList(value) || value.length !== (length ?? value.length)) {
      throw this.wrong(length === undefined ? 'a list' : `a list of ${length}`);
    }
    return value.map((entry, index) => new StateReader(entry, `${this.#place}[${index}]`));
  }

  keys(): string[] {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || isList(value) || ArrayBuffer.isView(value)) {
      throw this.wrong('an object');
    }
    return Object.keys(value);
  }

  flag(key: string): boolean {
    const part = this.part(key);
    if (typeof part.#value !== 'boolean') throw part.wrong('true or false');
    return part.#value;
  }

  /** Any number, NaN and the infinities included. */
  number(key: string): number {
    return this.part(key).asNumber();
  }

  asNumber(): number {
    if (typeof this.#value !== 'number') throw this.wrong('a number');
    return this.#value;
  }

  /** A learning rate: 0 or more, and finite as a float32. */
  rate(key: string): number {
    const value = this.number(key);
    if (value >= 0 && Number.isFinite(Math.fround(value))) return value;
    throw this.part(key).wrong('a learning rate, 0 or more, that fits into 32-bit float');
  }

  finite(key: string): number {
    const value = this.number(key);
    if (Number.isFinite(value)) return value;
    throw this.part(key).wrong('a finite number');
  }

  numberOrNull(key: string): number | null {
    return this.part(key).isNone ? null : this.number(key);
  }

  /** A whole number from `min` to `max`. */
  count(key: string, min = 0, max = Number.MAX_SAFE_INTEGER): number {
    const value = this.number(key);
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
    if (min === max) throw this.part(key).wrong(String(min));
    const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`;
    throw this.part(key).wrong(`a whole number ${range}`);
  }

  /** A whole number from 0 to `max`. */
  countOrNull(key: string, max: number): number | null {
    return this.part(key).isNone ? null : this.count(key, 0, max);
  }

  /** One float32, or one for each of several; NaN and the infinities included. */
  asMeasured(): number | number[] {
    if (isList(this.#value)) return this.asList().map((entry) => entry.#float32());
    return this.#float32();
  }

  #float32(): number {
    const value = this.asNumber();
    if (Object.is(Math.fround(value), value)) return value;
    throw this.wrong('a number of 32-bit float');
  }

  asText(): string {
    if (typeof this.#value !== 'string') throw this.wrong('a text');
    return this.#value;
  }

  /** Exactly `length` numbers. */
  float32(key: string, length: number): Float32Array {
    return this.part(key).#array(Float32Array, 'float32', length);
  }

  /** Exactly `length` numbers, all of them finite. */
  weightsOrNull(key: string, length: number): Float32Array | null {
    if (this.part(key).isNone) return null;
    const weights = this.float32(key, length);
    const found = weights.find((value) => !Number.isFinite(value));
    if (found === undefined) return weights;
    throw this.part(key).wrong('finite weights', String(found));
  }

  int32(key: string, length: number): Int32Array {
    return this.part(key).#array(Int32Array, 'int32', length);
  }

  float64(key: string, length: number): Float64Array {
    return this.part(key).asFloat64(length);
  }

  asFloat64(length: number): Float64Array {
    return this.#array(Float64Array, 'float64', length);
  }

  /** The error of a value that is not as it has to be. */
  wrong(expected: string, found: string = describeState(this.#value)): UserError {
    return new UserError(
      ExitCode.model,
      `${escapeControls(this.#place)}: expected ${expected}; found ${found}`,
      'the checkpoint is of another network or another run, or was changed by hand',
    );
  }

  #array<Kind extends Numbers>(
    kind: new (length: number) => Kind,
    name: string,
    length: number,
  ): Kind {
    const value = this.#value;
    if (value instanceof kind && value.length === length) return value;
    throw this.wrong(`${length} numbers (${name})`);
  }
}

function isList(value: StateValue | undefined): value is readonly StateValue[] {
  return Array.isArray(value);
}

function describeState(value: StateValue | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (ArrayBuffer.isView(value)) return `${value.length} (${kindOf(value)})`;
  if (isList(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : String(value);
}

function kindOf(value: Numbers): string {
  if (value instanceof Float32Array) return 'float32';
  return value instanceof Float64Array ? 'float64' : 'int32';
}
