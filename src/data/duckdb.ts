/**
 * DuckDB, the optional package that reads Parquet, its own databases and SQL: loaded when it is needed and
 * kept from writing and from the network. The only file that knows its interface.
 */
import { createRequire } from 'node:module';
import type * as DuckDb from '@duckdb/node-api';
import { ExitCode, UserError } from '../errors.ts';
import { shortestFloat32 } from '../float32.ts';
import { escapeControls } from '../words.ts';

const PACKAGE = '@duckdb/node-api';

/**
 * What DuckDB is opened with. One thread: rows come in the same order on every machine, also those that a
 * query does not sort. No folder for what memory cannot hold, and no extension that is not built in.
 */
const CONFIG: Readonly<Record<string, string>> = Object.freeze({
  threads: '1',
  temp_directory: '',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
});

/** Texts longer than this are cut in messages: DuckDB quotes what it could not read. */
const MAX_SAID = 200;

/** A database in memory that reads files. To be closed. */
export class Database {
  readonly #duckDb: typeof DuckDb;
  readonly #instance: DuckDb.DuckDBInstance;
  readonly #connection: DuckDb.DuckDBConnection;

  private constructor(
    duckDb: typeof DuckDb,
    instance: DuckDb.DuckDBInstance,
    connection: DuckDb.DuckDBConnection,
  ) {
    this.#duckDb = duckDb;
    this.#instance = instance;
    this.#connection = connection;
  }

  /**
   * @param purpose  what needs it, for the message: `penguins.parquet: expected …`
   * @throws {UserError} exit 2 where the package is not installed
   */
  static async open(purpose: string): Promise<Database> {
    const duckDb = load(purpose);
    const instance = await duckDb.DuckDBInstance.create(':memory:', { ...CONFIG });
    const connection = await instance.connect();
    // Times of a zone are cast in UTC wherever the program runs.
    await connection.run(`SET TimeZone = 'UTC'`);
    return new Database(duckDb, instance, connection);
  }

  /** Runs statements of our own. */
  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  /** What kind each statement of a text is: `SELECT`, `COPY`, … */
  async kindsOf(sql: string): Promise<string[]> {
    const statements = await this.#connection.extractStatements(sql).catch((error) => {
      if (saidByDuckDb(error) !== undefined) throw error;
      // Of a text without any statement the binding says nothing that can be understood.
      return null;
    });
    if (statements === null) return [];
    const kinds: string[] = [];
    for (let index = 0; index < statements.count; index++) {
      const prepared = await statements.prepare(index);
      kinds.push(this.#duckDb.StatementType[prepared.statementType]);
      prepared.destroySync();
    }
    return kinds;
  }

  /** The rows of a query as texts, block by block, after one block that holds the names of the columns. */
  async *select(sql: string): AsyncGenerator<string[][], void, undefined> {
    const result = await this.#connection.stream(sql);
    yield [result.columnNames()];
    const texts = result.columnTypes().map((type) => this.#textOf(type.typeId));
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      const rows = Array.from({ length: chunk.rowCount }, () => new Array<string>(texts.length));
      for (const [column, text] of texts.entries()) {
        const vector = chunk.getColumnVector(column);
        for (let row = 0; row < rows.length; row++) {
          const value = vector.getItem(row);
          rows[row][column] = value === null ? '' : text(value);
        }
      }
      yield rows;
    }
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  /** How a value of a type is written in a cell: numbers in the fewest digits, times as ISO 8601 has them. */
  #textOf(type: DuckDb.DuckDBTypeId): (value: DuckDb.DuckDBValue) => string {
    const { DuckDBTypeId, DuckDBTimestampTZValue, DuckDBTimestampValue } = this.#duckDb;
    const iso = (value: DuckDb.DuckDBValue) => String(value).replace(' ', 'T');
    switch (type) {
      case DuckDBTypeId.FLOAT:
        return (value) =>
          typeof value === 'number' && Number.isFinite(value)
            ? shortestFloat32(value)
            : String(value);
      case DuckDBTypeId.DOUBLE:
        return (value) => (Object.is(value, -0) ? '-0' : String(value));
      case DuckDBTypeId.TIMESTAMP:
      case DuckDBTypeId.TIMESTAMP_S:
      case DuckDBTypeId.TIMESTAMP_MS:
      case DuckDBTypeId.TIMESTAMP_NS:
        return iso;
      case DuckDBTypeId.TIMESTAMP_TZ:
        return (value) =>
          value instanceof DuckDBTimestampTZValue
            ? `${iso(new DuckDBTimestampValue(value.micros))}Z`
            : iso(value);
      default:
        return String;
    }
  }
}

function load(purpose: string): typeof DuckDb {
  try {
    return createRequire(import.meta.url)(PACKAGE);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')) {
      throw error;
    }
    throw new UserError(
      ExitCode.usage,
      `${purpose}: expected the optional package ${PACKAGE}; found none beside mlp`,
      `install it where mlp is installed: npm install ${PACKAGE} (with -g where mlp was)`,
    );
  }
}

const DETAIL = /^(Expected|Error|Value|Invalid|State)/;

/** The first line of what DuckDB says, short and safe to print; undefined for an error of other origin. */
export function saidByDuckDb(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof UserError) return undefined;
  const [line, ...more] = error.message.replace(/^Failed to extract statements: /, '').split('\n');
  if (!/^[A-Z][A-Za-z -]* Error: /.test(line)) return undefined;
  // Of a mistake in a CSV file the first line says where, a later one what.
  const detail = line.includes('CSV Error on Line')
    ? more.find((text) => DETAIL.test(text))
    : undefined;
  const said = detail === undefined ? line : `${line}: ${detail}`;
  return escapeControls(said.length > MAX_SAID ? `${said.slice(0, MAX_SAID)}…` : said);
}

/** A text as a literal of SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as SQL has it whatever is in it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
