/**
 * One target column of a table, cell by cell: numbers, classes that are known, or classes still
 * to be found. Decides, where nobody said, whether a target is a number or a class.
 */
import { ExitCode, UserError } from '../errors.ts';
import { quote } from '../words.ts';
import { ClassLookup, codeClasses, MAX_CLASSES } from './classes.ts';
import type { TargetColumn } from './columns.ts';
import { FloatList } from './float-list.ts';
import { describeNotNumber, isMissing, parseNumber } from './number.ts';

/**
 * What the loss wants of a target. `auto`: text is a class; numbers are classes if they are whole,
 * at most 20 different ones, and no more than two or a tenth of the rows; else they are numbers.
 */
export type TargetMode = 'auto' | 'number' | 'class';

/** `auto` takes at most this many different whole numbers for classes. */
const MAX_AUTO_CLASSES = 20;

/** A column with less text than this share is a number column with mistakes in it. */
const LEAST_TEXT_SHARE = 0.1;

/** Where a column is, for messages: the file, and `column "age"`. */
interface TargetPlace {
  readonly source: string;
  /** What messages call the place of any row. */
  at(line: number): string;
  readonly label: string;
}

/** What became of a column: what the contract says of it, and the value of each row. */
interface TargetValues {
  readonly column:
    | { readonly kind: 'number' }
    | { readonly kind: 'class'; readonly classes: readonly string[] };
  /** Numbers, or class indices, as float32. */
  readonly values: Float32Array;
}

/** Takes the cells of one column in order. */
export interface TargetReader {
  /** What to do about the cells that did not fit, by all that were taken so far. */
  readonly remedy: string;
  /** Takes a cell that is not empty; returns "expected …; found …" where it does not fit. */
  add(cell: string, line: number): string | undefined;
  /** @throws {UserError} exit 3 where the column as a whole does not fit */
  finish(): TargetValues;
}

const CORRECT = 'correct the cells, or leave the rows out of the file';

/** What to do where texts meet a loss over numbers. */
export const FOR_CLASSES =
  'the loss wants numbers; for classes choose sparse_categorical_crossentropy, or binary_crossentropy for two';

/** The reader for the target of a new contract, if there is one target only. */
export function newTarget(mode: TargetMode, place: TargetPlace): TargetReader {
  return mode === 'number' ? new NumberTarget(FOR_CLASSES) : new OpenTarget(mode, place);
}

/** The reader for each of several targets: they are numbers. */
export function oneOfSeveral(): TargetReader {
  return new NumberTarget('several targets are numbers; classes are for one target alone');
}

/** The reader for a column whose kind and classes a contract has settled. */
export function knownTarget(column: TargetColumn): TargetReader {
  return column.kind === 'number' ? new NumberTarget() : new KnownClassTarget(column.classes);
}

class NumberTarget implements TargetReader {
  readonly #values = new FloatList();
  #texts = 0;
  readonly #ifText: string;

  /** @param ifText  the remedy for a column that is text in most rows */
  constructor(ifText = CORRECT) {
    this.#ifText = ifText;
  }

  get remedy(): string {
    return this.#texts > this.#values.length ? this.#ifText : CORRECT;
  }

  add(cell: string): string | undefined {
    const value = parseNumber(cell);
    if (value === undefined) {
      if (!isMissing(cell)) this.#texts++;
      return `expected a number; found ${describeNotNumber(cell)}`;
    }
    this.#values.push(value);
    return undefined;
  }

  finish(): TargetValues {
    return { column: { kind: 'number' }, values: this.#values.toArray() };
  }
}

class KnownClassTarget implements TargetReader {
  readonly remedy = CORRECT;
  readonly #lookup: ClassLookup;
  readonly #values = new FloatList();

  readonly #classes: readonly string[];

  constructor(classes: readonly string[]) {
    this.#classes = classes;
    this.#lookup = new ClassLookup(classes);
  }

  add(cell: string): string | undefined {
    const index = this.#lookup.find(cell);
    if (index === undefined) return this.#lookup.describeUnknown(cell);
    this.#values.push(index);
    return undefined;
  }

  finish(): TargetValues {
    const classes = this.#classes;
    return { column: { kind: 'class', classes }, values: this.#values.toArray() };
  }
}

/** Keeps each distinct text once and a code per row, until it is sure that these are numbers. */
class OpenTarget implements TargetReader {
  readonly #codes = new Map<string, number>();
  readonly #codeOfRow = new FloatList();
  readonly #distinctNumbers = new Set<number>();
  #rows = 0;
  #textRows = 0;
  #firstText: { readonly cell: string; readonly line: number } | undefined;
  #numbers: NumberTarget | undefined;
  readonly #mode: 'auto' | 'class';
  readonly #place: TargetPlace;

  constructor(mode: 'auto' | 'class', place: TargetPlace) {
    this.#mode = mode;
    this.#place = place;
  }

  get remedy(): string {
    return this.#numbers?.remedy ?? CORRECT;
  }

  add(cell: string, line: number): string | undefined {
    if (this.#numbers) return this.#numbers.add(cell);
    const value = parseNumber(cell);
    this.#rows++;
    if (value === undefined) {
      this.#textRows++;
      this.#firstText ??= { cell, line };
    }
    let code = this.#codes.get(cell);
    if (code === undefined) {
      code = this.#codes.size;
      if (code === MAX_CLASSES) throw this.#tooMany(line);
      this.#codes.set(ownText(cell), code);
      if (value !== undefined) this.#distinctNumbers.add(value);
    }
    this.#codeOfRow.push(code);
    if (
      this.#mode === 'auto' &&
      this.#textRows === 0 &&
      this.#distinctNumbers.size > MAX_AUTO_CLASSES
    ) {
      this.#numbers = this.#asNumbers();
    }
    return undefined;
  }

  finish(): TargetValues {
    if (this.#numbers) return this.#numbers.finish();
    if (this.#mode === 'auto') {
      if (this.#textRows === 0 && !this.#fewWholeNumbers()) return this.#asNumbers().finish();
      this.#checkText();
    }
    const { classes, indices } = codeClasses([...this.#codes.keys()], this.#mode === 'class');
    const different = new Set(indices).size;
    if (different < 2) throw this.#oneClass(classes[indices[0]]);
    const values = this.#codeOfRow.toArray().map((code) => indices[code]);
    return { column: { kind: 'class', classes }, values };
  }

  #fewWholeNumbers(): boolean {
    const numbers = [...this.#distinctNumbers];
    return numbers.every(Number.isInteger) && numbers.length <= Math.max(2, this.#rows / 10);
  }

  #asNumbers(): NumberTarget {
    const texts = [...this.#codes.keys()];
    const numbers = new NumberTarget();
    for (const code of this.#codeOfRow.toArray()) numbers.add(texts[code]);
    return numbers;
  }

  /** Text among numbers, and text that is another in every row, are no classes. */
  #checkText(): void {
    const { source, at, label } = this.#place;
    const text = this.#firstText;
    if (text && this.#textRows < LEAST_TEXT_SHARE * this.#rows) {
      throw new UserError(
        ExitCode.data,
        `${at(text.line)} ${label}: expected a number as in most rows; found ${quote(text.cell)}`,
        'correct the cell, or leave the row out; for classes, choose a loss for classes',
      );
    }
    if (text && this.#codes.size === this.#rows && this.#rows > MAX_AUTO_CLASSES) {
      throw new UserError(
        ExitCode.data,
        `${source} ${label}: expected numbers or classes as target; found another text in each row`,
        'name the target column: --target NAME',
      );
    }
  }

  #oneClass(name: string): UserError {
    const { source, label } = this.#place;
    return new UserError(
      ExitCode.data,
      `${source} ${label}: expected at least two classes; found only ${quote(name)}`,
      'name another target column, or give rows of other classes',
    );
  }

  #tooMany(line: number): UserError {
    const { at, label } = this.#place;
    return new UserError(
      ExitCode.data,
      `${at(line)} ${label}: expected at most ${MAX_CLASSES} classes; found more`,
      'name another target column, or choose a loss for numbers',
    );
  }
}

/** A copy of its own: a cell is a window on its block of text and would keep all of it alive. */
function ownText(cell: string): string {
  return Buffer.from(cell, 'utf8').toString('utf8');
}
