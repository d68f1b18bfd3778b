/** `--class-weight`: what the rows of each class count for. */
import { UserError } from '../errors.ts';
import { readSpec } from '../spec/read-spec.ts';
import type { ClassWeight } from '../training/class-weight.ts';
import { parseOption } from './option-values.ts';

/**
 * `balanced`, or JSON of weights by class. The rules are those of a spec, so a spec it is that is read.
 *
 * @throws {UserError} exit 2 for what a spec would not take either, by the option
 */
export function classWeightOf(text: string, flag: string): ClassWeight {
  const class_weight = text === 'balanced' ? text : parseOption(text, flag);
  const document = { input_shape: [1], layers: [{ units: 1 }], fit: { class_weight } };
  try {
    return readSpec(JSON.stringify(document), flag).spec.fit.class_weight ?? {};
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const problems = error.problems.map((problem) =>
      problem.replace(`${flag}: fit.class_weight`, flag),
    );
    throw new UserError(error.exitCode, problems, error.remedy);
  }
}
