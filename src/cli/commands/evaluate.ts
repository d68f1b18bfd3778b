/** `mlp evaluate`: how a model does on rows with targets, beside the simplest answer there is. */
import { outputUnits } from '../../data/columns.ts';
import { STANDARD_INPUT } from '../../data/source.ts';
import { ExitCode, UserError } from '../../errors.ts';
import type { LayerWeights } from '../../ndarray.ts';
import type { Network } from '../../nn/network.ts';
import type { Evaluation } from '../../records.ts';
import { orderLogs } from '../../report/epoch-log.ts';
import { formatEvaluation, formatEvaluationJson } from '../../report/evaluation.ts';
import { ProgressBar, type Style } from '../../report/progress-bar.ts';
import { notesOn } from '../../training/check.ts';
import { checkMetrics } from '../../training/check-metrics.ts';
import type { EngineName } from '../../training/engine-names.ts';
import { type EvaluateSettings, evaluate } from '../../training/evaluate.ts';
import type { Samples } from '../../training/run.ts';
import { computingOf } from '../computing.ts';
import { type EvaluationDataOptions, readEvaluationData } from '../evaluation-data.ts';
import type { Io } from '../io.ts';
import { networkOf, readModel, SPEC_FILE, TRAINED_FILE, weightsOf } from '../model-input.ts';
import { list, valueOption, wholeNumber } from '../option-values.ts';
import {
  barOption,
  engineOption,
  modelArgument,
  noVerifyOption,
  quietOption,
  requireData,
  styleOption,
} from '../shared-options.ts';
import { readingCommand } from '../table-command.ts';
import { classesOf, samplesOf } from '../training-rows.ts';
import { completeCompile } from '../training-settings.ts';

const DEFAULTS = [TRAINED_FILE, SPEC_FILE];
/** Keras's, where neither an option nor the model says. */
const BATCH_SIZE = 32;

export function command(io: Io) {
  return readingCommand()
    .addHelpText('before', 'mlp evaluate model.trained.json --data test.csv\n')
    .addArgument(modelArgument(DEFAULTS))
    .addOption(
      valueOption(
        '--target <NAMES>',
        'target columns, for a model whose file has no "columns" (default: those after the inputs)',
        list,
      ),
    )
    .addOption(
      valueOption(
        '--batch-size <N>',
        'rows per step (default: as in the validation of the model, else 32)',
        wholeNumber(1),
      ),
    )
    .addOption(noVerifyOption())
    .addOption(engineOption())
    .option('--json', 'print one JSON document instead of the table')
    .addOption(barOption())
    .addOption(styleOption())
    .addOption(quietOption())
    .action(async (path, given) =>
      evaluateModel(io, path, { ...given, data: await requireData(given, 'evaluate', path) }),
    );
}

interface EvaluateOptions extends EvaluationDataOptions {
  readonly data: readonly string[];
  readonly batchSize?: number;
  readonly verify: boolean;
  readonly engine: EngineName;
  readonly json?: true;
  readonly verbose: '0' | '1';
  readonly style: Style;
  readonly quiet?: true;
}

async function evaluateModel(
  io: Io,
  path: string | undefined,
  options: EvaluateOptions,
): Promise<void> {
  if (path === STANDARD_INPUT && options.data.includes(STANDARD_INPUT)) throw twiceStandardInput();
  const model = await readModel(io, path, DEFAULTS, options);
  const network = networkOf(model);
  const weights = weightsOf(model, network);
  const notes: string[] = [];
  const computing = computingOf(io, options, notes);
  const rows = await readEvaluationData(io, options.data, model, network, options);
  const units = network.outputShape.at(-1) ?? 1;
  const compile = completeCompile(model.spec.compile, rows.target, units);
  const samples = samplesOf(rows, network, compile.loss);
  checkMetrics(network, compile, samples.y.shape.slice(1));
  notes.push(...[...rows.notes, compile.note ?? [], notesOn(network, compile.loss, null)].flat());
  if (!options.quiet) for (const note of notes) await io.stderr.write(`${note}\n`);

  const { batch_size, validation_batch_size } = model.spec.fit;
  const batchSize = options.batchSize ?? validation_batch_size ?? batch_size ?? BATCH_SIZE;
  const settings = {
    ...compile,
    ...computing,
    batchSize,
    areClasses: rows.target.kind === 'class',
    units: rows.columns && outputUnits(rows.columns),
  };
  const style = options.verbose === '1' ? options.style : null;
  const evaluation = await measure(io, { network, weights, samples, settings }, style);
  checkFinite(evaluation, rows.name);
  await io.stdout.write(
    options.json ? formatEvaluationJson(evaluation) : formatEvaluation(evaluation, classesOf(rows)),
  );
}

interface Work {
  readonly network: Network;
  readonly weights: readonly LayerWeights[];
  readonly samples: Samples;
  readonly settings: EvaluateSettings;
}

/** @param style  of the bar; null without one */
async function measure(
  io: Io,
  { network, weights, samples, settings }: Work,
  style: Style | null,
): Promise<Evaluation> {
  const bar = style && progress(io, style, samples, settings);
  const batches = evaluate(network, weights, samples, settings);
  for (;;) {
    const next = batches.next();
    if (next.done) return next.value;
    if (!bar || !style) continue;
    const { step, logs } = next.value;
    await io.stderr.write(bar.update(step, () => orderLogs(style, logs()), io.now()));
  }
}

function progress(
  io: Io,
  style: Style,
  { x }: Samples,
  { batchSize }: EvaluateSettings,
): ProgressBar {
  return new ProgressBar({
    style,
    verbose: 1,
    display: io.stderr.isTerminal ? 'in-place' : 'final',
    color: io.stderr.color,
    steps: Math.ceil(x.shape[0] / batchSize),
    start: io.now(),
  });
}

/** @throws {UserError} exit 5 where the loss is NaN or infinite */
function checkFinite({ model }: Evaluation, source: string): void {
  if (Number.isFinite(model.loss)) return;
  throw new UserError(
    ExitCode.numbers,
    `${source}: expected a finite loss; found ${model.loss}`,
    'where outputs are not finite, "mlp predict" on these rows names the first row and its layer',
  );
}

function twiceStandardInput(): UserError {
  return new UserError(
    ExitCode.usage,
    'evaluate: expected one "-" at most among MODEL and --data; found two',
    'standard input can only be read once',
  );
}
