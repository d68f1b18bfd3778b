/** A model's summary as JSON, for scripts. */
import type { Summary, TrainingMemory } from '../records.ts';
import { escapeJson } from '../words.ts';

/**
 * A JSON document with the keys of docs and specs (snake_case), two blanks of indentation and a
 * final line break. Shapes have null for the batch; what a model without an input shape does not
 * know is null.
 *
 * @param columns  the column contract, as the model file has it; left out where there is none
 * @param memory   what training takes, in bytes; left out where nobody asks
 */
export function formatSummaryJson(
  summary: Summary,
  columns?: unknown,
  memory?: TrainingMemory | null,
): string {
  const document = {
    name: summary.name,
    input_shape: summary.inputShape,
    layers: summary.layers.map((layer) => ({
      name: layer.name,
      type: layer.className,
      output_shape: layer.outputShape,
      parameters: layer.parameters,
      trainable: layer.trainable,
    })),
    total_parameters: summary.totalParameters,
    trainable_parameters: summary.trainableParameters,
    non_trainable_parameters: summary.nonTrainableParameters,
    columns,
    memory: memory ? memoryRecord(memory) : undefined,
  };
  return `${escapeJson(JSON.stringify(document, null, 2))}\n`;
}

function memoryRecord({ optimizer, rows, parts, total }: TrainingMemory) {
  return { optimizer, batch_size: rows, parts, total_bytes: total };
}
