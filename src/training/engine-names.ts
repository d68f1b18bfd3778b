/** How things are computed, as a command line says it. */
export { type Computing, ENGINE_NAMES, type EngineName, MAX_THREADS } from '../engine/names.ts';
