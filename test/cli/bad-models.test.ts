/** The malformed and hostile model files of fixtures/bad-models, given to the commands that read models. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import models from '../../fixtures/bad-models/cases.json' with { type: 'json' };
import { Folder } from './run.ts';

const badModels = resolve(import.meta.dirname, '../../fixtures/bad-models');

/** A whole run, starting the program included, on a slow and busy machine. The slowest takes a tenth. */
const MOST_MILLISECONDS = 5000;

const REMEDY =
  'weights belong to the layers they were made for: change the layers back, or initialise anew with "mlp init"';

function weights(problem: string): string {
  return `mlp: FILE: weights.${problem}\n  ${REMEDY}\n`;
}

const latin1 = 'mlp: FILE:2: expected UTF-8 text; found other bytes\n  save the file as UTF-8\n';
const noInput =
  'mlp: FILE: input_shape: expected the shape of one input row; found nothing\n  add "input_shape": [N] at the top; only "mlp train" takes it from the data\n';

/** What a command says where the spec alone is fine (where it is not, the .txt file says it). */
const messages: Readonly<Record<string, string>> = {
  'latin1.json summary': latin1,
  'latin1.json predict': latin1,
  'input_missing.json summary':
    'mlp: This model has not yet been built. Build the model first by calling `build()` or by calling the model on a batch of data.\n  say what goes in, for example "input_shape": [20] in the spec; --style keras3 shows the layers without it\n',
  'input_missing.json init': noInput,
  'input_missing.json predict': noInput,
  'weights_none.json predict':
    'mlp: FILE: weights: expected the weights of the layers; found none yet\n  train the model first, or give it initial weights: mlp train, mlp init\n',
  'expr_not_finite.json predict':
    'mlp: standard input: row 1: expected finite numbers; found NaN, first from layers[0] ("hidden")\n  look at this row, and at the weights and the activation of that layer\n',
  'weights_one_layer.json predict': weights('out: expected weights of this layer; found nothing'),
  ...forBoth({
    'weights_shape.json': 'hidden.kernel: expected shape (4, 3); found shape (3, 3)',
    'weights_ragged.json': 'hidden.kernel[2]: expected 3 numbers; found 2',
    'weights_text.json': 'hidden.kernel[0][0]: expected a finite number; found "0.1"',
    'weights_null.json': 'out.kernel[1][0]: expected a finite number; found null',
    'weights_infinity.json': 'out.kernel[1][1]: expected a finite number; found Infinity',
    'weights_float32_overflow.json':
      'hidden.kernel[3][1]: expected a number that fits in 32-bit floats; found 1e+39',
    'weights_bias_missing.json': 'hidden.bias: expected numbers of shape (3,); found nothing',
    'weights_huge_declared.json': 'hidden.shape: unknown tensor',
  }),
};

function forBoth(problems: Readonly<Record<string, string>>): Record<string, string> {
  const both = Object.entries(problems).flatMap(([file, problem]) => [
    [`${file} summary`, weights(problem)],
    [`${file} predict`, weights(problem)],
  ]);
  return Object.fromEntries(both);
}

/** The whole message that a command must end with; undefined where the file is fine. */
function messageFor(file: string, use: string): string | undefined {
  const text = resolve(badModels, file.replace('.json', '.txt'));
  if (existsSync(text)) return readFileSync(text, 'utf8');
  return messages[`${file} ${use}`]?.replace('FILE', file);
}

describe.each(models.cases)('$file ($wrong)', ({ file, expect: wanted, ...rest }) => {
  const uses = 'use' in rest && rest.use ? rest.use.split(', ') : ['summary', 'predict'];

  test.each(uses)('%s answers in time, and leaves nothing behind', (use) => {
    const folder = new Folder().take(`bad-models/${file}`);
    const before = folder.read(file);
    const start = performance.now();
    const args = use === 'init' ? [use, file, '--seed', '1'] : [use, file];
    const { status, stderr } = folder.mlp(args, '1,2,3,4\n');
    expect(performance.now() - start).toBeLessThan(MOST_MILLISECONDS);
    const message = messageFor(file, use);
    expect(stderr).toBe(message ?? '');
    const codes = [wanted.exit, ...('also' in wanted && wanted.also ? wanted.also : [])];
    expect(codes).toContain(status);
    expect(status === 0).toBe(message === undefined);
    expect(folder.names()).toEqual([file]);
    expect(folder.read(file)).toBe(before);
  });
});
