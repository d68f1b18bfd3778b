/** What is to be said of the engine that `--engine` comes to. */
export { engineNotes } from '../engine/choose.ts';
