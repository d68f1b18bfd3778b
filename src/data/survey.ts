/**
 * A table before anybody decided what its columns are: each column keeps what it takes to decide
 * later, numbers as doubles and texts as codes, so that the table is read once.
 */
import type { Batch } from './batch.ts';
import type { CellSyntax } from './cell-syntax.ts';
import { MAX_CLASSES } from './classes.ts';
import { parseDate } from './dates.ts';
import { float64List, type NumberList, uint32List } from './number-list.ts';

/** Up to so many different texts a column keeps each by itself, be it numbers or not. */
const MAX_OPEN = MAX_CLASSES;

/** So many different numbers, and no text, are the numbers of a feature: each kept by itself takes time. */
const MANY_NUMBERS = 256;

/** With more different texts than this, a column is free text and only counted. */
export const MAX_TEXTS = 100_000;

/** A column with less text than this share is a number column with mistakes in it. */
const LEAST_TEXT_SHARE = 0.1;

/** So many cells of a kind are kept for messages. */
const MAX_NOTED = 3;

/** Cells of one kind: how many there are, and where the first of them stand. */
export interface NotedCells {
  readonly count: number;
  readonly first: readonly { readonly cell: string; readonly line: number }[];
}

/** All cells of a column, row by row. */
export type ColumnValues =
  /** A code for each row: the index of its text, and of the number that this is, NaN where it is none. */
  | {
      readonly form: 'codes';
      readonly texts: readonly string[];
      readonly numbers: readonly number[];
      readonly codes: Uint32Array;
    }
  /** NaN where a cell is missing or no number. */
  | { readonly form: 'numbers'; readonly values: Float64Array }
  /** Dates, in milliseconds since 1970; NaN where a cell is missing or no date. */
  | { readonly form: 'moments'; readonly values: Float64Array }
  /** Too many different texts to keep. */
  | { readonly form: 'free text' };

/** A column of a table that was read whole. */
export interface SurveyedColumn {
  readonly values: ColumnValues;
  readonly missing: NotedCells;
  /** Cells that are neither missing nor numbers (in a column of moments, nor dates). */
  readonly texts: NotedCells;
  readonly numbers: number;
  /** Among the texts those that no category is called: `-`, `.`, `1,5`, `0x10`. */
  readonly placeholders: number;
}

/** How many cells of a column are numbers, and how many are none though they are not missing. */
interface Counts {
  readonly numbers: number;
  readonly texts: { readonly count: number };
  readonly placeholders: number;
}

/**
 * Whether a column is one of numbers, in which all else is a mistake: texts are fewer than a tenth, or
 * a single one. Placeholders are no category and do not count.
 */
export function areNumbers({ numbers, texts, placeholders }: Counts): boolean {
  const words = texts.count - placeholders;
  if (words === 0) return numbers + placeholders > 0;
  if (numbers === 0) return false;
  return words < LEAST_TEXT_SHARE * (words + numbers) || (words === 1 && numbers > 1);
}

/** Numbers as other programs write them: `1,5`, `1,234.5`, `1_0`, `0x10`, `inf`, `1e400`. */
const STRANGE_NUMBER =
  /^[+-]?(?:\d+,\d+|\d{1,3}(?:[,.' ]\d{3})+(?:[.,]\d+)?|\d[\d_]*|0x[\da-f]+|inf(?:inity)?|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i;

/** Whether a text is no name: it has neither letter nor digit, or is a number that is written otherwise. */
function isPlaceholder(text: string): boolean {
  return !/[\p{L}\p{N}]/u.test(text) || STRANGE_NUMBER.test(text.trim());
}

class Noted implements NotedCells {
  count = 0;
  readonly first: { cell: string; line: number }[] = [];

  add(cell: string, line: number): void {
    this.count++;
    if (this.first.length < MAX_NOTED) this.first.push({ cell, line });
  }
}

type State =
  | { readonly form: 'open'; readonly codes: NumberList<Uint32Array> }
  | { readonly form: 'numbers' | 'moments'; readonly values: NumberList<Float64Array> }
  | { readonly form: 'free text' };

/** One column as its rows come. */
export class ColumnSurvey {
  #state: State = { form: 'open', codes: uint32List() };
  /** The code of each different text; by code, the number that it is, or NaN. */
  #known = new Map<string, number>();
  #values: number[] = [];
  readonly #missing = new Noted();
  #texts = new Noted();
  #placeholders = 0;
  #numbers = 0;
  readonly #index: number;
  readonly #syntax: CellSyntax;
  /** With more different numbers than this and no text among them, they are no names. */
  readonly #mostNumbers: number;

  /**
   * @param index  of the column, from 0
   * @param mayBeNames  whether numbers may turn out to be names, however many there are
   */
  constructor(index: number, syntax: CellSyntax, mayBeNames = true) {
    this.#index = index;
    this.#syntax = syntax;
    this.#mostNumbers = mayBeNames ? MAX_OPEN : MANY_NUMBERS;
  }

  /** Takes all rows of a batch. */
  add(batch: Batch): void {
    for (let row = 0; row < batch.rows; row++) {
      const state = this.#state;
      if (state.form === 'numbers') {
        this.#addNumbers(state.values, batch, row);
        return;
      }
      this.#addText(batch, row);
    }
  }

  /** Takes the rows of a batch from this one on. */
  #addNumbers(values: NumberList<Float64Array>, batch: Batch, first: number): void {
    const index = this.#index;
    for (let row = first; row < batch.rows; row++) {
      const value = batch.number(row, index);
      values.push(value);
      if (Number.isNaN(value)) this.#note(batch.text(row, index), batch.line(row));
      else this.#numbers++;
    }
  }

  #addText(batch: Batch, row: number): void {
    const state = this.#state;
    const cell = batch.text(row, this.#index);
    const line = batch.line(row);
    if (state.form === 'moments') {
      const moment = this.#syntax.isMissing(cell) ? undefined : parseDate(cell);
      state.values.push(moment ?? Number.NaN);
      if (moment === undefined) this.#note(cell, line);
      return;
    }
    if (state.form !== 'open') {
      this.#note(cell, line);
      return;
    }
    const code = this.#known.get(cell) ?? this.#newCode(batch, row, cell);
    state.codes.push(code);
    if (Number.isNaN(this.#values[code])) this.#note(cell, line);
    else this.#numbers++;
    this.#reconsider();
  }

  #newCode(batch: Batch, row: number, cell: string): number {
    const code = this.#values.push(batch.number(row, this.#index)) - 1;
    this.#known.set(ownText(cell), code);
    return code;
  }

  #note(cell: string, line: number): void {
    if (this.#syntax.isMissing(cell)) this.#missing.add(ownText(cell), line);
    else {
      this.#texts.add(ownText(cell), line);
      if (isPlaceholder(cell)) this.#placeholders++;
    }
  }

  /** With many different texts, a column of numbers or dates needs its texts no more. */
  #reconsider(): void {
    const most = this.#texts.count === 0 ? this.#mostNumbers : MAX_OPEN;
    if (this.#known.size <= most) return;
    const counts = {
      numbers: this.#numbers,
      texts: this.#texts,
      placeholders: this.#placeholders,
    };
    if (areNumbers(counts)) this.#settle('numbers', this.#values);
    else if (this.#known.size > MAX_TEXTS) this.#state = { form: 'free text' };
    // Asked once, at the first text too many.
    else if (this.#known.size === MAX_OPEN + 1 && this.#areDates()) {
      const moments = Array.from(this.#known.keys(), (text) =>
        this.#syntax.isMissing(text) ? Number.NaN : (parseDate(text) ?? Number.NaN),
      );
      this.#settle('moments', moments);
    }
  }

  #areDates(): boolean {
    const { isMissing } = this.#syntax;
    return [...this.#known.keys()].every((text) => isMissing(text) || isDate(text));
  }

  /** @param known  what each code stands for */
  #settle(form: 'numbers' | 'moments', known: readonly number[]): void {
    if (this.#state.form !== 'open') return;
    const values = float64List();
    for (const code of this.#state.codes.take()) values.push(known[code]);
    this.#known = new Map();
    this.#values = [];
    // All texts up to here are dates.
    if (form === 'moments') {
      this.#texts = new Noted();
      this.#placeholders = 0;
    }
    this.#state = { form, values };
  }

  /** All that was taken. To be called once. */
  finish(): SurveyedColumn {
    const rest = {
      missing: this.#missing,
      texts: this.#texts,
      numbers: this.#numbers,
      placeholders: this.#placeholders,
    };
    const state = this.#state;
    if (state.form === 'free text') return { ...rest, values: state };
    if (state.form === 'open') {
      const texts = [...this.#known.keys()];
      const codes = state.codes.take();
      return { ...rest, values: { form: 'codes', texts, numbers: this.#values, codes } };
    }
    return { ...rest, values: { form: state.form, values: state.values.take() } };
  }
}

function isDate(text: string): boolean {
  return parseDate(text) !== undefined;
}

/** Shorter texts are always copied by V8 when they are cut out of others. */
const SHORTEST_WINDOW = 13;

/** A copy of its own: a long cell may be a window on its block of text and would keep all of it alive. */
function ownText(cell: string): string {
  return cell.length < SHORTEST_WINDOW ? cell : Buffer.from(cell, 'utf8').toString('utf8');
}
