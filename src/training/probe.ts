/**
 * A look at a network while it learns: outputs of each layer, the loss, gradients by outputs and weights.
 * It is a plan of its own with a session of its own, made only when something is to be looked at; the
 * run it is about is not touched, and no chance is drawn from its streams.
 */
import { prepare } from '../engine/choose.ts';
import type { Session, Table } from '../engine/engine.ts';
import type { Computing } from '../engine/names.ts';
import { UserError } from '../errors.ts';
import { gradients } from '../graph/gradients.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { div, input, mul } from '../graph/ops.ts';
import { makePlan } from '../graph/plan.ts';
import { sizeOf } from '../ndarray.ts';
import { forward, type Parameters, parametersOf, sumOf } from '../nn/forward.ts';
import { batchLossOf } from '../nn/losses.ts';
import type { Network, WeightSpec } from '../nn/network.ts';
import { trainableWeights } from '../nn/parameter-block.ts';
import { MAX_ARENA } from '../spec/limits.ts';
import type { LossSpec } from '../spec/losses.ts';
import type { OptimizerSpec } from '../spec/optimizers.ts';
import { INPUTS, inputOf } from './compile.ts';
import { writeBlocks } from './weights.ts';

export interface ProbeSettings extends Computing {
  readonly loss: LossSpec;
  readonly optimizer: OptimizerSpec;
  readonly seed: number;
}

/** The rows that are looked at. */
export interface ProbedRows {
  readonly tables: readonly Table[];
  /** Their numbers in the tables, `rows[first … first + count)`. */
  readonly rows: Int32Array;
  readonly first: number;
  readonly count: number;
}

/** Numbers that a probe has computed, by what they are; copied. */
export interface Seen {
  readonly loss: number;
  /** Of a layer, by its index: `[rows, numbers per row]`. */
  output(layer: number): Float32Array;
  /** The loss's gradient by that. */
  outputGradient(layer: number): Float32Array;
  /** Of the weights as they were given, and the loss's gradient by it; null where it does not learn. */
  weight(spec: WeightSpec): {
    readonly values: Float32Array;
    readonly gradient: Float32Array | null;
  };
}

const PROGRAM = 'probe';
const LOSS = 'loss';

/** What was asked for is found under these names. */
const outputPlace = (layer: number) => `output ${layer}`;
const outputGradientPlace = (layer: number) => `gradient of output ${layer}`;
const gradientPlace = ({ layer, name }: WeightSpec) => `gradient/${layer}/${name}`;

/** What a probe computes, in ops. */
interface ProbeGraph {
  readonly graph: Graph;
  readonly parameters: Parameters;
  /** Of each layer. */
  readonly outputs: readonly Tensor[];
  /** All that is to be found afterwards. */
  readonly named: Readonly<Record<string, Tensor>>;
}

/** @throws {UserError} exit 2 for a network of too many ops: gradients are for layers that do not learn, too */
function graphOf(
  network: Network,
  { loss: lossSpec, optimizer }: ProbeSettings,
  targetShape: readonly number[],
  weightsPerSample: number,
): ProbeGraph {
  const graph = new Graph();
  const parameters = parametersOf(graph, network);
  const x = inputOf(graph, INPUTS.x, network.inputShape);
  const y = inputOf(graph, INPUTS.y, targetShape);
  const weights = weightsPerSample > 0 ? input(graph, INPUTS.weights, 1, weightsPerSample) : null;
  const { output, outputs, penalties } = forward(network, parameters, x, true);
  const loss = sumOf(batchLossOf(y, output, lossSpec, weights), penalties);
  const learning = trainableWeights(parameters);
  // As a step scales it, and takes the scale out again.
  const { loss_scale_factor: scale = 1 } = optimizer.type === 'lbfgs' ? {} : optimizer;
  const by = [...outputs, ...learning.map(({ tensor }) => tensor)];
  const found = gradients(scale === 1 ? loss : mul(loss, scale), by);
  const gradient = (index: number) => (scale === 1 ? found[index] : div(found[index], scale));
  const named: Record<string, Tensor> = { [LOSS]: loss };
  outputs.forEach((tensor, i) => {
    named[outputPlace(i)] = tensor;
    named[outputGradientPlace(i)] = gradient(i);
  });
  learning.forEach(({ spec }, i) => {
    named[gradientPlace(spec)] = gradient(outputs.length + i);
  });
  return { graph, parameters, outputs, named };
}

export class Probe {
  readonly #network: Network;
  readonly #settings: ProbeSettings;
  readonly #built: ProbeGraph;
  readonly #maxBatch: number;
  readonly #session: Session;
  /** Where each weight lies in a snapshot. */
  readonly #offsets: ReadonlyMap<WeightSpec, number>;

  /**
   * @param targetShape  of one sample
   * @returns null where its ops are too many, or its numbers do not fit in memory
   */
  static make(
    network: Network,
    settings: ProbeSettings,
    targetShape: readonly number[],
    weightsPerSample: number,
    maxBatch: number,
  ): Probe | null {
    try {
      const built = graphOf(network, settings, targetShape, weightsPerSample);
      const session = sessionFor(built, built.named, settings, maxBatch);
      return session && new Probe(network, settings, built, maxBatch, session);
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  }

  private constructor(
    network: Network,
    settings: ProbeSettings,
    built: ProbeGraph,
    maxBatch: number,
    session: Session,
  ) {
    this.#network = network;
    this.#settings = settings;
    this.#built = built;
    this.#maxBatch = maxBatch;
    this.#session = session;
    const { trainable, weights } = built.parameters;
    const start = (spec: WeightSpec) => (spec.trainable ? 0 : (trainable?.shape.cols ?? 0));
    this.#offsets = new Map(weights.map(({ spec, offset }) => [spec, start(spec) + offset]));
  }

  /**
   * Looks at rows, as a training step sees them.
   *
   * @param weights  as `snapshot` of a run gives them
   * @param step     keys the chance inside layers
   * @returns valid until the next look
   */
  look(weights: Float32Array, rows: ProbedRows, step: number): Seen {
    run(this.#session, this.#built.parameters, weights, rows, step);
    const read = (name: string, length: number) => {
      const values = new Float32Array(length);
      this.#session.read(name, values);
      return values;
    };
    const sizeOfOutput = (layer: number) =>
      sizeOf(this.#network.layers[layer].outputShape) * rows.count;
    return {
      loss: this.#session.readNumber(LOSS),
      output: (layer) => read(outputPlace(layer), sizeOfOutput(layer)),
      outputGradient: (layer) => read(outputGradientPlace(layer), sizeOfOutput(layer)),
      weight: (spec) => {
        const start = this.#offsets.get(spec);
        if (start === undefined) throw new Error(`internal: no weight ${spec.name}`);
        const length = sizeOf(spec.shape);
        return {
          values: weights.slice(start, start + length),
          gradient: spec.trainable ? read(gradientPlace(spec), length) : null,
        };
      },
    };
  }

  /**
   * The first op of a layer whose result is not finite, with the numbers that it took: the same look
   * with all that is between the layer's input and its output kept.
   */
  firstOpIn(layer: number, weights: Float32Array, rows: ProbedRows, step: number): OpSeen | null {
    const before = layer === 0 ? null : this.#built.outputs[layer - 1];
    const made = madeBetween(before, this.#built.outputs[layer]);
    return this.#firstOpOf(made, weights, rows, step);
  }

  /** The same from the output to the loss. */
  firstOpOfLoss(weights: Float32Array, rows: ProbedRows, step: number): OpSeen | null {
    const made = madeBetween(this.#built.outputs.at(-1) ?? null, this.#built.named[LOSS]);
    return this.#firstOpOf(made, weights, rows, step);
  }

  #firstOpOf(
    made: readonly Tensor[],
    weights: Float32Array,
    rows: ProbedRows,
    step: number,
  ): OpSeen | null {
    const named: Record<string, Tensor> = {};
    for (const tensor of made) {
      named[`op ${tensor.id}`] = tensor;
      for (const from of tensor.inputs) named[`op ${from.id}`] = from;
    }
    const session = sessionFor(this.#built, named, this.#settings, this.#maxBatch);
    if (session === null) return null;
    run(session, this.#built.parameters, weights, rows, step);
    const valuesOf = ({ id, shape }: Tensor) => {
      const values = new Float32Array(shape.rows * shape.cols * (shape.batched ? rows.count : 1));
      session.read(`op ${id}`, values);
      return values;
    };
    const bad = made.find((tensor) => !valuesOf(tensor).every(Number.isFinite));
    return bad ? { op: bad.op, inputs: bad.inputs.map(valuesOf) } : null;
  }
}

/** Up to so many numbers the plainest engine has looked before another one is ready. */
const SMALL = 2 ** 16;

/** The bits are those of the run: the same on each engine but native, which has to be asked again. Null where it does not fit. */
function sessionFor(
  { graph }: ProbeGraph,
  named: Readonly<Record<string, Tensor>>,
  { seed, engine, threads, blas }: ProbeSettings,
  maxBatch: number,
): Session | null {
  const plan = makePlan(graph, { [PROGRAM]: Object.values(named) }, named, maxBatch);
  if (plan.size > MAX_ARENA) return null;
  const plainest = plan.size <= SMALL ? 'reference' : engine;
  const computing = engine === 'native' ? { engine, threads, blas } : { engine: plainest };
  return prepare(plan, seed, computing).session;
}

/** An op that was looked at. */
export interface OpSeen {
  readonly op: Tensor['op'];
  readonly inputs: readonly Float32Array[];
}

function run(
  session: Session,
  parameters: Parameters,
  weights: Float32Array,
  { tables, rows, first, count }: ProbedRows,
  step: number,
): void {
  writeBlocks(session, parameters, weights);
  for (const { name, values } of tables) session.gather(name, values, rows, first, count);
  session.run(PROGRAM, count, step);
}

/** What `end` is computed from, in order, as far back as `start`, which is not among it; leaves neither. */
function madeBetween(start: Tensor | null, end: Tensor): Tensor[] {
  const seen = new Set<Tensor>();
  const waiting = [end];
  for (let tensor = waiting.pop(); tensor; tensor = waiting.pop()) {
    if (tensor === start || tensor.inputs.length === 0 || seen.has(tensor)) continue;
    seen.add(tensor);
    waiting.push(...tensor.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}
