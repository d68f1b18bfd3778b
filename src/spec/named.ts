/**
 * Tables by name: what a word such as `"relu"`, `"GlorotUniform"` or `{"name": "adam", …}` stands
 * for. A table's keys are the names, its entries the arguments with Keras's defaults; all else
 * (the words accepted, messages, types, JSON Schema) follows from the table.
 */
import * as v from 'valibot';
import { isObject } from '../is-object.ts';
import { nearest, quote } from '../words.ts';
import { closedObject, refuse } from './objects.ts';
import { expected } from './values.ts';

/** A word in the object form. The table has looked it up already; the list is for the JSON Schema. */
function word(words: readonly string[]) {
  return v.optional(v.union([v.picklist(words), v.string()]));
}

/** One entry of a table: the words for it, its arguments, and the schema of its object form. */
export interface Kind<S extends v.GenericSchema = v.GenericSchema> {
  /** The canonical name first. */
  readonly words: readonly string[];
  /** By name, each with its default. */
  readonly entries: v.ObjectEntries;
  readonly schema: S;
}

/** The schema of any entry of a table. */
export type SchemaOf<T extends Readonly<Record<string, Kind>>> = T[keyof T]['schema'];

/**
 * An entry whose `type` says what it is; what stands in `name` is one of `entries`, if anything.
 * The object comes out as `{ type, … }` with the canonical name as type.
 */
export function typedKind<const T extends string, const E extends v.ObjectEntries>(
  type: T,
  aliases: readonly string[],
  entries: E,
) {
  const words = [type, ...aliases];
  const object = closedObject({ ...entries, type: v.optional(v.picklist(words)) });
  return {
    words,
    entries,
    schema: v.pipe(
      object,
      v.transform(({ type: _, ...fields }) => ({ type, ...fields })),
    ),
  };
}

/** An entry without a name of its own: `name` is another word for `type`, and does not come out. */
export function kind<const T extends string, const E extends v.ObjectEntries>(
  type: T,
  aliases: readonly string[],
  entries: E,
) {
  const words = [type, ...aliases];
  const object = closedObject({
    ...entries,
    type: word(words),
    name: word(words),
  });
  const schema = v.pipe(
    object,
    v.transform(({ type: _, name: __, ...fields }) => ({ type, ...fields })),
  );
  return { words, entries, schema };
}

/** An entry that another room declares: the words for it besides its name, and its arguments. */
export interface Declared {
  readonly aliases: readonly string[];
  readonly arguments: v.ObjectEntries;
}

type KindsOf<T extends Readonly<Record<string, Declared>>> = {
  readonly [K in keyof T & string]: ReturnType<typeof kind<K, T[K]['arguments']>>;
};

/** The table of entries that are declared elsewhere. */
export function kindsOf<T extends Readonly<Record<string, Declared>>>(declared: T): KindsOf<T> {
  const entries = Object.entries(declared).map(([name, { aliases, arguments: own }]) => [
    name,
    kind(name, aliases, own),
  ]);
  return Object.freeze(Object.fromEntries(entries));
}

/**
 * An entry that is shown by a name: the string as typed, or `name` of the object form.
 *
 * @param shown  the name of an object that has none; Keras does not always take the type's
 */
export function calledKind<const T extends string, const E extends v.ObjectEntries>(
  type: T,
  aliases: readonly string[],
  entries: E,
  shown: string = type,
) {
  const name = v.optional(
    v.pipe(v.string(expected('a name')), v.nonEmpty(expected('a name'))),
    shown,
  );
  return typedKind(type, aliases, { ...entries, name });
}

/** How the entries of one table are written. */
interface Writing {
  /** What one entry is called in messages: `initializer`. */
  readonly what: string;
  /** False where only the object form exists. */
  readonly asText?: boolean;
  /** False where `name` in the object form is a name of its own and never another word for `type`. */
  readonly nameIsWord?: boolean;
  /** False where capital letters do not matter. */
  readonly caseMatters?: boolean;
  /** The word for an object that has none: `{"l2": 0.01}`. */
  readonly wordFor?: (keys: readonly string[]) => string | undefined;
  /** Words that stand in objects only. */
  readonly notAsText?: {
    readonly words: readonly string[];
    readonly because: string;
    /** The object to write instead. */
    readonly write: string;
  };
}

/**
 * The schema of a place where an entry of the table stands, as a word or as an object. It looks at
 * the input first and applies one entry's schema, so that a mistake gets one message and not one
 * per alternative.
 *
 * @param list  what is read where an array stands, if one may
 */
export function named<S extends v.GenericSchema>(
  table: Readonly<Record<string, Kind<S>>>,
  writing: Writing,
  list?: S,
) {
  const fold = (text: string) => (writing.caseMatters === false ? text.toLowerCase() : text);
  const byWord = new Map<string, S>();
  for (const { words, schema } of Object.values(table)) {
    for (const text of words) byWord.set(fold(text), schema);
  }
  const wrong = wrongWord(table, writing);
  // Only the JSON Schema asks for them, and they are made by trying every entry.
  let forms: ReturnType<typeof documentedForms> | undefined;
  const neither = refuse((input) => expected(describeForms(writing))({ input }));

  return v.lazy((input) => {
    if (input === undefined) {
      forms ??= documentedForms(table, writing, list !== undefined);
      return forms;
    }
    if (list && Array.isArray(input)) return list;
    if (typeof input === 'string' && writing.asText !== false) {
      if (writing.notAsText?.words.includes(input)) return notAsText(input, writing.notAsText);
      const schema = byWord.get(fold(input));
      return schema ? fromText(schema, input) : wrong(input);
    }
    if (!isObject(input)) return neither;
    const { key, found } = findWord(input, writing);
    if (found === undefined) return refuse('required; found nothing', key);
    if (typeof found !== 'string') return refuse(expected('a name')({ input: found }), key);
    return byWord.get(fold(found)) ?? wrong(found, key);
  });
}

/** `"mse"`: the entry with its defaults. */
function fromText<S extends v.GenericSchema>(
  schema: S,
  text: string,
): v.GenericSchema<string, v.InferOutput<S>> {
  return v.pipe(
    v.string(),
    v.rawTransform(({ addIssue, NEVER }) => {
      const result = v.safeParse(schema, { name: text });
      if (result.success) return result.output;
      const missing = result.issues.map((issue) => v.getDotPath(issue)).join(', ');
      addIssue({ message: `expected an object with ${missing}; found ${quote(text)}` });
      return NEVER;
    }),
  );
}

function notAsText(text: string, { because, write }: NonNullable<Writing['notAsText']>) {
  return refuse(`expected an object such as ${write}; found ${quote(text)} (${because})`);
}

/** All forms side by side: what the JSON Schema shows, and nothing is ever checked by. */
function documentedForms(
  table: Readonly<Record<string, Kind>>,
  { asText, notAsText }: Writing,
  hasList: boolean,
) {
  const entries = Object.values(table);
  const objects = entries.map(({ schema }) => schema);
  // An entry that needs an argument has no form as text.
  const needless = entries.filter(({ schema, words }) => v.is(schema, { name: words[0] }));
  const all = needless.flatMap(({ words }) => words);
  const lists = hasList ? [v.array(v.unknown())] : [];
  const words = v.picklist(all.filter((text) => !notAsText?.words.includes(text)));
  return v.pipe(
    v.union([...(asText === false ? [] : [words]), ...objects, ...lists]),
    v.transform((): never => {
      throw new Error('internal: the documented forms check nothing');
    }),
  );
}

function describeForms({ what, asText }: Writing): string {
  if (asText === false) return 'an object';
  return `${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}: a name or an object`;
}

/** Which key of an object says what it is, and what stands there. */
function findWord(input: object, writing: Writing): { key: string; found: unknown } {
  const own = new Map<string, unknown>(Object.entries(input));
  if (own.has('type')) return { key: 'type', found: own.get('type') };
  const implied = writing.wordFor?.([...own.keys()]);
  if (own.has('name') && writing.nameIsWord !== false)
    return { key: 'name', found: own.get('name') };
  return { key: 'type', found: implied };
}

/** Refuses an unknown word, naming the nearest known one. */
function wrongWord(table: Readonly<Record<string, Kind>>, { what }: Writing) {
  return (text: string, key?: string) => {
    const meant = nearest(
      text,
      Object.values(table).flatMap(({ words }) => words),
    );
    const hint = meant
      ? `did you mean ${quote(meant)}?`
      : `expected one of ${Object.keys(table).join(', ')}`;
    return refuse(`unknown ${what} ${quote(text)}; ${hint}`, key);
  };
}
