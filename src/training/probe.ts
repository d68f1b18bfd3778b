/**
 * A look at a network while it learns: outputs of each layer, the loss, gradients by outputs and weights.
 * It is a plan of its own with a session of its own, made only when something is to be looked at; the
 * run it is about is not touched, and no chance is drawn from its streams.
 */
import { prepare } from '../engine/choose.ts';
import type { Session, Table } from '../engine/engine.ts';
import type { Computing } from '../engine/names.ts';
import { gradients } from '../graph/gradients.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { div, input, mul } from '../graph/ops.ts';
import { makePlan, type Plan } from '../graph/plan.ts';
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

export class Probe {
  readonly #network: Network;
  readonly #graph: Graph;
  readonly #outputs: readonly Tensor[];
  readonly #named: Readonly<Record<string, Tensor>>;
  readonly #parameters: Parameters;
  readonly #settings: ProbeSettings;
  readonly #maxBatch: number;
  readonly #session: Session;

  /**
   * @param targetShape  of one sample
   * @returns null where its numbers do not fit in memory
   */
  static make(
    network: Network,
    settings: ProbeSettings,
    targetShape: readonly number[],
    weightsPerSample: number,
    maxBatch: number,
  ): Probe | null {
    const graph = new Graph();
    const parameters = parametersOf(graph, network);
    const x = inputOf(graph, INPUTS.x, network.inputShape);
    const y = inputOf(graph, INPUTS.y, targetShape);
    const weights = weightsPerSample > 0 ? input(graph, INPUTS.weights, 1, weightsPerSample) : null;
    const { output, outputs, penalties } = forward(network, parameters, x, true);
    const loss = sumOf(batchLossOf(y, output, settings.loss, weights), penalties);
    const named: Record<string, Tensor> = { [LOSS]: loss };
    outputs.forEach((tensor, i) => {
      named[outputPlace(i)] = tensor;
    });
    const learning = trainableWeights(parameters);
    const { loss_scale_factor: scale = 1 } =
      settings.optimizer.type === 'lbfgs' ? {} : settings.optimizer;
    const by = [...outputs, ...learning.map(({ tensor }) => tensor)];
    const found = gradients(scale === 1 ? loss : mul(loss, scale), by).map((gradient) =>
      scale === 1 ? gradient : div(gradient, scale),
    );
    outputs.forEach((_, i) => {
      named[outputGradientPlace(i)] = found[i];
    });
    learning.forEach(({ spec }, i) => {
      named[gradientPlace(spec)] = found[outputs.length + i];
    });
    const plan = makePlan(graph, { [PROGRAM]: Object.values(named) }, named, maxBatch);
    if (plan.size > MAX_ARENA) return null;
    const session = sessionFor(plan, settings);
    return new Probe({ network, graph, outputs, named, parameters, settings, maxBatch, session });
  }

  private constructor(parts: {
    network: Network;
    graph: Graph;
    outputs: readonly Tensor[];
    named: Readonly<Record<string, Tensor>>;
    parameters: Parameters;
    settings: ProbeSettings;
    maxBatch: number;
    session: Session;
  }) {
    this.#network = parts.network;
    this.#graph = parts.graph;
    this.#outputs = parts.outputs;
    this.#named = parts.named;
    this.#parameters = parts.parameters;
    this.#settings = parts.settings;
    this.#maxBatch = parts.maxBatch;
    this.#session = parts.session;
  }

  /**
   * Looks at rows, as a training step sees them.
   *
   * @param weights  as `snapshot` of a run gives them
   * @param step     keys the chance inside layers
   * @returns valid until the next look
   */
  look(weights: Float32Array, rows: ProbedRows, step: number): Seen {
    run(this.#session, this.#parameters, weights, rows, step);
    const read = (name: string, length: number) => {
      const values = new Float32Array(length);
      this.#session.read(name, values);
      return values;
    };
    const sizeOfOutput = (layer: number) =>
      sizeOf(this.#network.layers[layer].outputShape) * rows.count;
    const size = this.#parameters.trainable?.shape.cols ?? 0;
    return {
      loss: this.#session.readNumber(LOSS),
      output: (layer) => read(outputPlace(layer), sizeOfOutput(layer)),
      outputGradient: (layer) => read(outputGradientPlace(layer), sizeOfOutput(layer)),
      weight: (spec) => {
        const owner = this.#parameters.weights.find((weight) => weight.spec === spec);
        if (!owner) throw new Error(`internal: no weight ${spec.name}`);
        const start = owner.offset + (spec.trainable ? 0 : size);
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
    const before = layer === 0 ? null : this.#outputs[layer - 1];
    const made = madeBetween(before, this.#outputs[layer]);
    return this.#firstOpOf(made, weights, rows, step);
  }

  /** The same from the output to the loss. */
  firstOpOfLoss(weights: Float32Array, rows: ProbedRows, step: number): OpSeen | null {
    const made = madeBetween(this.#outputs.at(-1) ?? null, this.#named[LOSS]);
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
    const plan = makePlan(this.#graph, { [PROGRAM]: Object.values(named) }, named, this.#maxBatch);
    if (plan.size > MAX_ARENA) return null;
    const session = sessionFor(plan, this.#settings);
    run(session, this.#parameters, weights, rows, step);
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

/** The bits are those of the run: the same on each engine but native, which has to be asked again. */
function sessionFor(plan: Plan, { seed, engine, threads, blas }: ProbeSettings): Session {
  if (engine === 'native') return prepare(plan, seed, { engine, threads, blas }).session;
  return prepare(plan, seed, { engine: plan.size <= SMALL ? 'reference' : engine }).session;
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
