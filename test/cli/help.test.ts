import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { commandTable } from '../../src/cli/command-table.ts';
import { families } from '../../src/spec/families.ts';
import { done, Folder, refused } from './run.ts';

const OVERVIEW = `mlp train model.json --data data.csv --epochs 400

The multilayer perceptron for the shell: one JSON file per model, everything pipes.

Usage: mlp COMMAND [MODEL] [options]

Commands:
  columns      print what the columns of a data file are
  new          make a model spec from a data file
  summary      print the table of layers
  init         give a model its initial weights
  train        fit a model to data
  predict      rows in, predictions out
  evaluate     measure a model on rows with targets
  get-weights  print weights
  set-weights  replace weights
  spec         print the spec of a model, or write it for Keras
  schema       print the JSON Schema of model files

"mlp help COMMAND" tells more. MODEL is a model file, by default model.json; "-" is standard input.
"mlp help FAMILY" lists what a model file may name, with formulas, arguments and defaults:
  activations, layers, losses, metrics, optimizers, schedules,
  initializers, regularizers, constraints, callbacks, formulas
`;

test.each([[[]], [['--help']], [['-h']], [['help']], [['help', 'help']]])(
  'mlp %j prints the overview',
  (args) => {
    expect(new Folder().mlp(args)).toEqual(done(OVERVIEW));
  },
);

test.each(['--version', '-V'])('mlp %s prints one line', (flag) => {
  expect(new Folder().mlp([flag])).toEqual(done(`mlp ${manifest.version}\n`));
});

test.each(Object.entries(commandTable))(
  'help of %s begins with an example',
  (name, { purpose }) => {
    const { status, stdout, stderr } = new Folder().mlp([name, '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [example, empty, usage] = stdout.split('\n');
    expect(example).toMatch(new RegExp(`^mlp ${name} `));
    expect(empty).toBe('');
    expect(usage).toMatch(new RegExp(`^Usage: mlp ${name} \\[options\\]( \\[(MODEL|FILE)\\])?$`));
    expect(stdout).toContain(`\n${purpose[0].toUpperCase()}${purpose.slice(1)}.\n`);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(new Folder().mlp(['help', name]).stdout).toBe(stdout);
  },
);

test('the help of a command lists its options', () => {
  expect(new Folder().mlp(['init', '-h'])).toEqual(
    done(`mlp init model.json --seed 1

Usage: mlp init [options] [MODEL]

Give a model its initial weights.

Arguments:
  MODEL                model file, "-" for standard input (default: model.json)

Options:
  --seed <N>           start of all chance, a whole number (default: picked and
                       printed)
  -o, --output <FILE>  where to write it, "-" for standard output (default:
                       MODEL with .init.json)
  -f, --force          overwrite a file that is no model of mlp
  -q, --quiet          say nothing but errors
  -h, --help           print this help
`),
  );
});

test('the help of a family lists its names with formulas, arguments and other words', () => {
  expect(new Folder().mlp(['help', 'constraints'])).toEqual(
    done(`What a weight w becomes after each step. norm runs along axis, one or several: 0
on a kernel of Dense is all that goes into one unit.

  max_norm        w * clip(norm(w), 0, max_value) / (norm(w) + 1e-7)
                  arguments: max_value 2, axis 0
                  also: MaxNorm
  non_neg         max(w, 0)
                  also: NonNeg
  unit_norm       w / (norm(w) + 1e-7)
                  arguments: axis 0
                  also: UnitNorm
  min_max_norm    w * (rate * clip(norm(w), min_value, max_value) + (1 - rate) *
                  norm(w)) / (norm(w) + 1e-7)
                  arguments: min_value 0, max_value 1, rate 1, axis 0
                  also: MinMaxNorm

As in Keras 3.15, save where it says otherwise, and:
  - An axis that the weight does not have is refused when the model is read.
`),
  );
});

test.each(Object.keys(families))('the help of %s is a list, and JSON for scripts', (name) => {
  const folder = new Folder();
  const { status, stdout, stderr } = folder.mlp(['help', name]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const json = folder.mlp(['help', name, '--json']);
  expect({ ...json, stdout: '' }).toEqual(done(''));
  const { name: own, entries } = JSON.parse(json.stdout);
  expect(own).toBe(name);
  for (const entry of entries) expect(stdout).toContain(`\n  ${entry.name}`);
});

test.each([
  [
    ['help', 'optimiser'],
    'help: expected a command or a family of names; found "optimiser"\n  did you mean "mlp help optimizers"?',
  ],
  [
    ['help', 'summery'],
    'help: expected a command or a family of names; found "summery"\n  did you mean "mlp help summary"?',
  ],
  [
    ['help', 'constructor'],
    'help: expected a command or a family of names; found "constructor"\n  see "mlp --help"',
  ],
  [['losses'], 'unknown command "losses"\n  see "mlp help losses"'],
  [['help', 'losses', '--jason'], 'help losses: expected --json at most; found "--jason"'],
])('%j is refused', (args, message) => {
  expect(new Folder().mlp(args)).toEqual(refused(2, `mlp: ${message}\n`));
});
