/** The engines as a command line names them. */
export { ENGINE_NAMES, type EngineName } from '../engine/names.ts';
