/** The options that say how the columns of a training table are read: over the spec's `data` section. */
import { Option } from '@commander-js/extra-typings';
import type { SyntaxChoice } from '../data/cell-syntax.ts';
import type { Columns } from '../data/columns.ts';
import { ONE_HOT_LIMIT } from '../data/make-feature.ts';
import type { NewColumns } from '../data/table.ts';
import type { TargetMode } from '../data/targets.ts';
import { ExitCode, UserError } from '../errors.ts';
import { MISSING_CHOICES, NORMALIZATIONS, UNKNOWN_CATEGORIES } from '../spec/compile.ts';
import type { DataSpec } from '../spec/spec.ts';
import { quote } from '../words.ts';
import { choice, list, text, type ValueParser, valueOption, wholeNumber } from './option-values.ts';

/** How columns are read, by the command line. */
export interface ColumnOptions extends SyntaxOptions {
  readonly target?: readonly string[];
  readonly features?: readonly string[];
  readonly ignore?: readonly string[];
  readonly categorical?: readonly string[];
  readonly numeric?: readonly string[];
  readonly normalize?: (typeof NORMALIZATIONS)[number];
  readonly normalizeTarget?: 'yes' | 'no';
  readonly missing?: (typeof MISSING_CHOICES)[number];
  readonly unknownCategory?: (typeof UNKNOWN_CATEGORIES)[number];
  readonly oneHotLimit?: number;
  readonly sampleWeightCol?: string;
}

/** How cells are written, by the command line. */
export interface SyntaxOptions {
  readonly na?: readonly string[];
  readonly decimalComma?: true;
}

/** Texts with commas between them, of which one may be empty. */
const texts: ValueParser<string[]> = (value) => value.split(',').map((word) => word.trim());

/** How help says that columns are named. */
export const COLUMN_NAMES =
  'by name, pattern (bill_*), position or range (2-5), commas between them';

/** For all commands that read tables. */
export function syntaxOptions() {
  return [
    valueOption(
      '--na <TEXTS>',
      'what stands for a missing value, commas between (default: empty, NA, N/A, NaN, null, None, ?)',
      texts,
    ),
    new Option('--decimal-comma', 'numbers are written 1,5'),
  ] as const;
}

export const features = valueOption(
  '--features <NAMES>',
  `columns to learn from (default: all but the others), ${COLUMN_NAMES}`,
  list,
);
export const ignore = valueOption('--ignore <NAMES>', 'columns to leave out', list);
export const categorical = valueOption('--categorical <NAMES>', 'columns of categories', list);
export const numeric = valueOption('--numeric <NAMES>', 'columns of numbers', list);
export const normalize = valueOption(
  '--normalize <HOW>',
  `bring number columns to one size: ${NORMALIZATIONS.join(', ')} (default: none; zscore where needed if the model is made from the data)`,
  choice(NORMALIZATIONS),
);
export const normalizeTarget = valueOption(
  '--normalize-target <yes|no>',
  'learn number targets as (x - mean) / deviation (default: no; where needed if the model is made from the data)',
  choice(['yes', 'no'] as const),
);
export const missing = valueOption(
  '--missing <HOW>',
  `what a missing value becomes: ${MISSING_CHOICES.join(', ')} (default: mean, and for categories one of its own)`,
  choice(MISSING_CHOICES),
);
export const unknownCategory = valueOption(
  '--unknown-category <HOW>',
  `a category that training never saw: ${UNKNOWN_CATEGORIES.join(', ')} (default: error)`,
  choice(UNKNOWN_CATEGORIES),
);
export const oneHotLimit = valueOption(
  '--one-hot-limit <N>',
  `leave out columns of more categories (default: ${ONE_HOT_LIMIT})`,
  wholeNumber(1),
);
export const sampleWeightCol = valueOption(
  '--sample-weight-col <NAME>',
  'column of what each row counts for',
  text,
);

/**
 * How a first training table is read.
 *
 * @param spec    of the model; null where it is to be made from the data
 * @param inputs  how many inputs the network has, where its spec says so
 */
export function newColumns(
  options: ColumnOptions,
  spec: DataSpec | null,
  mode: TargetMode,
  inputs?: number,
): NewColumns {
  const byDefault = spec === null ? 'auto' : 'none';
  const asked = options.normalizeTarget ?? yesOrNo(spec?.normalize_target);
  return {
    targets: options.target ?? spec?.target ?? [],
    mode,
    features: options.features ?? spec?.features ?? undefined,
    ignore: options.ignore ?? spec?.ignore ?? undefined,
    categorical: options.categorical ?? spec?.categorical ?? undefined,
    numeric: options.numeric ?? spec?.numeric ?? undefined,
    sampleWeight: options.sampleWeightCol ?? spec?.sample_weight ?? undefined,
    normalize: options.normalize ?? spec?.normalize ?? byDefault,
    targetScaling: asked === undefined ? byDefault : asked === 'yes' ? 'zscore' : 'none',
    missing: options.missing ?? spec?.missing ?? undefined,
    unknownCategory: options.unknownCategory ?? spec?.unknown_category ?? undefined,
    oneHotLimit: options.oneHotLimit ?? spec?.one_hot_limit ?? undefined,
    inputs,
  };
}

function yesOrNo(value: boolean | null | undefined): 'yes' | 'no' | undefined {
  return value == null ? undefined : value ? 'yes' : 'no';
}

/** How cells are written; undefined where neither says, so that a contract may. */
export function syntaxOf(
  { na, decimalComma }: SyntaxOptions,
  spec: DataSpec | null = null,
): SyntaxChoice | undefined {
  const chosen = {
    na: na ?? spec?.na ?? undefined,
    decimalComma: decimalComma ?? spec?.decimal_comma ?? undefined,
  };
  return chosen.na === undefined && chosen.decimalComma === undefined ? undefined : chosen;
}

/** Options that decide about columns, with their flags. */
const DECIDING: readonly (readonly [keyof ColumnOptions, string])[] = [
  ['features', '--features'],
  ['ignore', '--ignore'],
  ['categorical', '--categorical'],
  ['numeric', '--numeric'],
  ['normalize', '--normalize'],
  ['normalizeTarget', '--normalize-target'],
  ['missing', '--missing'],
  ['unknownCategory', '--unknown-category'],
  ['oneHotLimit', '--one-hot-limit'],
  ['sampleWeightCol', '--sample-weight-col'],
];

/**
 * @param isResumed  whether it is a checkpoint that has settled it
 * @throws {UserError} exit 2 for options that would decide anew what a model has settled
 */
export function checkSettled(
  options: ColumnOptions,
  contract: Columns | null,
  source: string,
  isResumed = false,
): void {
  if (contract === null) return;
  const remedy = isResumed ? WITHOUT_RESUME : WITH_SPEC;
  checkSameTarget(options.target, contract, source, remedy);
  const given = DECIDING.find(([key]) => options[key] !== undefined);
  if (given === undefined) return;
  throw new UserError(
    ExitCode.usage,
    `${given[1]}: expected none, since ${source} was trained with columns that are settled; found one`,
    remedy,
  );
}

const WITH_SPEC = 'give the spec instead of the trained model, to decide anew';
const WITHOUT_RESUME =
  'leave it out, and the run goes on as it was; to decide anew, train the spec without --resume';

/** Naming the target that the model has anyway changes nothing. */
function checkSameTarget(
  asked: readonly string[] | undefined,
  { targets }: Columns,
  source: string,
  remedy: string,
): void {
  const isSame = (name: string, i: number) =>
    name === targets[i]?.name || name === String(targets[i]?.position);
  if (asked === undefined || (asked.length === targets.length && asked.every(isSame))) return;
  throw new UserError(
    ExitCode.usage,
    `--target: expected ${targets.map(({ name }) => quote(name)).join(', ')}, which ${source} was trained for; found ${asked.map(quote).join(', ')}`,
    remedy,
  );
}

/** What a made spec says of columns: what the command line asked for, and what was found to be needed. */
export function dataSection(
  options: ColumnOptions,
  { features, targets }: Columns,
): Record<string, string | number | boolean | string[]> {
  const normalized = features.find((feature) => 'normalize' in feature && feature.normalize);
  const normalize =
    normalized && 'normalize' in normalized ? normalized.normalize : options.normalize;
  const scaled = targets.some((target) => target.kind === 'number' && target.scale !== undefined);
  const entries = {
    features: options.features,
    ignore: options.ignore,
    categorical: options.categorical,
    numeric: options.numeric,
    sample_weight: options.sampleWeightCol,
    normalize,
    normalize_target: scaled ? true : undefined,
    missing: options.missing,
    unknown_category: options.unknownCategory,
    one_hot_limit: options.oneHotLimit,
    na: options.na,
    decimal_comma: options.decimalComma,
  };
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, value]) => {
      if (value === undefined) return [];
      return [[key, Array.isArray(value) ? [...value] : (value as string | number | boolean)]];
    }),
  );
}
