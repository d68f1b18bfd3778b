/** The `"columns"` section of a model file: JSON back to a checked contract. */
import { ExitCode, UserError } from '../errors.ts';
import { describe } from '../words.ts';
import type { Columns, FeatureColumn, TargetColumn } from './columns.ts';

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
  const columns: Columns = { header: section.boolean('header'), features, targets };
  checkPositions(section, [...features, ...targets]);
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

function readFeature(column: Section): FeatureColumn {
  const base = { name: column.text('name'), position: column.count('position') };
  const kind = column.text('kind');
  if (kind !== 'number') throw column.wrong('kind', '"number"', kind);
  return { ...base, kind };
}

function readTarget(column: Section): TargetColumn {
  const base = { name: column.text('name'), position: column.count('position') };
  const kind = column.text('kind');
  if (kind === 'number') return { ...base, kind };
  if (kind === 'class') {
    const classes = column.texts('classes');
    if (new Set(classes).size < classes.length) {
      const twice = classes.find((name, index) => classes.indexOf(name) !== index);
      throw column.wrong('classes', 'each class once', twice);
    }
    return { ...base, kind, classes };
  }
  throw column.wrong('kind', '"number" or "class"', kind);
}

/** Every column has a place of its own, and together they are a table without gaps. */
function checkPositions(
  section: Section,
  columns: readonly (FeatureColumn | TargetColumn)[],
): void {
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
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.wrongAt('an object', describe(value));
    }
    this.#entries = new Map(Object.entries(value));
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
