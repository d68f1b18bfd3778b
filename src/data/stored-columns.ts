/** The `"columns"` section of a model file: JSON back to a checked contract. */
import { ExitCode, UserError } from '../errors.ts';
import { isObject } from '../is-object.ts';
import { describe } from '../words.ts';
import {
  allColumns,
  type Column,
  type Columns,
  type FeatureColumn,
  type MissingPolicy,
  type NumericInput,
  SCALINGS,
  type Scaling,
  type TargetColumn,
  type UnusedColumn,
} from './columns.ts';
import { DATE_PARTS } from './dates.ts';

/**
 * The contract in a model file.
 *
 * @param value  the section as `JSON.parse` gives it
 * @param source  the model file, for messages
 * @throws {UserError} exit 4 with the place of what does not fit
 */
export function readColumns(value: unknown, source: string): Columns {
  const section = new Section(source, 'columns', value);
  const features = section.list('features').map(readFeature);
  const targets = section.list('targets').map(readTarget);
  if (features.length === 0) throw section.wrong('features', 'at least one column', []);
  const columns: Columns = {
    header: section.boolean('header'),
    ...(section.has('na') ? { na: section.texts('na') } : {}),
    ...(section.has('decimal_comma') ? { decimal_comma: section.boolean('decimal_comma') } : {}),
    features,
    targets,
    ...(section.has('sample_weight')
      ? { sample_weight: readColumn(section.object('sample_weight')) }
      : {}),
    ...(section.has('unused') ? { unused: section.list('unused').map(readUnused) } : {}),
  };
  checkPositions(section, allColumns(columns));
  return columns;
}

/**
 * Holds the classes of the contract to the outputs of its network: two for one output, otherwise at
 * most one for each, as training writes them.
 *
 * @param outputs  numbers in one output row
 * @param source   the model file, for messages
 * @throws {UserError} exit 4
 */
export function checkClasses({ targets }: Columns, outputs: number, source: string): void {
  targets.forEach((target, index) => {
    if (target.kind !== 'class') return;
    const count = target.classes.length;
    if (outputs === 1 ? count === 2 : count >= 1 && count <= outputs) return;
    const expected =
      outputs === 1
        ? '2 classes, since there is 1 output'
        : `1 to ${outputs} classes, one for each output at most`;
    const where = `${source}: columns.targets[${index}].classes`;
    throw new UserError(ExitCode.model, `${where}: expected ${expected}; found ${count}`);
  });
}

function readColumn(column: Section): Column {
  return { name: column.text('name'), position: column.count('position') };
}

function readUnused(column: Section): UnusedColumn {
  return { ...readColumn(column), reason: column.text('reason') };
}

/** What the kinds of features are, by the key that says so; keys in the order in which training writes them. */
const featureReaders: Readonly<Record<FeatureColumn['kind'], (column: Section) => FeatureColumn>> =
  Object.freeze({
    number: (column) => {
      const missing = missingOf(column, NUMBER_POLICIES);
      const rest = { ...missing, ...numericInput(column, missing), ...normalizeOf(column) };
      return { ...readColumn(column), kind: 'number', ...rest };
    },
    boolean: (column) => {
      const missing = missingOf(column, NUMBER_POLICIES);
      const values = booleanWords(column);
      const rest = { ...missing, ...numericInput(column, missing) };
      return { ...readColumn(column), kind: 'boolean', values, ...rest };
    },
    category: (column) => {
      const categories = distinctTexts(column, 'categories', 'each category once');
      if (categories.length === 0) throw column.wrong('categories', 'at least one category', []);
      const missing = missingOf(column, CATEGORY_POLICIES);
      const fill = missing.missing === 'mode' ? { fill: column.word('fill', categories) } : {};
      const unknown = column.has('unknown')
        ? { unknown: column.word('unknown', ['other'] as const) }
        : {};
      return {
        ...readColumn(column),
        kind: 'category',
        categories,
        ...missing,
        ...fill,
        ...unknown,
      };
    },
    date: (column) => {
      const missing = missingOf(column, NUMBER_POLICIES);
      const parts = column.list('parts').map((part) => ({
        part: part.word('part', DATE_PARTS),
        ...numericInput(part, missing),
      }));
      if (parts.length === 0) throw column.wrong('parts', 'at least one part', []);
      const twice = parts.find(
        ({ part }, index) => parts.findIndex((p) => p.part === part) < index,
      );
      if (twice) throw column.wrong('parts', 'each part once', twice.part);
      return { ...readColumn(column), kind: 'date', ...missing, ...normalizeOf(column), parts };
    },
  });

function readFeature(column: Section): FeatureColumn {
  const kinds = ['number', 'boolean', 'category', 'date'] as const;
  return featureReaders[column.word('kind', kinds)](column);
}

/** What becomes of a missing number, word or date, and of a missing category. */
const NUMBER_POLICIES = ['mean', 'median', 'mode', 'indicator', 'drop'] as const;
const CATEGORY_POLICIES = ['category', 'mode', 'drop'] as const;

function missingOf<Policy extends MissingPolicy>(
  column: Section,
  policies: readonly Policy[],
): { readonly missing?: Policy } {
  return column.has('missing') ? { missing: column.word('missing', policies) } : {};
}

function normalizeOf(column: Section): { readonly normalize?: Scaling } {
  return column.has('normalize') ? { normalize: column.word('normalize', SCALINGS) } : {};
}

function booleanWords(column: Section): readonly [string, string] {
  const values = column.texts('values');
  const [no, yes, ...more] = values;
  if (yes === undefined || more.length > 0 || no === yes) {
    throw column.wrong('values', 'two different texts', values);
  }
  const upper = values.findIndex((word) => word !== word.toLowerCase());
  if (upper !== -1) throw column.wrong(`values[${upper}]`, 'text in lower case', values[upper]);
  return [no, yes];
}

/** A missing value that is filled needs what it is filled with. */
function numericInput(
  column: Section,
  { missing }: { missing?: MissingPolicy } = {},
): NumericInput {
  const isFilled = missing !== undefined && missing !== 'drop';
  if (column.has('scale') && column.number('scale') === 0) {
    throw column.wrong('scale', 'a number other than 0', 0);
  }
  return {
    ...(column.has('fill') || isFilled ? { fill: column.number('fill') } : {}),
    ...(column.has('shift') ? { shift: column.number('shift') } : {}),
    ...(column.has('scale') ? { scale: column.number('scale') } : {}),
  };
}

function readTarget(column: Section): TargetColumn {
  if (column.word('kind', ['number', 'class'] as const) === 'class') {
    const classes = distinctTexts(column, 'classes', 'each class once');
    return { ...readColumn(column), kind: 'class', classes };
  }
  const { fill: _, ...scaled } = numericInput(column);
  return { ...readColumn(column), kind: 'number', ...scaled };
}

function distinctTexts(column: Section, key: string, expected: string): readonly string[] {
  const texts = column.texts(key);
  if (new Set(texts).size === texts.length) return texts;
  const twice = texts.find((name, index) => texts.indexOf(name) !== index);
  throw column.wrong(key, expected, twice);
}

/** Every column has a place of its own, and together they are a table without gaps. */
function checkPositions(section: Section, columns: readonly Column[]): void {
  const positions = new Set(columns.map(({ position }) => position));
  const gap = columns.findIndex((_, index) => !positions.has(index + 1));
  if (gap !== -1) {
    throw section.wrongAt(`one column at position ${gap + 1}`, 'none');
  }
  const names = new Set<string>();
  for (const { name } of columns) {
    if (names.has(name)) throw section.wrongAt('a name of its own for each column', describe(name));
    names.add(name);
  }
}

/** An object in the file together with its place. */
class Section {
  readonly #entries: ReadonlyMap<string, unknown>;
  readonly #source: string;
  readonly #place: string;

  constructor(source: string, place: string, value: unknown) {
    this.#source = source;
    this.#place = place;
    if (!isObject(value)) {
      throw this.wrongAt('an object', describe(value));
    }
    this.#entries = new Map(Object.entries(value));
  }

  has(key: string): boolean {
    return this.#entries.get(key) !== undefined;
  }

  object(key: string): Section {
    return new Section(this.#source, `${this.#place}.${key}`, this.#entries.get(key));
  }

  list(key: string): readonly Section[] {
    const value = this.#entries.get(key);
    if (!Array.isArray(value)) throw this.wrong(key, 'an array', value);
    return value.map(
      (item: unknown, index) => new Section(this.#source, `${this.#place}.${key}[${index}]`, item),
    );
  }

  texts(key: string): readonly string[] {
    const value = this.#entries.get(key);
    if (!Array.isArray(value)) throw this.wrong(key, 'an array of text', value);
    return value.map((item: unknown, index) => {
      if (typeof item !== 'string') throw this.wrong(`${key}[${index}]`, 'text', item);
      return item;
    });
  }

  text(key: string): string {
    const value = this.#entries.get(key);
    if (typeof value !== 'string') throw this.wrong(key, 'text', value);
    return value;
  }

  /** One of the given words. */
  word<Word extends string>(key: string, words: readonly Word[]): Word {
    const value = this.#entries.get(key);
    const word = words.find((candidate) => candidate === value);
    if (word !== undefined) return word;
    const shown = words.map((each) => `"${each}"`);
    const expected =
      shown.length === 1 ? shown[0] : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
    throw this.wrong(key, expected, value);
  }

  number(key: string): number {
    const value = this.#entries.get(key);
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw this.wrong(key, 'a number', value);
    }
    return value;
  }

  boolean(key: string): boolean {
    const value = this.#entries.get(key);
    if (typeof value !== 'boolean') throw this.wrong(key, 'true or false', value);
    return value;
  }

  /** A whole number from 1. */
  count(key: string): number {
    const value = this.#entries.get(key);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
      throw this.wrong(key, 'a whole number from 1', value);
    }
    return value;
  }

  wrong(key: string, expected: string, found: unknown): UserError {
    const text = `${this.#source}: ${this.#place}.${key}: expected ${expected}; found ${describe(found)}`;
    return new UserError(ExitCode.model, text);
  }

  wrongAt(expected: string, found: string): UserError {
    const text = `${this.#source}: ${this.#place}: expected ${expected}; found ${found}`;
    return new UserError(ExitCode.model, text);
  }
}
