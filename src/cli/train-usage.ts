/** Options of `train` that do not go together. */
import { ExitCode, UserError } from '../errors.ts';

interface Sources {
  readonly data: readonly string[];
  readonly validationData?: readonly string[];
  readonly layers?: readonly number[];
  readonly resume?: string;
  readonly resumeAnyway?: true;
}

/** @throws {UserError} exit 2: standard input for two things, `--layers` with a model */
export function checkSources(model: string | undefined, options: Sources): void {
  const { data, validationData = [], layers, resume, resumeAnyway } = options;
  if (resumeAnyway && resume === undefined) {
    throw new UserError(
      ExitCode.usage,
      '--resume-anyway: expected --resume FILE beside it; found none',
    );
  }
  if ([model, resume, ...data, ...validationData].filter((path) => path === '-').length > 1) {
    throw new UserError(
      ExitCode.usage,
      'train: expected one "-" at most among MODEL, --resume, --data and --validation-data; found more',
      'standard input can only be read once',
    );
  }
  const given = model ?? resume;
  if (layers !== undefined && given !== undefined) {
    throw new UserError(
      ExitCode.usage,
      `--layers: expected no model beside it; found ${given}`,
      'the layers of a model are in its file',
    );
  }
}
