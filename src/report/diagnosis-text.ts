/** What the layers do after an epoch: a table for people, or a line of JSON. */
import type { Diagnosis } from '../records.ts';
import { escapeControls, escapeJson } from '../words.ts';
import { type AlignedColumn, formatAligned } from './aligned-table.ts';
import { cellWidth } from './styled-text.ts';

type Layer = Diagnosis['layers'][number];

const right = (...headings: readonly string[]) =>
  headings.map((heading): AlignedColumn => ({ heading, align: 'right' }));
const OF_OUTPUTS = right('mean', 'std', 'zero', 'saturated', 'gradient');
const OF_WEIGHTS = right('|weight|', '|gradient|', 'largest', 'moved');
/** Where lines are too long, names are cut to this width. */
const LEAST_NAME = 8;

/**
 * One block: a line for each weight, with the outputs of its layer on the first; layers without weights
 * have one line. Where a terminal is too narrow for that, outputs and weights are a table each.
 *
 * @param width  of the terminal; null where there is none
 */
export function formatDiagnosis(
  { epoch, rows, layers }: Diagnosis,
  width: number | null = null,
): string {
  const whole = formatWhole(layers);
  const fits = width === null || whole.every((line) => cellWidth(line) <= width);
  const table = fits ? whole : formatApart(layers, width);
  return [`layers after epoch ${epoch + 1}, on ${rows} rows:`, ...table].join('\n');
}

function formatWhole(layers: readonly Layer[]): string[] {
  const columns: AlignedColumn[] = [
    { heading: 'layer', align: 'left' },
    ...OF_OUTPUTS,
    ...OF_WEIGHTS,
  ];
  const lines = layers.flatMap((layer) => {
    const own = [escapeControls(layer.layer), ...outputCells(layer)];
    if (layer.weights.length === 0) return [[...own, ...OF_WEIGHTS.map(() => ''), '']];
    return layer.weights.map((weight, i) => [
      ...(i === 0 ? own : own.map(() => '')),
      ...weightCells(weight),
      escapeControls(weight.name),
    ]);
  });
  return formatAligned(columns, 'weight', lines, null);
}

/** Long names of layers are cut, and those of weights never: kernel and bias would be the same. */
const WEIGHT: AlignedColumn = { heading: 'weight', align: 'left' };

/** Names in front of both, and nothing behind. */
function formatApart(layers: readonly Layer[], width: number): string[] {
  const named = (heading: string): AlignedColumn => ({ heading, align: 'left', least: LEAST_NAME });
  const outputs = layers.map((layer) => [escapeControls(layer.layer), ...outputCells(layer), '']);
  const weights = layers.flatMap(({ layer, weights }) =>
    weights.map((weight, i) => [
      i === 0 ? escapeControls(layer) : '',
      escapeControls(weight.name),
      ...weightCells(weight),
      '',
    ]),
  );
  return [
    ...formatAligned([named('layer'), ...OF_OUTPUTS], '', outputs, width),
    ...(weights.length === 0
      ? []
      : formatAligned([named('layer'), WEIGHT, ...OF_WEIGHTS], '', weights, width)),
  ];
}

function outputCells({ mean, std, zero, saturated, gradient }: Layer): string[] {
  const ofEnds = saturated === null ? '' : share(saturated);
  return [number(mean), number(std), share(zero), ofEnds, number(gradient)];
}

function weightCells({ norm, gradientNorm, gradientMax, moved }: Layer['weights'][number]) {
  const ofMove = moved === null ? '' : share(moved);
  return [number(norm), number(gradientNorm), number(gradientMax), ofMove];
}

/** Three digits. */
function number(value: number | null): string {
  if (value === null) return '';
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e5 || size < 1e-3)) return value.toExponential(1);
  return value.toPrecision(3);
}

function share(value: number): string {
  const percent = 100 * value;
  return `${percent >= 10 || percent === 0 ? percent.toFixed(0) : percent.toPrecision(2)}%`;
}

/** The same for programs; numbers that are none are null. */
export function diagnosisJson({ epoch, rows, layers }: Diagnosis): string {
  const entries = layers.map(({ weights, ...outputs }) => ({
    ...outputs,
    weights: weights.map(({ name, norm, gradientNorm, gradientMax, moved }) => ({
      ...{ name, norm, moved },
      ...{ gradient_norm: gradientNorm, gradient_max: gradientMax },
    })),
  }));
  return escapeJson(JSON.stringify({ epoch: epoch + 1, rows, layers: entries }));
}
