/** Objects of a spec: each knows its keys and refuses all others, naming the nearest. */
import * as v from 'valibot';
import { formatThousands, nearest, quote } from '../words.ts';
import { expected } from './values.ts';

/** Keras arguments that are left out on purpose, and why: said where somebody writes one. */
const leftOut: ReadonlyMap<string, string> = new Map([
  ['noise_shape', 'Dropout drops every number by itself here'],
  ['dtype', 'everything is computed in float32'],
  ['lora_rank', 'there is no LoRA here'],
  ['quantization_config', 'there is no quantization here'],
]);

/** Unknown keys of one object that are named; the others are counted. */
const MAX_UNKNOWN = 10;

/** Refuses whatever it is given, with this sentence about the value, or about `key` in it. */
export function refuse(sentence: string | ((input: unknown) => string), key?: string) {
  return v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const input = dataset.value;
      const message = typeof sentence === 'string' ? sentence : sentence(input);
      const record = typeof input === 'object' && input !== null ? { ...input } : {};
      if (key === undefined) addIssue({ message });
      else
        addIssue({
          message,
          path: [{ type: 'object', origin: 'value', input: record, key, value: undefined }],
        });
      return NEVER;
    }),
  );
}

/** An object with these keys and no others, for input that is known to be no array. */
export function closedObject<const E extends v.ObjectEntries>(entries: E) {
  const known = Object.keys(entries);
  return v.pipe(
    v.strictObject(entries, ({ input, received }) =>
      received === 'undefined' ? 'required; found nothing' : expected('an object')({ input }),
    ),
    // valibot stops at the first unknown key and names none: problems.ts leaves its issue out.
    v.rawCheck(({ dataset, addIssue }) => {
      const own = dataset.issues?.find(
        (issue) => issue.expected === 'never' && issue.path?.length === 1,
      );
      const item = own?.path?.[0];
      if (item?.type !== 'object') return;
      const unknown = Object.entries(item.input).filter(([key]) => !known.includes(key));
      for (const [index, [key, value]] of unknown.slice(0, MAX_UNKNOWN).entries()) {
        const path: [v.ObjectPathItem] = [{ ...item, key, value }];
        const about = aboutUnknownKey(key, known);
        const rest = index + 1 === MAX_UNKNOWN ? unknown.length - MAX_UNKNOWN : 0;
        const more = rest > 0 ? `; and ${formatThousands(rest)} more unknown keys` : '';
        addIssue({ ...about, message: about.message + more, path });
      }
    }),
  );
}

/** The same for input of any kind. */
export function objectOf<const E extends v.ObjectEntries>(entries: E) {
  return notArray(closedObject(entries), 'an object');
}

/** A schema of objects that does not take arrays for objects, as valibot does. */
export function notArray<S extends v.GenericSchema>(schema: S, phrase: string) {
  const array = refuse((input) => expected(phrase)({ input }));
  return v.lazy((input) => (Array.isArray(input) ? array : schema));
}

/** `expected` is the key that was meant, so that it is not reported as missing too. */
function aboutUnknownKey(key: string, known: readonly string[]) {
  const reason = leftOut.get(key);
  if (reason !== undefined) return { message: `not supported: ${reason}` };
  const meant = nearest(key, known);
  if (meant === undefined) {
    return { message: `unknown key; expected one of ${known.join(', ')}` };
  }
  return { message: `unknown key; did you mean ${quote(meant)}?`, expected: meant };
}
