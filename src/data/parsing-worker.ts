/**
 * What the parsing thread runs: finds the rows in bytes that another thread has put into shared memory, and
 * makes the inputs of a network of them. scripts/kernels.mjs makes a text of this file and all it imports.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { batchOf } from './batch.ts';
import { ByteRows } from './byte-rows.ts';
import { cellSyntax } from './cell-syntax.ts';
import type { ParsingOrder, ParsingPost, ParsingReply } from './parsing-thread.ts';
import { fillPlain } from './plain-csv.ts';
import { RowEncoder } from './row-encoder.ts';
import { scannerIn } from './wasm/kernel-scanner.ts';

const { form, slots, encoding } = workerData as ParsingOrder;
const syntax = cellSyntax(encoding.syntax);
const encoder = new RowEncoder(encoding.columns, encoding.indices, syntax);
const places = slots.map(({ scan, inputs }) => ({
  rows: new ByteRows(form, scannerIn(form, scan)),
  inputs: new Float32Array(inputs),
}));

/** Of the next bytes; undefined once some were not plain, until it is said anew. */
let line: number | undefined;

parentPort?.on('message', (post: ParsingPost) => parentPort?.postMessage(parse(post)));
parentPort?.postMessage('ready');

function parse({ slot, offset, length, line: said }: ParsingPost): ParsingReply {
  line = said ?? line;
  if (line === undefined) return null;
  const { rows, inputs } = places[slot];
  line = fillPlain(rows, rows.bytesAt(offset, length), line);
  if (line === undefined) return null;
  const isEncoded = encodeAll(rows, inputs);
  const substitutions = encoder.takeSubstitutions();
  return { rows: rows.rows, line, substitutions: isEncoded ? substitutions : null };
}

/** Who reads the rows will find what is wrong with one of them. */
const NOBODY = { add: () => {} };

/** Whether all rows are complete, and there is room for their inputs. */
function encodeAll(rows: ByteRows, inputs: Float32Array): boolean {
  const { width } = encoder;
  if (rows.rows * width > inputs.length) return false;
  const batch = batchOf(rows, syntax);
  for (let row = 0; row < batch.rows; row++) {
    if (encoder.encode(batch, row, inputs, row * width, NOBODY) !== 'complete') return false;
  }
  return true;
}
