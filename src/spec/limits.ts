/** How much a spec may ask for. Whatever is declared is held against these before anything is allocated. */

/** Units of one layer, lengths of one axis: up to here float32 tells neighbouring whole numbers apart. */
export const MAX_UNITS = 2 ** 24;

/** Layers of one model. The deepest networks in use have about a thousand; the summary of more is unreadable. */
export const MAX_LAYERS = 10_000;

/**
 * Numbers in all weights together. Training with Adam plans seven float32 numbers for each (weight,
 * gradient, two slots, three of intermediate results), the most demanding settings thirteen: 3.5 and
 * 6.5 GiB at this limit.
 */
export const MAX_PARAMETERS = 2 ** 27;

/**
 * Numbers in the weights of a model file: a text has at most 2²⁹ characters, and a number takes up to 16 with
 * what stands around it.
 */
export const MAX_SAVED = 2 ** 25;

/**
 * Numbers in the memory of one plan: 8 GiB. The most demanding settings fit in with all the parameters
 * that a model may have, and each place is a whole number of 31 bits, with which loops are fast.
 */
export const MAX_ARENA = 2 ** 31;

/** Numbers in one input row: as many as a model may have parameters, so that one row fits beside them. */
export const MAX_INPUT_SIZE = MAX_PARAMETERS;

/** Characters of the name of a layer or a model: tables have cells for them. */
export const MAX_NAME = 1000;

/** Axes of an input row. NumPy's arrays have no more. */
export const MAX_RANK = 64;

/** The largest float32. Numbers of a spec enter the computation as float32. */
export const MAX_FLOAT32 = 3.4028234663852886e38;

/** Thresholds of one metric: each is counted for every output of every row. */
export const MAX_THRESHOLDS = 10_000;
