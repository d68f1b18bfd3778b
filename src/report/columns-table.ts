/** The columns of a training table, or of a model's contract, as text; of a table also as JSON. */
import type { ColumnFacts, ColumnReport, ContractColumn, TableReport } from '../records.ts';
import { escapeControls, escapeJson, formatThousands, quote } from '../words.ts';
import { type AlignedColumn, formatAligned } from './aligned-table.ts';

const NONE = '-';
/** So many of the commonest words are shown. */
const SHOWN = 3;

const TABLE_COLUMNS: readonly AlignedColumn[] = [
  { heading: 'column', align: 'left', least: 12 },
  { heading: 'kind', align: 'left' },
  { heading: 'missing', align: 'right' },
  { heading: 'distinct', align: 'right' },
  { heading: 'range', align: 'left', least: 12 },
  { heading: 'inputs', align: 'right' },
];

/**
 * A row for each column, and below them what the table is as a whole.
 *
 * @param width  of the terminal; null where there is none
 */
export function formatColumns(report: TableReport, width: number | null): string {
  const rows = report.columns.map((column) => cellsOf(column, report.header));
  const lines = formatAligned(TABLE_COLUMNS, 'what is done', rows, width);
  return [...lines, '', lastLine(report), ''].join('\n');
}

function cellsOf(column: ColumnReport, header: boolean): readonly string[] {
  const { kind, facts, inputs, done, option } = column;
  const count = (value: number | null | undefined) =>
    value == null ? NONE : formatThousands(value);
  return [
    nameOf(column, header),
    kind ?? NONE,
    count(facts?.missing),
    count(facts?.distinct),
    facts ? rangeOf(facts) : NONE,
    count(inputs),
    escapeControls(option === null ? done : `${done} (${option})`),
  ];
}

function nameOf({ name, position }: { name: string; position: number }, header: boolean): string {
  return header && name !== '' ? escapeControls(name) : `column ${position}`;
}

/** `32.1 – 59.6`, `2007-11-11 – 2009-12-01`, `"male" 168, "female" 165`. */
function rangeOf({ range, frequent }: ColumnFacts): string {
  if (range) return range.map((end) => (typeof end === 'number' ? rounded(end) : end)).join(' – ');
  if (!frequent || frequent.length === 0) return NONE;
  const shown = frequent.slice(0, SHOWN);
  const texts = shown.map(({ value, count }) => `${quote(value)} ${formatThousands(count)}`);
  return frequent.length > SHOWN ? `${texts.join(', ')}, …` : texts.join(', ');
}

/** Whole numbers as they are, others in six digits. */
function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

function lastLine({ rows, rowsWithoutTarget, rowsIncomplete, inputs }: TableReport): string {
  const some = (count: number, what: string) =>
    `${formatThousands(count)} ${what}${count === 1 ? '' : 's'}`;
  return [
    some(rows, 'row'),
    `${formatThousands(rowsWithoutTarget)} without a target`,
    ...(rowsIncomplete > 0
      ? [`${formatThousands(rowsIncomplete)} left out for missing values`]
      : []),
    `${some(inputs, 'input')} of the network`,
  ].join(', ');
}

/**
 * The same as a JSON document with two blanks of indentation and a final line break.
 *
 * @param contract  what a model file would keep
 */
export function formatColumnsJson(report: TableReport, contract: unknown): string {
  const document = {
    rows: report.rows,
    rows_without_target: report.rowsWithoutTarget,
    rows_incomplete: report.rowsIncomplete,
    inputs: report.inputs,
    columns: report.columns.map(({ facts, ...column }) => ({
      name: column.name,
      position: column.position,
      role: column.role,
      kind: column.kind,
      missing: facts?.missing ?? null,
      distinct: facts?.distinct ?? null,
      range: facts?.range ?? null,
      frequent: facts?.frequent ?? null,
      inputs: column.inputs,
      done: column.done,
      option: column.option,
    })),
    contract,
  };
  return `${escapeJson(JSON.stringify(document, null, 2))}\n`;
}

const CONTRACT_COLUMNS: readonly AlignedColumn[] = [
  { heading: 'column', align: 'left', least: 12 },
  { heading: 'kind', align: 'left' },
  { heading: 'inputs', align: 'right' },
];

/**
 * The columns that a trained model expects.
 *
 * @param width  of the terminal; null where there is none
 */
export function formatContract(columns: readonly ContractColumn[], width: number | null): string {
  const rows = columns.map(({ name, kind, inputs, how }) => [
    escapeControls(name),
    kind,
    inputs === null ? NONE : formatThousands(inputs),
    escapeControls(how),
  ]);
  return `${formatAligned(CONTRACT_COLUMNS, 'how', rows, width).join('\n')}\n`;
}
