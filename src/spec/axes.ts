/** Axes as Keras counts them: 1 is the first axis of a row, −1 the last; 0 would be the batch. */
import * as v from 'valibot';
import { expected } from './values.ts';

const oneMessage = expected('an axis: a whole number');
const message = expected('an axis: a whole number, or several in an array');

function wholeNumber(wrong: typeof message) {
  return v.pipe(v.number(wrong), v.integer(wrong));
}

/** One axis or several: an array comes out. */
export const axes = v.pipe(
  v.union(
    [wholeNumber(message), v.pipe(v.array(wholeNumber(message), message), v.nonEmpty(message))],
    message,
  ),
  v.transform((given): readonly number[] => (typeof given === 'number' ? [given] : given)),
);

/** One axis, which Keras 2 writes as an array: the number comes out. */
export const arrayedAxis = v.pipe(
  v.union(
    [
      wholeNumber(oneMessage),
      v.pipe(v.array(wholeNumber(oneMessage), oneMessage), v.length(1, oneMessage)),
    ],
    oneMessage,
  ),
  v.transform((given) => (typeof given === 'number' ? given : given[0])),
);
