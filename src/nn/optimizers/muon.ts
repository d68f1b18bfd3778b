/**
 * Muon (Jordan et al. 2024): the momentum of a matrix is brought close to the nearest orthogonal one
 * by a Newton–Schulz iteration. All that is no matrix is moved by Adam. As Keras 3 codes it.
 */
import * as v from 'valibot';
import type { Tensor } from '../../graph/graph.ts';
import { add, div, matmul, matmulTransposeA, matmulTransposeB, mul, sub } from '../../graph/ops.ts';
import {
  expected,
  flag,
  fraction,
  fractionBelowOne,
  notNegative,
  number,
  whole,
} from '../../spec/values.ts';
import { EPSILON } from '../epsilon.ts';
import type { WeightTensor } from '../forward.ts';
import type { Given } from '../given.ts';
import { norm } from '../norm.ts';
import { adamUpdate } from './adam.ts';
import { epsilon } from './arguments.ts';
import { sameShape, type UpdateContext, weightOptimizer } from './optimizer.ts';

/** Each step of Muon's iteration is three matrix products in every training step. */
const MAX_NEWTON_SCHULZ_STEPS = 100;

/** Part of the name of layers. Keras searches with regular expressions, which plain words are. */
const keywordPhrase = 'parts of layer names: letters, digits, "_", "-", "/" and blanks';
const keyword = v.pipe(
  v.string(expected(keywordPhrase)),
  v.regex(/^[\w /-]+$/, expected(keywordPhrase)),
);

const muonArguments = {
  adam_beta_1: v.optional(fractionBelowOne(), 0.9),
  adam_beta_2: v.optional(fractionBelowOne(), 0.999),
  /** Of the weights that Adam moves; `weight_decay` is of the others. */
  adam_weight_decay: v.optional(v.nullable(notNegative()), 0.004),
  epsilon,
  exclude_layers: v.nullish(v.array(keyword, expected(keywordPhrase)), []),
  exclude_embeddings: v.optional(flag(), true),
  muon_a: v.optional(number(), 3.4445),
  muon_b: v.optional(number(), -4.775),
  muon_c: v.optional(number(), 2.0315),
  adam_lr_ratio: v.optional(notNegative(), 1),
  momentum: v.optional(fraction(), 0.95),
  ns_steps: v.optional(whole(0, MAX_NEWTON_SCHULZ_STEPS), 5),
  nesterov: v.optional(flag(), true),
  /** Null: the update is not scaled by the matrix's size. */
  rms_rate: v.optional(v.nullable(notNegative()), 0.2),
  weight_decay: v.optional(v.nullable(notNegative()), 0.004),
};
type MuonSpec = Given<typeof muonArguments>;

/** By the names that documents use. */
export const orthogonalised = {
  muon: weightOptimizer({
    aliases: ['Muon'],
    learningRate: 0.001,
    arguments: muonArguments,
    formula:
      'm = momentum * m + g; x = u / (norm(u) + 1e-7); ns_steps times: a = x xᵀ, x = muon_a * x + (muon_b * a + muon_c * a a) x; w = w - lr * rms_rate * sqrt(max(rows, cols)) * x',
    where:
      'u is g + momentum * m, or m with `nesterov` false; a matrix with more rows than columns is turned for it; `rms_rate` null: w = w - lr * x. What is no matrix, or excluded, moves by Adam with `adam_beta_1`, `adam_beta_2`, `adam_weight_decay` and lr * adam_lr_ratio',
    differences: [
      '`exclude_layers` are parts of `layer/weight`, plain text, where Keras searches the path, which begins with the name of the model, with regular expressions',
    ],

    slots: (spec, weight) => [
      sameShape('momentum', weight),
      ...(isMatrix(spec, weight) ? [] : [sameShape('velocity', weight)]),
    ],

    decay: (spec, weight) =>
      (isMatrix(spec, weight) ? spec.weight_decay : spec.adam_weight_decay) ?? undefined,

    update(w, g, spec, context, weight) {
      if (isMatrix(spec, weight)) return muonUpdate(w, g, spec, context);
      const { adam_beta_1: beta_1, adam_beta_2: beta_2, epsilon } = spec;
      const learningRate = mul(context.learningRate, spec.adam_lr_ratio);
      const rest = { beta_1, beta_2, epsilon, amsgrad: false };
      return adamUpdate(w, g, rest, { ...context, learningRate });
    },
  }),
};

/** What Keras calls the weight's path decides, and its rank. */
function isMatrix(spec: MuonSpec, { spec: { layer, name, shape } }: WeightTensor): boolean {
  if (shape.length !== 2) return false;
  const path = `${layer}/${name}`;
  if (spec.exclude_embeddings && path.toLowerCase().includes('embedding')) return false;
  return !spec.exclude_layers.some((keyword) => path.includes(keyword));
}

function muonUpdate(w: Tensor, g: Tensor, spec: MuonSpec, context: UpdateContext): Tensor {
  const { momentum, nesterov, rms_rate } = spec;
  const slot = context.slot('momentum');
  const m = add(slot, add(g, mul(slot, momentum - 1)));
  context.storeSlot(slot, m);
  const direction = orthogonalized(nesterov ? add(g, mul(m, momentum)) : m, spec);
  const move = mul(direction, context.learningRate);
  if (rms_rate === null) return sub(w, move);
  const { rows, cols } = w.shape;
  return sub(w, mul(mul(move, Math.sqrt(Math.max(rows, cols))), rms_rate));
}

/** X ← a X + (b A + c A²) X, where A is X Xᵀ, from X = G / ‖G‖; on the side that is shorter. */
function orthogonalized(x: Tensor, { muon_a, muon_b, muon_c, ns_steps }: MuonSpec): Tensor {
  const { rows, cols } = x.shape;
  const isTall = rows > cols;
  let result = div(x, add(norm(x), EPSILON));
  for (let i = 0; i < ns_steps; i++) {
    // Where Keras transposes first, the same products are taken from the other side.
    const a = isTall ? matmulTransposeA(result, result) : matmulTransposeB(result, result);
    const b = add(mul(a, muon_b), matmul(mul(a, muon_c), a));
    const turned = isTall ? matmul(result, b) : matmul(b, result);
    result = add(mul(result, muon_a), turned);
  }
  return result;
}
