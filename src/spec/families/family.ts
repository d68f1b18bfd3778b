/**
 * What a name stands for, said once: the form of such a declaration, and how it is joined with the
 * table that declares the name. Names, aliases, arguments and defaults come from the table.
 */
import * as v from 'valibot';
import type { Family, FamilyArgument, FamilyEntry } from '../../records.ts';
import type { Kind } from '../named.ts';

/** What one entry of a table is. Prose is Markdown with code in backticks. */
export interface Description {
  /** One line. Where the language of our formulas can say it, in that language. */
  readonly formula: string;
  /** The formula where an argument is true or given, by the argument's name. */
  readonly variants?: Readonly<Record<string, string>>;
  /** What the formula does not say. */
  readonly where?: string;
  /** What is not as in Keras 3.15, each in a few words; nothing where all is the same. */
  readonly differences?: readonly string[];
}

/** A description for each name of a table: one that is missing does not compile. */
export type Descriptions<T extends object> = Readonly<Record<keyof T & string, Description>>;

/** What is said of a family as a whole. */
interface About {
  readonly name: string;
  readonly about: readonly string[];
  readonly differences: readonly string[];
  /** Arguments of nearly all entries, which are shown once. */
  readonly common?: v.ObjectEntries;
}

/** A table by name with its descriptions, as the record that is printed. */
export function familyOf<T extends Readonly<Record<string, Kind>>>(
  { common = {}, ...about }: About,
  table: T,
  descriptions: Descriptions<T>,
): Family {
  const isCommon = ([key, schema]: Entry) => Object.hasOwn(common, key) && common[key] === schema;
  const entries = Object.entries<Description>(descriptions).map(([name, description]) => {
    const { words, entries: own } = table[name];
    const shown = Object.entries(own).filter((one) => !isCommon(one) && !isOwnName(one, name));
    return entryOf(name, words.slice(1), shown.map(argumentOf), description);
  });
  const except = Object.entries(table).flatMap(([name, { entries: own }]) =>
    Object.entries(own).some(isCommon) ? [] : [name],
  );
  return {
    ...about,
    entries,
    common: { arguments: Object.entries(common).map(argumentOf), except },
  };
}

type Entry = readonly [key: string, schema: v.ObjectEntries[string]];

/** The name by which a log shows a metric, where that is the metric's own. */
function isOwnName([key, schema]: Entry, name: string): boolean {
  return key === 'name' && v.getDefault(schema) === name;
}

/** An argument as its schema has it. */
function argumentOf([name, schema]: Entry): FamilyArgument {
  const isOptional = schema.type === 'optional' || schema.type === 'nullish';
  const byDefault: unknown = isOptional ? v.getDefault(schema) : undefined;
  return {
    name,
    ...(byDefault === undefined ? {} : { default: byDefault }),
    required: !isOptional,
  };
}

/** An entry as the record that is printed. */
export function entryOf(
  name: string,
  aliases: readonly string[],
  own: readonly FamilyArgument[],
  { formula, variants = {}, where, differences = [] }: Description,
): FamilyEntry {
  return {
    name,
    aliases,
    arguments: own,
    formula,
    variants,
    ...(where === undefined ? {} : { where }),
    differences,
  };
}
