/**
 * Keras's functional graphs that are a chain: from the input each layer goes to one other. Such a
 * graph is a list of layers; one that forks or joins is none, and is refused by the layer where it does.
 */
import { isObject } from '../is-object.ts';
import { quote } from '../words.ts';
import { type JsonObject, type JsonValue, ownValue } from './json.ts';
import type { Path } from './path.ts';

/** What Keras calls a graph: `Functional`, and `Model` before version 2.4. */
const GRAPHS: readonly JsonValue[] = ['Functional', 'Model'];

/** What stands in a layer of a graph besides what it has in a Sequential. */
export const GRAPH_KEYS: ReadonlySet<string> = new Set(['name', 'inbound_nodes']);

export function isGraph({ class_name }: JsonObject): boolean {
  return class_name !== undefined && GRAPHS.includes(class_name);
}

/** What is wrong with a graph at a place of its config. */
interface GraphProblem {
  readonly path: Path;
  readonly message: string;
}

interface Chain {
  /** The indexes of the graph's layers from input to output; as they are listed where it is no chain. */
  readonly order: readonly number[];
  readonly problems: readonly GraphProblem[];
}

/** One layer of a graph: its name, and by name the layers that each call of it takes. */
interface Vertex {
  readonly name: string;
  readonly isInput: boolean;
  readonly calls: readonly JsonValue[];
  readonly sources: readonly string[];
}

/** A graph and, by the name of each layer, the indexes of those that take its output. */
interface Graph {
  readonly vertices: readonly Vertex[];
  readonly after: ReadonlyMap<string, readonly number[]>;
}

/** What was found out of a config: places of mistakes are looked up in it one by one. */
const known = new WeakMap<JsonObject, Chain>();

/** The layers of a graph's config in the order in which a row passes them. */
export function chainOf(config: JsonObject): Chain {
  const chain = known.get(config) ?? findChain(config);
  known.set(config, chain);
  return chain;
}

function findChain(config: JsonObject): Chain {
  const layers = ownValue(config, 'layers');
  const graph = graphOf(Array.isArray(layers) ? layers.map(vertexOf) : []);
  const listed = graph.vertices.map((_, index) => index);
  const problems = graph.vertices.flatMap((vertex, index) => problemsOf(vertex, index, graph));
  if (problems.length > 0) return { order: listed, problems };
  const order = orderOf(graph);
  const ends = endProblems(config, graph, order);
  return ends.length > 0 ? { order: listed, problems: ends } : { order, problems };
}

function graphOf(vertices: readonly Vertex[]): Graph {
  const after = new Map<string, number[]>(vertices.map(({ name }) => [name, []]));
  vertices.forEach(({ sources }, index) => {
    for (const source of new Set(sources)) after.get(source)?.push(index);
  });
  return { vertices, after };
}

function vertexOf(layer: JsonValue): Vertex {
  if (!isObject(layer)) return { name: '', isInput: false, calls: [], sources: [] };
  const config = ownValue(layer, 'config');
  const own = ownValue(layer, 'name') ?? (isObject(config) ? ownValue(config, 'name') : undefined);
  const nodes = ownValue(layer, 'inbound_nodes');
  const calls = Array.isArray(nodes) ? nodes : [];
  return {
    name: typeof own === 'string' ? own : '',
    isInput: ownValue(layer, 'class_name') === 'InputLayer',
    calls,
    sources: sourcesIn(calls),
  };
}

/**
 * The names of the layers whose outputs stand in a call: Keras 2 has `["dense", 0, 0, {}]`, Keras 3
 * `{"class_name": "__keras_tensor__", "config": {"keras_history": ["dense", 0, 0]}}`.
 */
function sourcesIn(value: JsonValue): string[] {
  if (Array.isArray(value)) {
    const [name, node, tensor] = value;
    const isReference = typeof node === 'number' && typeof tensor === 'number';
    if (typeof name === 'string' && isReference) return [name, ...sourcesIn(value.slice(3))];
    return value.flatMap(sourcesIn);
  }
  return isObject(value) ? Object.values(value).flatMap(sourcesIn) : [];
}

/**
 * The arguments besides the input that a call is given: `mask`, `training`. Null is "not given", and
 * false what Keras 3 writes of a call that says nothing.
 */
function argumentsIn(call: JsonValue): string[] {
  const given = (value: JsonValue | undefined) =>
    isObject(value)
      ? Object.keys(value).filter((key) => value[key] !== null && value[key] !== false)
      : [];
  if (isObject(call)) return given(ownValue(call, 'kwargs'));
  return Array.isArray(call)
    ? call.flatMap((entry) => (Array.isArray(entry) ? given(entry[3]) : []))
    : [];
}

function problemsOf(vertex: Vertex, index: number, graph: Graph): GraphProblem[] {
  const { isInput, calls, sources } = vertex;
  const path: Path = ['layers', index, 'inbound_nodes'];
  const problem = (message: string): GraphProblem[] => [{ path, message }];
  const fork = forkOf(vertex, index, graph);
  if (isInput) return fork;
  if (sources.length === 0) return problem('expected the layer before; found none');
  if (calls.length > 1) return problem(`expected one call of the layer; found ${calls.length}`);
  if (sources.length > 1) {
    return problem(`expected one layer before, as in a chain; found ${listOf(sources)}`);
  }
  if (!graph.after.has(sources[0])) {
    return problem(`expected a layer of the graph; found ${quote(sources[0])}`);
  }
  const extra = argumentsIn(calls[0]);
  if (extra.length > 0) {
    return problem(`expected a call without arguments; found ${extra.map(quote).join(', ')}`);
  }
  return fork;
}

function forkOf({ name }: Vertex, index: number, { vertices, after }: Graph): GraphProblem[] {
  const next = after.get(name) ?? [];
  if (next.length < 2) return [];
  const found = listOf(next.map((own) => vertices[own].name));
  const message = `expected one layer after ${quote(name)}, as in a chain; found ${found}`;
  return [{ path: ['layers', index], message }];
}

/** The layers that are reached from the first input, one after the other. */
function orderOf({ vertices, after }: Graph): number[] {
  const order = new Set<number>();
  let next: number | undefined = vertices.findIndex(({ isInput }) => isInput);
  while (next !== undefined && next !== -1 && !order.has(next)) {
    order.add(next);
    next = after.get(vertices[next].name)?.[0];
  }
  return [...order];
}

/** Whether one input goes in, and what comes out is what the last layer gives. */
function endProblems(
  config: JsonObject,
  { vertices }: Graph,
  order: readonly number[],
): GraphProblem[] {
  const inputs = vertices.filter(({ isInput }) => isInput).map(({ name }) => name);
  if (inputs.length !== 1) {
    const found = inputs.length === 0 ? 'none' : listOf(inputs);
    return [{ path: ['input_layers'], message: `expected one input; found ${found}` }];
  }
  const reached = new Set(order);
  const lost = vertices.findIndex((_, index) => !reached.has(index));
  if (lost !== -1) {
    const message = 'expected a layer on the way from the input to the output';
    return [{ path: ['layers', lost], message: `${message}; found one beside it` }];
  }
  const outputs = sourcesIn(ownValue(config, 'output_layers') ?? null);
  const last = vertices[order[order.length - 1]].name;
  if (outputs.length === 0 || outputs.join() === last) return [];
  const message = `expected ${quote(last)}, the last layer; found ${listOf(outputs)}`;
  return [{ path: ['output_layers'], message }];
}

/** Layers that a message names at most. */
const MOST_NAMED = 3;

function listOf(names: readonly string[]): string {
  const named = names.slice(0, MOST_NAMED).map(quote);
  const more = names.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(' and ');
}
