/** `mlp summary`: the table of layers that Keras prints, and the columns that a trained model expects. */
import { Command } from '@commander-js/extra-typings';
import type { Columns } from '../../data/columns.ts';
import { readColumns } from '../../data/stored-columns.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { isObject } from '../../is-object.ts';
import { summarize } from '../../nn/summary.ts';
import type { Summary, TrainingMemory } from '../../records.ts';
import type { SummaryOptions } from '../../report/summary-options.ts';
import { ownValue } from '../../spec/json.ts';
import type { OptimizerSpec } from '../../spec/optimizers.ts';
import type { Io } from '../io.ts';
import { type Model, networkOf, readModel, SPEC_FILE, weightsOf } from '../model-input.ts';
import { type ValueParser, valueOption, wholeNumber, wrong } from '../option-values.ts';
import {
  colorOption,
  isColored,
  modelArgument,
  noVerifyOption,
  styleOption,
} from '../shared-options.ts';
import { columnsRecord } from '../training-record.ts';

const positions: ValueParser<number[]> = (value, flag) => {
  const numbers = value.split(',').map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
  const isRising = numbers.every((x, i) => x > (numbers[i - 1] ?? 0));
  if (numbers.length < 3 || !isRising)
    throw wrong(flag, 'three rising numbers such as 0.45,0.85,1', value);
  return numbers;
};

export function command(io: Io) {
  return new Command()
    .addHelpText('before', 'mlp summary model.json\n')
    .addArgument(modelArgument([SPEC_FILE]))
    .addOption(styleOption())
    .option('--json', 'print one JSON document instead of the table')
    .addOption(valueOption('--line-length <N>', 'characters per line', wholeNumber(1, 10_000)))
    .addOption(
      valueOption('--positions <A,B,C>', 'where the columns end, as parts of the line', positions),
    )
    .option('--show-trainable', 'add a column that tells which layers learn')
    .option('--resolved', 'add what training takes in memory, by the settings that it would have')
    .addOption(
      valueOption(
        '--batch-size <N>',
        'rows of the batch in it (default: of the model, else 32)',
        wholeNumber(1),
      ),
    )
    .addOption(noVerifyOption())
    .addOption(colorOption())
    .action(async (path, options) => {
      checkBatchSize(options);
      const model = await readModel(io, path, [SPEC_FILE], options);
      const network = model.spec.input_shape ? networkOf(model) : null;
      if (network && model.weights !== undefined) weightsOf(model, network);
      const summary = summarize(model.spec, network, trainedWith(model));
      const color = isColored(options.color, io.stdout);
      const contract =
        model.columns === undefined ? null : readColumns(model.columns, model.source);
      const memory = options.resolved ? await memoryOf(model, options.batchSize) : null;
      if (options.json) return io.stdout.write(await formatJson(summary, contract, memory));
      const { columns } = io.stdout;
      const table = await formatTable(summary, options.style, { ...options, color, columns });
      const parts = [table];
      if (contract) parts.push(await contractText(contract, io));
      if (memory) parts.push((await import('../../report/memory-table.ts')).formatMemory(memory));
      await io.stdout.write(parts.join('\n'));
    });
}

/** @throws {UserError} exit 2 for a batch of which nothing would be said */
function checkBatchSize(options: { readonly resolved?: true; readonly batchSize?: number }): void {
  if (options.batchSize === undefined || options.resolved) return;
  throw new UserError(
    ExitCode.usage,
    '--batch-size: expected --resolved beside it; found none',
    'only the memory of training depends on it',
  );
}

/** The optimizer that the weights in the file were trained with, if they were. */
function trainedWith({ training, spec }: Model): OptimizerSpec | null {
  const isTrained = isObject(training) && typeof ownValue(training, 'last_epoch') === 'number';
  return isTrained ? spec.compile.optimizer : null;
}

async function formatJson(
  summary: Summary,
  contract: Columns | null,
  memory: TrainingMemory | null,
): Promise<string> {
  const { formatSummaryJson } = await import('../../report/summary-json.ts');
  return formatSummaryJson(summary, contract ? columnsRecord(contract) : undefined, memory);
}

/** Of a step of training, by the model's settings over the defaults of \`train\`. */
async function memoryOf(model: Model, batchSize?: number): Promise<TrainingMemory> {
  const [{ expectedMemory }, network] = await Promise.all([
    import('../expected-memory.ts'),
    networkOf(model),
  ]);
  return expectedMemory(network, model.spec.compile, model.spec.fit, batchSize);
}

/** What the model expects of a table; below Keras's table, which knows nothing of it. */
async function contractText(contract: Columns, { stdout }: Io): Promise<string> {
  const [{ describeContract, shortened }, { formatContract }] = await Promise.all([
    import('../../data/contract-text.ts'),
    import('../../report/columns-table.ts'),
  ]);
  const width = stdout.isTerminal ? stdout.columns : null;
  return formatContract(shortened(describeContract(contract)), width);
}

/** Only the style that is asked for is loaded: Keras 3's table brings a package with it. */
async function formatTable(
  summary: Summary,
  style: 'keras2' | 'keras3',
  options: SummaryOptions & { readonly columns: number; readonly color: boolean },
): Promise<string> {
  if (style === 'keras2') {
    const { formatSummaryKeras2 } = await import('../../report/summary-keras2.ts');
    return formatSummaryKeras2(summary, options);
  }
  const { formatSummaryKeras3 } = await import('../../report/summary-keras3.ts');
  return formatSummaryKeras3(summary, options);
}
