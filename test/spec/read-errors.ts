/** How the tests of this folder read specs and look at what is refused. */
import { UserError } from '../../src/errors.ts';
import { type ModelDocument, readSpec } from '../../src/spec/read-spec.ts';

/** What a UserError prints and ends with; anything else that is thrown goes on. */
export function refusal(action: () => unknown): { text: string; exitCode: number } {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return { text: error.format(), exitCode: error.exitCode };
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Reads a document given as a value. */
export function read(document: unknown): ModelDocument {
  return readSpec(JSON.stringify(document), 'model.json');
}

/** The problems of a document, without `mlp: model.json: ` in front and without the remedy. */
export function problemsOf(document: unknown): string[] {
  return refusal(() => read(document))
    .text.split('\n')
    .filter((line) => line.startsWith('mlp: '))
    .map((line) => line.replace(/^mlp: (model\.json: )?/, ''));
}
