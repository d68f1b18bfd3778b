/** Shapes as specs state them: the lengths of an input row's axes, with or without the batch in front. */
import * as v from 'valibot';
import { sizeOf } from '../ndarray.ts';
import { formatThousands } from '../words.ts';
import { MAX_INPUT_SIZE, MAX_RANK, MAX_UNITS } from './limits.ts';
import { expected, whole } from './values.ts';

const phrase = 'an array of axis lengths, such as [20]';
const axisLength = whole(1, MAX_UNITS);

/** The shape of one input row, without the batch: `[20]`. */
export const shape = v.pipe(
  v.array(axisLength, expected(phrase)),
  v.minLength(1, expected(phrase)),
  v.maxLength(MAX_RANK, expected(`at most ${MAX_RANK} axes`)),
  v.check(
    (lengths) => sizeOf(lengths) <= MAX_INPUT_SIZE,
    `expected at most ${formatThousands(MAX_INPUT_SIZE)} numbers in one input row; found more`,
  ),
);

const batchPhrase = 'an array of the batch (null) and axis lengths, such as [null, 20]';

/** The same with the batch in front, as Keras's files have it: `[null, 20]`. */
export const batchShape = v.pipe(
  v.tupleWithRest([v.nullable(axisLength)], axisLength, expected(batchPhrase)),
  v.minLength(2, expected(batchPhrase)),
  v.maxLength(MAX_RANK + 1, expected(`at most ${MAX_RANK} axes after the batch`)),
  v.check(
    ([, ...lengths]) => sizeOf(lengths) <= MAX_INPUT_SIZE,
    `expected at most ${formatThousands(MAX_INPUT_SIZE)} numbers in one input row; found more`,
  ),
);

const targetPhrase = 'an array of axis lengths, such as [4, 2], of which one may be -1';
const lengthMessage = expected('a whole number, 1 or more, or -1 for what remains');
const targetLength = v.pipe(
  v.number(lengthMessage),
  v.integer(lengthMessage),
  v.check((length) => length === -1 || (length >= 1 && length <= MAX_UNITS), lengthMessage),
);

/** A shape of which one length may be left open: `[-1, 2]`. */
export const targetShape = v.pipe(
  v.array(targetLength, expected(targetPhrase)),
  v.minLength(1, expected(targetPhrase)),
  v.maxLength(MAX_RANK, expected(`at most ${MAX_RANK} axes`)),
  v.check(
    (lengths) => lengths.filter((length) => length === -1).length <= 1,
    expected('at most one -1'),
  ),
);
