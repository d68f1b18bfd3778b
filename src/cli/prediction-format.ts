/**
 * Predictions as text: a table (csv, tsv, jsonl), or the network's plain outputs (json, numpy, tensor).
 * Tables and json are written block by block.
 */
import { shortestFloat32 } from '../float32.ts';
import { type NdArray, sizeOf } from '../ndarray.ts';
import { numpyStr, tensorStr } from '../report/numpy.ts';
import { formatRow } from '../report/table-text.ts';
import type { PredictionTable } from './prediction-table.ts';

interface WriterOptions {
  /** The shape of one output row. */
  readonly outputShape: readonly number[];
  readonly table: PredictionTable;
  /** Whether tables begin with the names of their columns. */
  readonly header: boolean;
  /** numpy only: one flat array. */
  readonly flatten: boolean;
}

/** Consecutive rows and what the network says of them. */
export interface PredictedRows {
  /** [rows, …outputShape], which may be overwritten after the call */
  readonly outputs: Float32Array;
  readonly rows: number;
}

/** Takes rows in blocks and gives the text that each adds. */
export interface PredictionWriter {
  add(rows: PredictedRows): string;
  end(): string;
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

/** CSV by RFC 4180, with line feeds. */
class TableWriter implements PredictionWriter {
  readonly #table: PredictionTable;
  readonly #width: number;
  #begun: boolean;
  readonly #delimiter: string;

  constructor({ table, outputShape, header }: WriterOptions, delimiter: string) {
    this.#delimiter = delimiter;
    this.#table = table;
    this.#width = sizeOf(outputShape);
    this.#begun = !header;
  }

  add({ outputs, rows }: PredictedRows): string {
    let text = this.#head();
    for (let row = 0; row < rows; row++) {
      const cells = this.#table.cells(rowOf(outputs, row, this.#width));
      text += this.#line(
        cells.map((cell) => (typeof cell === 'number' ? shortestFloat32(cell) : cell)),
      );
    }
    return text;
  }

  end(): string {
    return this.#head();
  }

  #head(): string {
    if (this.#begun) return '';
    this.#begun = true;
    return this.#line(this.#table.names);
  }

  #line(cells: readonly string[]): string {
    return `${formatRow(cells, this.#delimiter)}\n`;
  }
}

/** One JSON object per row. */
class LinesWriter implements PredictionWriter {
  readonly #table: PredictionTable;
  readonly #keys: readonly string[];
  readonly #width: number;

  constructor({ table, outputShape }: WriterOptions) {
    this.#table = table;
    this.#keys = table.names.map((name) => JSON.stringify(name));
    this.#width = sizeOf(outputShape);
  }

  add({ outputs, rows }: PredictedRows): string {
    let text = '';
    for (let row = 0; row < rows; row++) {
      const cells = this.#table.cells(rowOf(outputs, row, this.#width));
      const fields = cells.map((cell, i) => {
        const value = typeof cell === 'number' ? shortestFloat32(cell) : JSON.stringify(cell);
        return `${this.#keys[i]}:${value}`;
      });
      text += `{${fields.join(',')}}\n`;
    }
    return text;
  }

  end(): string {
    return '';
  }
}

/** The outputs as one nested JSON array, a row per line. */
class NestedWriter implements PredictionWriter {
  #rows = 0;
  readonly #shape: readonly number[];

  constructor({ outputShape }: WriterOptions) {
    this.#shape = outputShape;
  }

  add({ outputs, rows }: PredictedRows): string {
    const width = sizeOf(this.#shape);
    let text = '';
    for (let row = 0; row < rows; row++) {
      const separator = this.#rows++ === 0 ? '[\n' : ',\n';
      text += separator + nested(rowOf(outputs, row, width), this.#shape);
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

  add({ outputs, rows }: PredictedRows): string {
    this.#blocks.push(outputs.slice());
    this.#rows += rows;
    return '';
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
