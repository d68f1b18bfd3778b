/** Places inside a document, as messages print them: `layers[1].units`. */
import { quote } from '../words.ts';

/** Keys and indexes from the top of a document down to one value. */
export type Path = readonly (string | number)[];

/** Others are put in quotes, which cut what is long. */
const PLAIN_KEY = /^[A-Za-z_$][\w$]{0,59}$/;

/** `layers[1].units`, `weights["my layer"].bias`; the top of the document is the empty text. */
export function formatPath(path: Path): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (!PLAIN_KEY.test(key)) text += `[${quote(key)}]`;
    else text += text === '' ? key : `.${key}`;
  }
  return text;
}
