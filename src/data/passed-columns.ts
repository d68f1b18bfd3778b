/** Columns of the input that are printed beside the predictions, cell for cell as they stand there. */
import type { Batch } from './batch.ts';
import { selectColumns } from './choose-columns.ts';
import type { Heading } from './heading.ts';
import { elementTexts, memberTexts } from './json-keys.ts';

/** Which columns: names, patterns and positions after `flag`, or all. */
export type PassWish = { readonly flag: string; readonly words: readonly string[] | 'all' };

/** Cells of a block of rows. */
export interface PassedCells {
  /** As a table has it; of a JSON text without its quotes, of null nothing. */
  text(row: number, column: number): string;
  /** As JSON has it; a cell of a table is a text, or in a column of numbers a number as it is written. */
  json(row: number, column: number): string;
}

export class PassedColumns {
  /** In the order of the wish. */
  readonly names: readonly string[];
  readonly #indices: readonly number[];
  readonly #heading: Heading;
  readonly #numbers: ReadonlySet<number>;

  /**
   * @param numbers  the columns that the model takes for numbers, from 0
   * @throws {UserError} exit 3 for a name that no column has
   */
  constructor(heading: Heading, { flag, words }: PassWish, numbers: ReadonlySet<number>) {
    const { names } = heading;
    this.#heading = heading;
    this.#numbers = numbers;
    this.#indices =
      words === 'all' ? names.map((_, index) => index) : [...selectColumns(heading, words, flag)];
    this.names = this.#indices.map((index) => names[index]);
  }

  /** The cells of a batch from a row on; it must still be there when they are asked for. */
  cellsOf(batch: Batch, first: number): PassedCells {
    const { header } = this.#heading;
    let known: { readonly row: number; readonly texts: readonly string[] } | undefined;
    const jsonOf = (row: number): readonly string[] | undefined => {
      if (known?.row === row) return known.texts;
      const text = batch.json?.(row);
      if (text === undefined) return undefined;
      known = { row, texts: header ? this.#ofObject(text) : this.#ofArray(text) };
      return known.texts;
    };
    return {
      text: (row, column) => {
        const json = jsonOf(first + row)?.[column];
        return json === undefined ? batch.text(first + row, this.#indices[column]) : textOf(json);
      },
      json: (row, column) =>
        jsonOf(first + row)?.[column] ??
        this.#jsonOfCell(batch, first + row, this.#indices[column]),
    };
  }

  #jsonOfCell(batch: Batch, row: number, index: number): string {
    const text = batch.text(row, index);
    return this.#numbers.has(index) && JSON_NUMBER.test(text) ? text : JSON.stringify(text);
  }

  #ofObject(text: string): readonly string[] {
    const members = memberTexts(text);
    return this.names.map((name) => withoutBlanks(members.get(name) ?? 'null'));
  }

  #ofArray(text: string): readonly string[] {
    const elements = elementTexts(text);
    return this.#indices.map((index) => withoutBlanks(elements[index]));
  }
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function textOf(json: string): string {
  if (json === 'null') return '';
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}

/** The same JSON on one line. */
function withoutBlanks(json: string): string {
  const isNested = json.startsWith('{') || json.startsWith('[');
  return isNested ? json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1') : json;
}
