/** What a model is compiled with → `compile_config` of Keras's files. */
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import type { PythonValue } from '../../records.ts';
import { quote } from '../../words.ts';
import { snakeCase } from '../layer-names.ts';
import { type LossSpec, losses, loss as lossPlace } from '../losses.ts';
import { type MetricSpec, metric as metricPlace, metrics } from '../metrics.ts';
import { type OptimizerSpec, optimizers } from '../optimizers.ts';
import type { Path } from '../path.ts';
import type { Problems } from '../problems.ts';
import type { CompileSpec } from '../spec.ts';
import { classOf, configOf, serialised } from './argument.ts';

/** Words that Keras has, too, and takes as an object of their class only. */
const NOT_AS_TEXT: ReadonlySet<string> = new Set(['categorical_generalized_cross_entropy', 'rmse']);

/** Keras 3 writes `{}` for a model that is not compiled. */
export function compileConfig(compile: CompileSpec, problems: Problems): PythonValue {
  const { optimizer, loss } = compile;
  if (optimizer === null) return {};
  const list = (key: 'metrics' | 'weighted_metrics') => {
    const own = compile[key].map((one, i) => metricOf(one, ['compile', key, i], problems));
    return own.length === 0 ? null : own;
  };
  return {
    optimizer: optimizerOf(optimizer, problems),
    loss: loss && lossOf(loss),
    loss_weights: null,
    metrics: list('metrics'),
    weighted_metrics: list('weighted_metrics'),
    run_eagerly: false,
    steps_per_execution: 1,
    jit_compile: false,
  };
}

function optimizerOf(spec: OptimizerSpec, problems: Problems): PythonValue {
  if (spec.type === 'lbfgs') {
    const message = `expected an optimizer of Keras's; found ${quote(spec.type)}`;
    problems.add(['compile', 'optimizer'], message, 'see "mlp help optimizers" for those of Keras');
    return null;
  }
  const kind = optimizers[spec.type];
  const name = classOf(kind);
  const config = configOf({ ...spec }, kind.entries);
  return serialised('keras.optimizers', name, { name: snakeCase(name), ...config });
}

function lossOf(spec: LossSpec): PythonValue {
  const { type } = spec;
  const kind = losses[type];
  const isPlain = isDeepStrictEqual(v.parse(lossPlace, type), spec);
  if (isPlain && !NOT_AS_TEXT.has(type)) return type;
  return serialised('keras.losses', classOf(kind), configOf({ ...spec }, kind.entries));
}

function metricOf(spec: MetricSpec, path: Path, problems: Problems): PythonValue {
  const { type, name } = spec;
  const kind = metrics[type];
  const word = v.safeParse(metricPlace, name);
  const isPlain = word.success && isDeepStrictEqual(word.output, spec);
  if (isPlain && !NOT_AS_TEXT.has(name)) return name;
  if (type === 'accuracy') {
    const message = `expected "accuracy" or "acc", which have no other name in Keras's files`;
    problems.add([...path, 'name'], `${message}; found ${quote(name)}`);
    return null;
  }
  return serialised('keras.metrics', classOf(kind), configOf({ ...spec }, kind.entries));
}
