/**
 * Predictions as text: a table (csv, tsv, jsonl) with named columns and classes by name, or the
 * network's plain outputs (json, numpy, tensor). Tables and json are written block by block.
 */
import type { Columns } from '../data/columns.ts';
import { shortestFloat32 } from '../float32.ts';
import { type NdArray, sizeOf } from '../ndarray.ts';
import { TextBytes } from '../report/float32-bytes.ts';
import { numpyStr, tensorStr } from '../report/numpy.ts';

interface PredictionOptions {
  /** The shape of one output row. */
  readonly outputShape: readonly number[];
  /** What the model says of its targets; null where it says nothing. */
  readonly columns: Columns | null;
  /** Whether tables begin with the names of their columns. */
  readonly header: boolean;
  /** For classes: the probability of each instead of the likeliest one. */
  readonly proba: boolean;
  /** numpy only: one flat array. */
  readonly flatten: boolean;
  /** Whether outputs are logits, which the loss turned into probabilities. */
  readonly fromLogits: boolean;
}

/** Takes outputs in blocks and gives the text that each adds. */
export interface PredictionWriter {
  /** @param outputs [rows, …outputShape], which may be overwritten after the call */
  add(outputs: Float32Array, rows: number): string | Uint8Array;
  end(): string | Uint8Array;
}

/** The writers by the word after --format. */
export const predictionWriters = Object.freeze({
  csv: (options: PredictionOptions): PredictionWriter => new TableWriter(options, ','),
  tsv: (options: PredictionOptions): PredictionWriter => new TableWriter(options, '\t'),
  jsonl: (options: PredictionOptions): PredictionWriter => new LinesWriter(options),
  json: (options: PredictionOptions): PredictionWriter => new NestedWriter(options),
  numpy: (options: PredictionOptions): PredictionWriter => new WholeWriter(options, numpyStr),
  tensor: (options: PredictionOptions): PredictionWriter => new WholeWriter(options, tensorStr),
});
export type PredictionFormat = keyof typeof predictionWriters;

const LF = 10;

/** One cell of a table: a number of the network, or the name of a class. */
type Cell = number | string;

interface TableShape {
  readonly names: readonly string[];
  /** The cells of one row from its outputs. */
  readonly cells: (outputs: Float32Array) => readonly Cell[];
  /** Whether the cells are the outputs as they are. */
  readonly areOutputs: boolean;
}

/** Which columns a table of predictions has, and how a row of outputs becomes a row of it. */
function tableShape(options: PredictionOptions): TableShape {
  const { columns, outputShape, fromLogits } = options;
  const width = sizeOf(outputShape);
  const targets = columns?.targets ?? [];
  const [first] = targets;
  if (targets.length === 1 && first.kind === 'class') {
    const { name } = first;
    const classes = classNames(first.classes, width);
    if (options.proba) {
      return {
        names: classes,
        cells: (outputs) => probabilities(outputs, fromLogits),
        areOutputs: width > 1 && !fromLogits,
      };
    }
    return {
      names: [columns?.header ? name : 'y'],
      cells: (outputs) => [classes[likeliest(outputs, fromLogits)]],
      areOutputs: false,
    };
  }
  const names =
    targets.length === width && columns?.header
      ? targets.map(({ name }) => name)
      : Array.from({ length: width }, (_, i) => (width === 1 ? 'y' : `y${i + 1}`));
  return { names, cells: (outputs) => Array.from(outputs), areOutputs: true };
}

/**
 * What each output stands for. A network may have more outputs than there were classes in the training
 * rows; these are called by their index, as all are where classes are indices.
 */
function classNames(classes: readonly string[], outputs: number): readonly string[] {
  const areIndices = classes.every((name, index) => name === String(index));
  const more = Array.from({ length: Math.max(0, outputs - classes.length) }, (_, i) => {
    const index = classes.length + i;
    return areIndices ? String(index) : `class ${index}`;
  });
  return [...classes, ...more];
}

/** The index of the predicted class. Keras's rule for two classes on one unit: above one half. */
function likeliest(outputs: Float32Array, fromLogits: boolean): number {
  if (outputs.length === 1) return outputs[0] > (fromLogits ? 0 : 0.5) ? 1 : 0;
  return outputs.reduce((best, value, i) => (value > outputs[best] ? i : best), 0);
}

/** The probability of each class, as float32. */
function probabilities(outputs: Float32Array, fromLogits: boolean): readonly number[] {
  if (outputs.length === 1) {
    const second = fromLogits ? 1 / (1 + Math.exp(-outputs[0])) : outputs[0];
    return [1 - second, second].map(Math.fround);
  }
  if (!fromLogits) return Array.from(outputs);
  const largest = outputs.reduce((a, b) => Math.max(a, b));
  const powers = Array.from(outputs, (value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => Math.fround(power / sum));
}

/** CSV by RFC 4180, with line feeds. */
class TableWriter implements PredictionWriter {
  readonly #table: TableShape;
  readonly #width: number;
  #begun: boolean;
  readonly #delimiter: string;
  readonly #text = new TextBytes();

  constructor(options: PredictionOptions, delimiter: string) {
    this.#delimiter = delimiter;
    this.#table = tableShape(options);
    this.#width = sizeOf(options.outputShape);
    this.#begun = !options.header;
  }

  add(outputs: Float32Array, rows: number): Uint8Array {
    this.#head();
    if (this.#table.areOutputs) this.#addOutputs(outputs, rows);
    else {
      for (let row = 0; row < rows; row++) {
        this.#addLine(this.#table.cells(rowOf(outputs, row, this.#width)));
      }
    }
    return this.#text.take();
  }

  end(): Uint8Array {
    this.#head();
    return this.#text.take();
  }

  #head(): void {
    if (!this.#begun) this.#addLine(this.#table.names);
    this.#begun = true;
  }

  #addOutputs(outputs: Float32Array, rows: number): void {
    const between = this.#delimiter.charCodeAt(0);
    for (let row = 0, i = 0; row < rows; row++) {
      for (let column = 1; column <= this.#width; column++) {
        this.#text.float32(outputs[i++]);
        this.#text.byte(column < this.#width ? between : LF);
      }
    }
  }

  #addLine(cells: readonly Cell[]): void {
    cells.forEach((cell, column) => {
      if (column > 0) this.#text.text(this.#delimiter);
      if (typeof cell === 'number') this.#text.float32(cell);
      else this.#text.text(quoteCell(cell, this.#delimiter));
    });
    this.#text.byte(LF);
  }
}

function quoteCell(cell: string, delimiter: string): string {
  const isPlain = !/["\r\n]|^\s|\s$/.test(cell) && !cell.includes(delimiter) && cell !== '';
  return isPlain ? cell : `"${cell.replaceAll('"', '""')}"`;
}

/** One JSON object per row. */
class LinesWriter implements PredictionWriter {
  readonly #table: TableShape;
  readonly #width: number;

  constructor(options: PredictionOptions) {
    this.#table = tableShape(options);
    this.#width = sizeOf(options.outputShape);
  }

  add(outputs: Float32Array, rows: number): string {
    const keys = this.#table.names.map((name) => JSON.stringify(name));
    let text = '';
    for (let row = 0; row < rows; row++) {
      const cells = this.#table.cells(rowOf(outputs, row, this.#width));
      const fields = cells.map((cell, i) => {
        const value = typeof cell === 'number' ? shortestFloat32(cell) : JSON.stringify(cell);
        return `${keys[i]}:${value}`;
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
  readonly #options: PredictionOptions;

  constructor(options: PredictionOptions) {
    this.#options = options;
  }

  add(outputs: Float32Array, rows: number): string {
    const { outputShape } = this.#options;
    const width = sizeOf(outputShape);
    let text = '';
    for (let row = 0; row < rows; row++) {
      const separator = this.#rows++ === 0 ? '[\n' : ',\n';
      text += separator + nested(rowOf(outputs, row, width), outputShape);
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
  readonly #options: PredictionOptions;
  readonly #print: (array: NdArray) => string;

  constructor(options: PredictionOptions, print: (array: NdArray) => string) {
    this.#options = options;
    this.#print = print;
  }

  add(outputs: Float32Array, rows: number): string {
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
