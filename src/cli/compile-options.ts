/** `--optimizer`, `--learning-rate`, `--clip-norm`, `--loss`, `--metrics`: what the command line says over a spec's `compile`. */
import { ExitCode, UserError } from '../errors.ts';
import type { JsonValue } from '../spec/json.ts';
import type { OptimizerSpec } from '../spec/optimizers.ts';
import { readSpec } from '../spec/read-spec.ts';
import type { CompileSpec } from '../spec/spec.ts';
import { parseOption } from './option-values.ts';

export interface CompileOptions {
  readonly optimizer?: string;
  readonly learningRate?: number;
  readonly clipNorm?: number;
  readonly loss?: string;
  readonly metrics?: readonly string[];
}

/**
 * The compile arguments with the options put over them.
 *
 * @throws {UserError} exit 2 for a name or JSON that a spec would not take either, by the option; and where
 *   gradients are to be clipped that lbfgs computes
 */
export function overrideCompile(compile: CompileSpec, options: CompileOptions): CompileSpec {
  const { optimizer, learningRate, clipNorm, loss, metrics } = options;
  const given: CompileSpec = {
    optimizer:
      optimizer === undefined ? compile.optimizer : checked('optimizer', optimizer).optimizer,
    loss: loss === undefined ? compile.loss : checked('loss', loss).loss,
    metrics: metrics === undefined ? compile.metrics : compileOf('metrics', [...metrics]).metrics,
    weighted_metrics: compile.weighted_metrics,
  };
  if (learningRate === undefined && clipNorm === undefined) return given;
  const moved = given.optimizer ?? compileOf('optimizer', 'adam').optimizer;
  if (!moved) throw new Error('internal: adam is an optimizer');
  const rated = learningRate === undefined ? moved : { ...moved, learning_rate: learningRate };
  return { ...given, optimizer: clipNorm === undefined ? rated : clipped(rated, clipNorm) };
}

/** An optimizer that clips gradients in this way and no other. */
function clipped(optimizer: OptimizerSpec, clipnorm: number): OptimizerSpec {
  if (optimizer.type === 'lbfgs') {
    throw new UserError(
      ExitCode.usage,
      '--clip-norm: expected an optimizer that goes from batch to batch; found lbfgs',
      'a clipped gradient would mislead its line search: leave the option out',
    );
  }
  const { clipvalue: _value, global_clipnorm: _norm, ...rest } = optimizer;
  return { ...rest, clipnorm };
}

/** A word, or JSON of the object form. */
function checked(key: 'optimizer' | 'loss', text: string): CompileSpec {
  return compileOf(key, text.trimStart().startsWith('{') ? parseOption(text, `--${key}`) : text);
}

/** The rules for a word are those of a spec, so a spec it is that is read. */
export function compileOf(key: 'optimizer' | 'loss' | 'metrics', value: JsonValue): CompileSpec {
  const flag = `--${key}`;
  const document = { input_shape: [1], layers: [{ units: 1 }], compile: { [key]: value } };
  try {
    return readSpec(JSON.stringify(document), flag).spec.compile;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const place = `${flag}: compile.${key}`;
    const problems = error.problems.map((problem) =>
      problem.startsWith(place) ? flag + problem.slice(place.length) : problem,
    );
    throw new UserError(error.exitCode, problems, error.remedy);
  }
}
