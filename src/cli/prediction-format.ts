/**
 * Predictions as text: a table (csv, tsv, jsonl), or the network's plain outputs (json, numpy, tensor).
 * Tables and json are written block by block.
 */
import type { PassedCells } from '../data/passed-columns.ts';
import { shortestFloat32 } from '../float32.ts';
import { type NdArray, sizeOf } from '../ndarray.ts';
import { TextBytes } from '../report/float32-bytes.ts';
import { numpyStr, tensorStr } from '../report/numpy.ts';
import { formatCell } from '../report/table-text.ts';
import type { Cell, PredictionTable } from './prediction-table.ts';

const LF = 10;

interface WriterOptions {
  /** The shape of one output row. */
  readonly outputShape: readonly number[];
  readonly table: PredictionTable;
  /** The names of the columns that are passed on from the input. */
  readonly passed: readonly string[];
  /** Whether tables begin with the names of their columns. */
  readonly header: boolean;
  /** Whether a row without a prediction is an empty one; else it is left out. */
  readonly keepsWrong: boolean;
  /** numpy only: one flat array. */
  readonly flatten: boolean;
}

/** Consecutive rows and what the network says of them. */
export interface PredictedRows {
  /** [rows, …outputShape], which may be overwritten after the call */
  readonly outputs: Float32Array;
  readonly rows: number;
  /** For each row 1 if there is no prediction of it; null where there are all. */
  readonly wrong: Uint8Array | null;
  /** Of the columns that are passed on; the first of the rows is `firstPassed` there. */
  readonly passed: PassedCells | null;
  readonly firstPassed: number;
}

/** Takes rows in blocks and gives the text that each adds. */
export interface PredictionWriter {
  add(rows: PredictedRows): string | Uint8Array;
  end(): string | Uint8Array;
}

/** The writers by the word after --format. */
export const predictionWriters = Object.freeze({
  csv: (options: WriterOptions): PredictionWriter => new TableWriter(options, ','),
  tsv: (options: WriterOptions): PredictionWriter => new TableWriter(options, '\t'),
  jsonl: (options: WriterOptions): PredictionWriter => new LinesWriter(options),
  json: (options: WriterOptions): PredictionWriter => new NestedWriter(options),
  numpy: (options: WriterOptions): PredictionWriter => new WholeWriter(options, numpyStr),
  tensor: (options: WriterOptions): PredictionWriter => new WholeWriter(options, tensorStr),
});
export type PredictionFormat = keyof typeof predictionWriters;

/** The formats that have columns. */
export const TABLE_FORMATS: readonly PredictionFormat[] = ['csv', 'tsv', 'jsonl'];
/** Those in which a row may be without a prediction. */
export const NULLABLE_FORMATS: readonly PredictionFormat[] = [...TABLE_FORMATS, 'json'];

/** The rows that are printed, by their index, and whether there is a prediction of each. */
function* printedRows(
  { rows, wrong }: PredictedRows,
  keepsWrong: boolean,
): Generator<readonly [row: number, isRight: boolean]> {
  for (let row = 0; row < rows; row++) {
    const isRight = wrong === null || wrong[row] === 0;
    if (isRight || keepsWrong) yield [row, isRight];
  }
}

/** CSV by RFC 4180, with line feeds. */
class TableWriter implements PredictionWriter {
  readonly #options: WriterOptions;
  readonly #width: number;
  readonly #nothing: readonly string[];
  #begun: boolean;
  readonly #delimiter: string;
  readonly #text = new TextBytes();

  constructor(options: WriterOptions, delimiter: string) {
    this.#delimiter = delimiter;
    this.#options = options;
    this.#width = sizeOf(options.outputShape);
    this.#nothing = options.table.names.map(() => '');
    this.#begun = !options.header;
  }

  add(block: PredictedRows): Uint8Array {
    const { table, passed, keepsWrong } = this.#options;
    this.#head();
    if (table.areOutputs && passed.length === 0 && block.wrong === null) this.#addOutputs(block);
    else {
      for (const [row, isRight] of printedRows(block, keepsWrong)) {
        const outputs = rowOf(block.outputs, row, this.#width);
        const cells = isRight ? table.cells(outputs) : this.#nothing;
        this.#addLine(passed.length > 0 ? [...this.#before(block, row), ...cells] : cells);
      }
    }
    return this.#text.take();
  }

  /** The cells of a row that are passed on. */
  #before({ passed, firstPassed }: PredictedRows, row: number): readonly string[] {
    return this.#options.passed.map((_, i) => passed?.text(firstPassed + row, i) ?? '');
  }

  end(): Uint8Array {
    this.#head();
    return this.#text.take();
  }

  #head(): void {
    const { passed, table } = this.#options;
    if (!this.#begun) this.#addLine([...passed, ...table.names]);
    this.#begun = true;
  }

  #addOutputs({ outputs, rows }: PredictedRows): void {
    const separators = {
      width: this.#width,
      between: this.#delimiter.charCodeAt(0),
      last: LF,
    };
    this.#text.float32Rows(outputs.subarray(0, rows * this.#width), separators);
  }

  #addLine(cells: readonly Cell[]): void {
    cells.forEach((cell, column) => {
      if (column > 0) this.#text.text(this.#delimiter);
      if (typeof cell === 'number') this.#text.float32(cell);
      else this.#text.text(formatCell(cell, this.#delimiter, cells.length === 1));
    });
    this.#text.byte(LF);
  }
}

/** One JSON object per row. */
class LinesWriter implements PredictionWriter {
  readonly #options: WriterOptions;
  readonly #passedKeys: readonly string[];
  readonly #keys: readonly string[];
  readonly #width: number;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#passedKeys = options.passed.map((name) => JSON.stringify(name));
    this.#keys = options.table.names.map((name) => JSON.stringify(name));
    this.#width = sizeOf(options.outputShape);
  }

  add(block: PredictedRows): string {
    const { keepsWrong } = this.#options;
    let text = '';
    for (const [row, isRight] of printedRows(block, keepsWrong)) {
      const values = isRight ? this.#values(block.outputs, row) : this.#keys.map(() => 'null');
      const { passed, firstPassed } = block;
      const fields = [
        ...this.#passedKeys.map((key, i) => `${key}:${passed?.json(firstPassed + row, i)}`),
        ...this.#keys.map((key, i) => `${key}:${values[i]}`),
      ];
      text += `{${fields.join(',')}}\n`;
    }
    return text;
  }

  #values(outputs: Float32Array, row: number): readonly string[] {
    const cells = this.#options.table.cells(rowOf(outputs, row, this.#width));
    return cells.map((cell) =>
      typeof cell === 'number' ? shortestFloat32(cell) : JSON.stringify(cell),
    );
  }

  end(): string {
    return '';
  }
}

/** The outputs as one nested JSON array, a row per line. */
class NestedWriter implements PredictionWriter {
  #rows = 0;
  readonly #options: WriterOptions;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  add(block: PredictedRows): string {
    const { outputShape, keepsWrong } = this.#options;
    const width = sizeOf(outputShape);
    let text = '';
    for (const [row, isRight] of printedRows(block, keepsWrong)) {
      const separator = this.#rows++ === 0 ? '[\n' : ',\n';
      const values = rowOf(block.outputs, row, width);
      text += separator + (isRight ? nested(values, outputShape) : 'null');
    }
    return text;
  }

  end(): string {
    return this.#rows === 0 ? '[]\n' : '\n]\n';
  }
}

function nested(values: Float32Array, shape: readonly number[]): string {
  if (shape.length === 0) return shortestFloat32(values[0]);
  const [length, ...rest] = shape;
  const size = sizeOf(rest);
  const parts = Array.from({ length }, (_, i) =>
    nested(values.subarray(i * size, (i + 1) * size), rest),
  );
  return `[${parts.join(',')}]`;
}

/** All outputs as one array, in the way of Python. It has to see them all before it prints any. */
class WholeWriter implements PredictionWriter {
  readonly #blocks: Float32Array[] = [];
  #rows = 0;
  readonly #options: WriterOptions;
  readonly #print: (array: NdArray) => string;

  constructor(options: WriterOptions, print: (array: NdArray) => string) {
    this.#options = options;
    this.#print = print;
  }

  add(block: PredictedRows): string {
    const width = sizeOf(this.#options.outputShape);
    if (block.wrong === null) this.#push(block.outputs.subarray(0, block.rows * width), block.rows);
    else {
      for (const [row] of printedRows(block, false)) {
        this.#push(rowOf(block.outputs, row, width), 1);
      }
    }
    return '';
  }

  #push(outputs: Float32Array, rows: number): void {
    this.#blocks.push(outputs.slice());
    this.#rows += rows;
  }

  end(): string {
    const values = new Float32Array(this.#blocks.reduce((sum, block) => sum + block.length, 0));
    let at = 0;
    for (const block of this.#blocks) {
      values.set(block, at);
      at += block.length;
    }
    const { flatten, outputShape } = this.#options;
    const shape = flatten ? [values.length] : [this.#rows, ...outputShape];
    return `${this.#print({ shape, values })}\n`;
  }
}

function rowOf(outputs: Float32Array, row: number, width: number): Float32Array {
  return outputs.subarray(row * width, (row + 1) * width);
}
