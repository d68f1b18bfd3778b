/** What is to be said of the engine that `--engine` comes to. */
export { engineNotes, libraryOf } from '../engine/choose.ts';
