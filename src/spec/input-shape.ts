/** Where a document states its input shape, and that all places which do agree. */
import type { LayerFields } from './layers.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import type { DocumentFields } from './schema.ts';

/** One statement of the input shape. */
interface Statement {
  readonly path: Path;
  readonly shape: readonly number[];
}

/** A layer with its index in the document. */
export interface PlacedLayer<L extends LayerFields = LayerFields> {
  readonly index: number;
  readonly layer: L;
}

export type RealLayer = Exclude<LayerFields, { type: 'InputLayer' }>;

/**
 * The shape of one input row, from the top of the document, its InputLayer or its first layer; null
 * where none of them states it. Statements that contradict each other, or stand on later layers,
 * are problems.
 */
export function inputShapeOf(fields: DocumentFields, problems: Problems): readonly number[] | null {
  const statements: Statement[] = [];
  if (fields.input_shape) statements.push({ path: ['input_shape'], shape: fields.input_shape });
  const { inputLayers, layers } = splitLayers(fields.layers);
  for (const { index, layer } of inputLayers) {
    const path: Path = ['layers', index];
    const found = statementsOf(path, { ...layer, input_shape: undefined });
    if (index > 0) problems.add(path, 'expected an InputLayer as the first layer only');
    else if (found.length === 0) problems.add([...path, 'shape'], 'required; found nothing');
    statements.push(...found);
  }
  layers.forEach(({ index, layer }, position) => {
    const found = statementsOf(['layers', index], layer);
    if (position === 0) statements.push(...found);
    else for (const { path } of found) problems.add(path, 'expected on the first layer only');
  });
  return agreed(statements, problems);
}

/** The layers that compute something, and those that only state the input. */
export function splitLayers(layers: readonly LayerFields[]): {
  inputLayers: PlacedLayer<Exclude<LayerFields, RealLayer>>[];
  layers: PlacedLayer<RealLayer>[];
} {
  const inputLayers: PlacedLayer<Exclude<LayerFields, RealLayer>>[] = [];
  const real: PlacedLayer<RealLayer>[] = [];
  layers.forEach((layer, index) => {
    if (layer.type === 'InputLayer') inputLayers.push({ index, layer });
    else real.push({ index, layer });
  });
  return { inputLayers, layers: real };
}

function statementsOf(
  path: Path,
  layer: {
    readonly shape?: readonly number[];
    readonly batch_shape?: readonly (number | null)[];
    readonly input_shape?: readonly number[];
    readonly input_dim?: number;
    readonly batch_input_shape?: readonly (number | null)[];
  },
): Statement[] {
  const { input_dim } = layer;
  const stated: Record<string, readonly (number | null)[] | undefined> = {
    shape: layer.shape,
    batch_shape: layer.batch_shape?.slice(1),
    input_shape: layer.input_shape,
    input_dim: input_dim === undefined ? undefined : [input_dim],
    batch_input_shape: layer.batch_input_shape?.slice(1),
  };
  return Object.entries(stated).flatMap(([key, shape]) =>
    shape ? [{ path: [...path, key], shape: shape.filter((length) => length !== null) }] : [],
  );
}

function agreed([first, ...others]: Statement[], problems: Problems): readonly number[] | null {
  if (first === undefined) return null;
  const text = JSON.stringify(first.shape);
  for (const { path, shape } of others) {
    const found = JSON.stringify(shape);
    if (found === text) continue;
    problems.add(path, `expected ${text}, as in ${problems.place(first.path)}; found ${found}`);
  }
  return first.shape;
}
