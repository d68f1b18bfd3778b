/** What TypeScript and the kernels both count on: plain numbers, which either compiler takes. */

/**
 * Words of a stretch, steps of a series that are alike, for one thread: how many steps; where the thread's program
 * begins and ends; rows of a step; the first of them that the thread takes from the tables, and how many it takes.
 */
export const STRETCH_WORDS = 6;

/** Words of the memory of a series, by which it finds all else: series.ts says which. */
export const ROOM_WORDS = 12;

/** Bytes of the words that threads share. Below, where each is; what many look at has a cache line of its own. */
export const CONTROL_BYTES = 1024;
/** Counts the series that there were; a change is the sign for the next one. */
export const JOB = 0;
/** Threads that have come to the meeting, and how many meetings there were. */
export const COME = 64;
export const MEETING = 128;
/** Threads that sleep until the meeting is full. */
export const SLEEPING = 192;
/** Whether the series is over before its last step. */
export const STOP = 256;
/** Workers that are there. */
export const READY = 320;
/** Whether the workers are to end, and whether one of them has failed. */
export const QUIT = 384;
export const FAILED = 388;
/** Seconds in which nobody comes to a meeting after which it is given up. */
export const PATIENCE = 392;
/** Of a series: how many threads and steps, the tables, how many, the order of rows; who has come to it. */
export const THREADS = 448;
export const STEPS = 452;
export const TABLES = 456;
export const TABLE_COUNT = 460;
export const ORDER = 464;
export const HERE = 468;
/** Where the stretches of each thread are, a word for each. */
export const STRETCHES = 512;
