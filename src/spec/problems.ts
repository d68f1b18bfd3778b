/** Collects all that is wrong with a document, and says each thing once, in its place. */
import * as v from 'valibot';
import { type ExitCode, UserError } from '../errors.ts';
import type { JsonValue } from './json.ts';
import { formatPath, type Path } from './path.ts';
import { type DocumentFields, documentSchema } from './schema.ts';
import { expected } from './values.ts';

/** The problems of one document, at most one for each place in it. */
export class Problems {
  readonly #found = new Map<string, { message: string; remedy?: string }>();

  readonly #source: string;
  /** Where a place of the checked document stands in the user's own. */
  readonly #locate: (path: Path) => Path;

  constructor(source: string, locate: (path: Path) => Path) {
    this.#source = source;
    this.#locate = locate;
  }

  get count(): number {
    return this.#found.size;
  }

  /** A place as the user's own document has it. */
  place(path: Path): string {
    return formatPath(this.#locate(path));
  }

  /** Notes what is wrong at a place; what was noted there before stays. */
  add(path: Path, message: string, remedy?: string): void {
    const place = this.place(path);
    if (!this.#found.has(place)) this.#found.set(place, { message, remedy });
  }

  /** @throws UserError  with every problem, if there is any, and the first remedy */
  throwIfAny(exitCode: ExitCode): void {
    if (this.count === 0) return;
    const lines = [...this.#found].map(([place, { message }]) =>
      place === '' ? `${this.#source}: ${message}` : `${this.#source}: ${place}: ${message}`,
    );
    const remedy = [...this.#found.values()].find((problem) => problem.remedy)?.remedy;
    throw new UserError(exitCode, lines, remedy);
  }
}

/** Holds a document against the schema; undefined where there are problems, which are added. */
export function checkDocument(document: JsonValue, problems: Problems): DocumentFields | undefined {
  const result = v.safeParse(documentSchema, document, { message: fallback });
  if (result.success) return result.output;
  const meant = new Set(result.issues.map(meantPlace));
  for (const issue of result.issues) {
    // An unknown key is reported by objects.ts, with its nearest; a key that was meant is not missing.
    if (issue.expected === 'never') continue;
    if (issue.received === 'undefined' && meant.has(formatPath(pathOf(issue)))) continue;
    problems.add(pathOf(issue), issue.message);
  }
  return undefined;
}

/** What the values' own schemas leave to say. */
function fallback(issue: v.BaseIssue<unknown>): string {
  const phrase = issue.expected?.replaceAll('|', 'or').replace(/[()]/g, '') ?? 'another value';
  return expected(phrase)(issue);
}

/** The place of the key that an unknown key was meant to be. */
function meantPlace(issue: v.BaseIssue<unknown>): string {
  if (issue.type !== 'raw_check' || issue.expected === null) return '';
  return formatPath([...pathOf(issue).slice(0, -1), issue.expected]);
}

function pathOf(issue: v.BaseIssue<unknown>): Path {
  return (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
}
