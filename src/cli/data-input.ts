/** Files, standard input or a query as a table, as JSON arrays, or as one array: by format and content. */
import { cellSyntax, type SyntaxChoice } from '../data/cell-syntax.ts';
import type { Columns } from '../data/columns.ts';
import { sniffDelimiter } from '../data/csv-text.ts';
import { type QueriedFile, readDuckDb, readParquet, readQuery } from '../data/duckdb-rows.ts';
import { Decoder, decodeWhole } from '../data/encoding.ts';
import { hasTexts, isArrayTable, isJsonTable } from '../data/json-table.ts';
import { decodeNpy } from '../data/npy.ts';
import { expandPaths } from '../data/path-pattern.ts';
import type { TableRows } from '../data/row.ts';
import { readJsonTable, readNpyTable, readRows } from '../data/rows.ts';
import { joinTables } from '../data/several-tables.ts';
import { sniffFormat } from '../data/sniff-format.ts';
import { openSource, readBytes, type Source, STANDARD_INPUT, WHOLE_JSON } from '../data/source.ts';
import { syntaxOf } from '../data/table.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { NdArray } from '../ndarray.ts';
import { type JsonValue, parseJson } from '../spec/json.ts';
import { checkFormat, formatOf, type InputFormat, type SaidFormat } from './input-format.ts';
import type { Io } from './io.ts';

/** How data are to be read. */
export interface DataInputOptions extends SaidFormat {
  readonly header?: boolean;
  /** The model that the data are for, or null for one without columns; not given for a first training. */
  readonly later?: { readonly columns: Columns | null };
  /** How cells are written; as the model says where this says nothing. */
  readonly syntax?: SyntaxChoice;
  /** Whether arrays of numbers are the inputs of a network, and not rows with targets among them. */
  readonly areInputs?: true;
  /** Whether rows that are wrong as a whole come as such; else the first one ends the reading. */
  readonly keepsWrong?: boolean;
}

/** Data as they were found. */
export type DataInput =
  | { readonly rows: TableRows }
  | { readonly json: JsonValue; readonly name: string }
  | { readonly array: NdArray; readonly name: string };

/**
 * Opens data. Several files are one table.
 *
 * @param paths  as the user names them, patterns included; none with a query alone
 * @throws {UserError} exit 6 for files that cannot be read, 2 for options that do not fit, 3 for whole
 *   files that cannot be parsed; the rows of a table throw what their reader does
 */
export async function openData(
  io: Io,
  paths: readonly string[],
  options: DataInputOptions,
): Promise<DataInput> {
  const files = await expandPaths(paths);
  if (options.query !== undefined) return { rows: await openQuery(io, files, options) };
  if (files.filter((path) => path === STANDARD_INPUT).length > 1) throw twiceStandardInput();
  const parts: Part[] = [];
  for (const path of files) {
    parts.push({ path, source: await openSource(path, io.stdin, options.maxBytes) });
  }
  if (parts.length === 1) return openPart(parts[0], options);
  const tables = parts.map((part) => ({
    name: part.source.name,
    open: async () => tableOf(await openPart(part, options)),
  }));
  const { header, later, syntax: said } = options;
  const syntax = cellSyntax(syntaxOf(later?.columns ?? null, said));
  return { rows: joinTables(tables, { header, later, syntax }) };
}

/** One file, checked but not read. */
interface Part {
  readonly path: string;
  readonly source: Source;
}

async function openPart(part: Part, options: DataInputOptions): Promise<DataInput> {
  const { format, source } = await formatAndSource(part, options);
  const { name } = source;
  checkFormat(name, format, options);
  const contract = options.later?.columns ?? null;
  switch (format) {
    case 'json': {
      const text = decodeWhole(await readBytes(source, WHOLE_JSON), name, options.encoding);
      return inJson(jsonOf(text, name), text, name, options);
    }
    case 'npy': {
      const bytes = await readBytes(source);
      return options.areInputs
        ? { array: decodeNpy(bytes, name), name }
        : { rows: readNpyTable(bytes, name) };
    }
    case 'parquet':
      return { rows: readParquet(fileOf(part.path, 'Parquet')) };
    case 'duckdb':
      return { rows: readDuckDb(fileOf(part.path, 'a DuckDB database')) };
    default:
      return { rows: readRows(source, format, { ...options, contract }) };
  }
}

async function formatAndSource(
  { source }: Part,
  options: SaidFormat,
): Promise<{ format: InputFormat; source: Source }> {
  const format = formatOf(source.name, options);
  return format === undefined ? sniffFormat(source, options.encoding) : { format, source };
}

/** @throws {UserError} exit 3, with what to do where the text is no JSON at all */
function jsonOf(text: string, name: string): JsonValue {
  const first = text.trimStart()[0];
  if (first === undefined || '[{'.includes(first)) return parseJson(text, name, ExitCode.data);
  throw new UserError(
    ExitCode.data,
    `${name}: expected JSON; found other text`,
    'if it is a table, say --input-format csv',
  );
}

/** JSON as a table where it is one: of objects, and of flat arrays unless these are inputs of numbers. */
export function inJson(
  json: JsonValue,
  text: string,
  name: string,
  { later, areInputs, keepsWrong }: DataInputOptions,
): DataInput {
  const isRows = isArrayTable(json) && (!areInputs || hasTexts(json));
  if (!isJsonTable(json) && !isRows) return { json, name };
  return { rows: readJsonTable(json, text, name, later?.columns ?? null, keepsWrong) };
}

function tableOf(input: DataInput): TableRows {
  if ('rows' in input) return input.rows;
  throw new UserError(
    ExitCode.data,
    `${input.name}: expected a table, since there are several files; found arrays`,
    'arrays are read from one file',
  );
}

/** Formats that are read from their end need a file. */
function fileOf(path: string, what: string): string {
  if (path !== STANDARD_INPUT) return path;
  throw new UserError(
    ExitCode.data,
    `standard input: expected data that are read from begin to end; found ${what}`,
    'save it as a file and name that: --data FILE',
  );
}

async function openQuery(
  io: Io,
  paths: readonly string[],
  options: DataInputOptions,
): Promise<TableRows> {
  const { query = '', encoding, comment, header } = options;
  if (encoding !== undefined || comment !== undefined) {
    throw new UserError(
      ExitCode.usage,
      `${encoding === undefined ? '--comment' : '--encoding'}: expected no --query beside it; found both`,
      `say it in the query: FROM read_csv('FILE', encoding = 'utf-16', comment = '#')`,
    );
  }
  const files: QueriedFile[] = [];
  let delimiter = options.delimiter;
  for (const path of paths) {
    const { format, start } = await lookAt(io, path, options);
    if (format === 'csv') delimiter ??= sniffDelimiter(start, true);
    files.push({ path, format });
  }
  checkAlike(files);
  return readQuery(query, files, {
    delimiter: files[0]?.format === 'tsv' ? '\t' : delimiter,
    header,
  });
}

/** The format of a file, and the begin of its text. */
async function lookAt(
  io: Io,
  path: string,
  options: SaidFormat,
): Promise<{ format: QueriedFile['format']; start: string }> {
  if (path === STANDARD_INPUT) {
    throw new UserError(
      ExitCode.usage,
      '--query: expected files; found standard input',
      `save it as a file, or name it in the query: FROM read_csv('/dev/stdin')`,
    );
  }
  const found = await formatAndSource({ path, source: await openSource(path, io.stdin) }, options);
  if (found.format === 'npy') {
    throw new UserError(ExitCode.usage, `--query: expected tables; found ${path}, an array (.npy)`);
  }
  let start = '';
  for await (const chunk of found.source.chunks) {
    start = new Decoder('windows-1252').push(chunk);
    break;
  }
  return { format: found.format, start };
}

function checkAlike(files: readonly QueriedFile[]): void {
  const [first] = files;
  const other = files.find(({ format }) => format !== first.format);
  if (other === undefined && !(files.length > 1 && first.format === 'duckdb')) return;
  throw new UserError(
    ExitCode.usage,
    `--query: expected --data files of one format, or one database; found ${first.path} and ${(other ?? files[1]).path}`,
    'name the others in the query itself',
  );
}

function twiceStandardInput(): UserError {
  return new UserError(
    ExitCode.usage,
    '--data: expected "-" once at most; found it twice',
    'standard input can only be read once',
  );
}
