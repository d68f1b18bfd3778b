/** What the layers do after an epoch: a table for people, or a line of JSON. */
import type { Diagnosis } from '../records.ts';
import { escapeControls, escapeJson } from '../words.ts';
import { type AlignedColumn, formatAligned } from './aligned-table.ts';

const COLUMNS: readonly AlignedColumn[] = [
  { heading: 'layer', align: 'left' },
  ...[
    'mean',
    'std',
    'zero',
    'saturated',
    'gradient',
    '|weight|',
    '|gradient|',
    'largest',
    'moved',
  ].map((heading) => ({ heading, align: 'right' }) as const),
];

/**
 * One block: a line for each weight, with the outputs of its layer on the first; layers without weights
 * have one line.
 */
export function formatDiagnosis({ epoch, rows, layers }: Diagnosis): string {
  const lines = layers.flatMap(({ layer, weights, ...outputs }) => {
    const { mean, std, zero, saturated, gradient } = outputs;
    const own = [
      escapeControls(layer),
      ...[mean, std].map(number),
      share(zero),
      saturated === null ? '' : share(saturated),
      number(gradient),
    ];
    if (weights.length === 0) return [[...own, '', '', '', '', '']];
    return weights.map(({ name, norm, gradientNorm, gradientMax, moved }, i) => [
      ...(i === 0 ? own : own.map(() => '')),
      ...[number(norm), number(gradientNorm), number(gradientMax)],
      moved === null ? '' : share(moved),
      escapeControls(name),
    ]);
  });
  const table = formatAligned(COLUMNS, 'weight', lines, null);
  return [`layers after epoch ${epoch + 1}, on ${rows} rows:`, ...table].join('\n');
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
