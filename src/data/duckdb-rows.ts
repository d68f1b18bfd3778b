/** Parquet files, DuckDB's databases and queries as rows of tables. */
import { open } from 'node:fs/promises';
import { ExitCode, UserError } from '../errors.ts';
import { escapeControls, quote } from '../words.ts';
import { readCsv } from './csv.ts';
import { Database, identifier, literal, saidByDuckDb } from './duckdb.ts';
import { noNotes, type Places, type TableRow, type TableRows } from './row.ts';
import { openSource } from './source.ts';

/** What a query calls the data that it is about. */
const VIEW = 'data';

/** A file that a query may speak of. */
export interface QueriedFile {
  readonly path: string;
  readonly format: 'csv' | 'tsv' | 'jsonl' | 'json' | 'parquet' | 'duckdb';
}

export interface QueryOptions {
  /** Between the cells of CSV files. */
  readonly delimiter?: string;
  /** Whether CSV files have a header. */
  readonly header?: boolean;
}

/** The rows of a Parquet file, by the names of its columns. */
export function readParquet(path: string): TableRows {
  const name = escapeControls(path);
  return tableRows({
    name,
    check: () => checkParquet(path, name),
    read: async (database) => database.select(`SELECT * FROM read_parquet(${literal(path)})`),
    failure: (said) => {
      const problem = `${name}: expected a whole Parquet file; found one that cannot be read (${said})`;
      return new UserError(ExitCode.data, problem);
    },
  });
}

/** The rows of the one table that a DuckDB database has. */
export function readDuckDb(path: string): TableRows {
  const name = escapeControls(path);
  const read = async (database: Database) => {
    await attach(database, path);
    const tables = await tableNames(database);
    if (tables.length === 1) return database.select(`SELECT * FROM ${identifier(tables[0])}`);
    const found = tables.length === 0 ? 'none' : tables.slice(0, 6).map(quote).join(', ');
    throw new UserError(
      ExitCode.data,
      `${name}: expected one table in this database; found ${found}`,
      tables.length === 0
        ? undefined
        : `say which: --query "SELECT * FROM ${tables[0]}" beside --data`,
    );
  };
  return tableRows({
    name,
    check: () => checkDuckDb(path, name),
    read,
    failure: (said) => unreadable(name, said),
  });
}

/**
 * The rows of a query. Files are one view named `data`; a database's own tables go by their names, too.
 *
 * @throws {UserError} from the batches: exit 2 for what DuckDB says of the query, or one that is no SELECT;
 *   exit 6 for files that it names and that are not there
 */
export function readQuery(
  sql: string,
  files: readonly QueriedFile[],
  options: QueryOptions,
): TableRows {
  const read = async (database: Database) => {
    await makeView(database, files, options);
    await database.run('SET lock_configuration = true');
    const kinds = await database.kindsOf(sql);
    if (kinds.length === 1 && kinds[0] === 'SELECT') return database.select(sql);
    throw new UserError(
      ExitCode.usage,
      `--query: expected one SELECT; found ${kinds.length === 0 ? 'none' : kinds.join(', ')}`,
      'a query reads and changes nothing',
    );
  };
  return tableRows({
    name: '--query',
    check: async () => {
      for (const { path, format } of files) await checks[format]?.(path, escapeControls(path));
    },
    read,
    failure: async (said) => {
      const mistake = /sniffing|CSV Error/.test(said)
        ? await mistakeInCsv(files, options)
        : undefined;
      if (mistake) return mistake;
      const code = said.startsWith('IO Error') ? ExitCode.io : ExitCode.usage;
      const problem = `--query: expected a query that DuckDB can run; found ${said}`;
      return new UserError(code, problem, remedyFor(said, files));
    },
  });
}

/** The first mistake in CSV files by our own reader, which says better where and what it is. */
async function mistakeInCsv(
  files: readonly QueriedFile[],
  { delimiter }: QueryOptions,
): Promise<UserError | undefined> {
  for (const { path, format } of files) {
    if (format !== 'csv' && format !== 'tsv') continue;
    try {
      const rows = readCsv(await openSource(path, NOTHING), { delimiter });
      while (!(await rows.next()).done);
    } catch (error) {
      if (error instanceof UserError) return error;
      throw error;
    }
  }
  return undefined;
}

/** A standard input that no path here means. */
const NOTHING: AsyncIterable<Uint8Array> = (async function* () {})();

function remedyFor(said: string, files: readonly QueriedFile[]): string | undefined {
  if (!/Table with name "?data"? does not exist/.test(said) || files.length > 0) return undefined;
  return `name the files with --data FILE, or in the query: FROM 'file.csv'`;
}

/** How one table is read. */
interface Reading {
  readonly name: string;
  /** Looks at the files themselves, which needs no package. */
  check(): Promise<void>;
  /** Asks for the blocks: first the names, then rows. */
  read(database: Database): Promise<AsyncGenerator<string[][], void, undefined>>;
  /** The error for what DuckDB says. */
  failure(said: string): UserError | Promise<UserError>;
}

function tableRows(reading: Reading): TableRows {
  return {
    places: rowsOf(reading.name),
    batches: batchesOf(reading),
    isTyped: true,
    notes: noNotes,
  };
}

async function* batchesOf(reading: Reading): AsyncGenerator<readonly TableRow[], void, undefined> {
  await reading.check();
  const database = await Database.open(reading.name);
  try {
    // The names of the columns are row 0.
    let line = 0;
    for await (const block of await reading.read(database)) {
      const isHeader = line === 0 ? ({ isHeader: true } as const) : {};
      yield block.map((cells) => ({ cells, line: line++, ...isHeader }));
    }
  } catch (error) {
    const said = saidByDuckDb(error);
    throw said === undefined ? error : await reading.failure(said);
  } finally {
    database.close();
  }
}

/** Rows of no text have numbers; the names of the columns stand at none. */
function rowsOf(name: string): Places {
  const within = (row: number) => (row === 0 ? 'the names of the columns' : `row ${row}`);
  return { name, at: (row) => (row === 0 ? name : `${name}: row ${row}`), within };
}

const PARQUET = 'PAR1';

/** @throws {UserError} exit 3 for a file that does not begin and end as Parquet does */
async function checkParquet(path: string, name: string): Promise<void> {
  const { start, end } = await edges(path, PARQUET.length);
  const isParquet = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1') === PARQUET;
  if (start[0] === 0x1f && start[1] === 0x8b) {
    throw new UserError(
      ExitCode.data,
      `${name}: expected a Parquet file; found packed data`,
      'Parquet is read from its end: unpack it first, with gunzip',
    );
  }
  if (!isParquet(start)) {
    throw new UserError(
      ExitCode.data,
      `${name}: expected a Parquet file; found other data`,
      'if it is a CSV table, say --input-format csv',
    );
  }
  if (isParquet(end)) return;
  throw new UserError(
    ExitCode.data,
    `${name}: expected a whole Parquet file; found one that ends early`,
    'it seems to be cut off: copy it again',
  );
}

/** The first and the last bytes of a file. */
async function edges(
  path: string,
  length: number,
): Promise<{ start: Uint8Array; end: Uint8Array }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const at = async (position: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    return { start: await at(0), end: await at(Math.max(length, size - length)) };
  } finally {
    await file.close();
  }
}

/** @throws {UserError} exit 3 for a file that does not begin as a DuckDB database does */
async function checkDuckDb(path: string, name: string): Promise<void> {
  const start = Buffer.from((await edges(path, 16)).start).toString('latin1');
  if (start.slice(8, 12) === 'DUCK') return;
  const isSqlite = start.startsWith('SQLite format 3');
  throw new UserError(
    ExitCode.data,
    `${name}: expected a DuckDB database; found ${isSqlite ? 'an SQLite database' : 'other data'}`,
    isSqlite
      ? "take the table out of it: sqlite3 -csv -header FILE 'SELECT * FROM t' | mlp … --data -"
      : 'if it is a CSV table, say --input-format csv',
  );
}

/** By the formats that have a form of their own. */
const checks: Readonly<Record<string, (path: string, name: string) => Promise<void>>> =
  Object.freeze({ parquet: checkParquet, duckdb: checkDuckDb });

/** Makes a database's tables known, to be read alone. */
async function attach(database: Database, path: string): Promise<void> {
  await database.run(`ATTACH ${literal(path)} AS attached (READ_ONLY); USE attached`);
}

function unreadable(name: string, said: string): UserError {
  const problem = `${name}: expected a DuckDB database; found one that cannot be read (${said})`;
  return new UserError(ExitCode.data, problem);
}

/** The tables and views of the attached database. */
async function tableNames(database: Database): Promise<string[]> {
  const sql = `SELECT table_name FROM information_schema.tables WHERE table_catalog = 'attached' ORDER BY table_name`;
  const names: string[] = [];
  for await (const block of database.select(sql)) names.push(...block.map(([name]) => name));
  return names.slice(1);
}

/** The view `data`, where there are files. */
async function makeView(
  database: Database,
  files: readonly QueriedFile[],
  options: QueryOptions,
): Promise<void> {
  const [first] = files;
  if (first === undefined) return;
  if (first.format !== 'duckdb') {
    const from = scanOf(files, options);
    return database.run(`CREATE VIEW ${VIEW} AS SELECT * FROM ${from}`);
  }
  await attach(database, first.path);
  const tables = await tableNames(database);
  if (tables.length !== 1 || tables[0] === VIEW) return;
  const view = `memory.main.${VIEW}`;
  await database.run(`CREATE VIEW ${view} AS SELECT * FROM attached.${identifier(tables[0])}`);
  await database.run(`SET search_path = 'attached.main,memory.main'`);
}

/** The table function that reads these files. */
function scanOf(files: readonly QueriedFile[], { delimiter, header }: QueryOptions): string {
  const list = `[${files.map(({ path }) => literal(path)).join(', ')}]`;
  switch (files[0].format) {
    case 'parquet':
      return `read_parquet(${list}, union_by_name = true)`;
    case 'json':
    case 'jsonl':
      return `read_json(${list}, union_by_name = true)`;
    default: {
      const says = header === undefined ? '' : `, header = ${header}`;
      // The whole file decides on the types, so that no later row is at odds with them.
      const rest = `quote = '"', escape = '"', sample_size = -1, union_by_name = true${says}`;
      return `read_csv(${list}, delim = ${literal(delimiter ?? ',')}, ${rest})`;
    }
  }
}
