import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { commandTable } from '../../src/cli/command-table.ts';
import { done, Folder } from './run.ts';

const OVERVIEW = `mlp train model.json --data data.csv --epochs 400

The multilayer perceptron for the shell: one JSON file per model, everything pipes.

Usage: mlp COMMAND [MODEL] [options]

Commands:
  new          make a model spec from a data file
  summary      print the table of layers
  init         give a model its initial weights
  train        fit a model to data
  predict      rows in, predictions out
  get-weights  print weights
  set-weights  replace weights
  schema       print the JSON Schema of model files

"mlp help COMMAND" tells more. MODEL is a model file, by default model.json; "-" is standard input.
`;

test.each([[[]], [['--help']], [['-h']], [['help']]])('mlp %j prints the overview', (args) => {
  expect(new Folder().mlp(args)).toEqual(done(OVERVIEW));
});

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
    expect(usage).toMatch(new RegExp(`^Usage: mlp ${name} \\[options\\]( \\[MODEL\\])?$`));
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
