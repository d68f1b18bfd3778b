/**
 * Muon (Jordan et al. 2024): the momentum of a matrix is brought close to the nearest orthogonal one
 * by a Newton–Schulz iteration. All that is no matrix is moved by Adam. As Keras 3 codes it.
 */
import type { Tensor } from '../../graph/graph.ts';
import { add, div, matmul, matmulTransposeA, matmulTransposeB, mul, sub } from '../../graph/ops.ts';
import type { OptimizerOf } from '../../spec/optimizers.ts';
import { EPSILON } from '../epsilon.ts';
import type { WeightTensor } from '../forward.ts';
import { norm } from '../norm.ts';
import { adamUpdate } from './adam.ts';
import { sameShape, type UpdateContext, type WeightOptimizer } from './optimizer.ts';

type MuonSpec = OptimizerOf<'muon'>;

export const muon: WeightOptimizer<MuonSpec> = {
  over: 'weight',

  slots: (spec, weight) => [
    sameShape('momentum', weight),
    ...(isMatrix(spec, weight) ? [] : [sameShape('velocity', weight)]),
  ],

  decay: (spec, weight) =>
    isMatrix(spec, weight) ? spec.weight_decay : (spec.adam_weight_decay ?? undefined),

  update(w, g, spec, context, weight) {
    if (isMatrix(spec, weight)) return muonUpdate(w, g, spec, context);
    const { adam_beta_1: beta_1, adam_beta_2: beta_2, epsilon } = spec;
    const learningRate = mul(context.learningRate, spec.adam_lr_ratio);
    const rest = { beta_1, beta_2, epsilon, amsgrad: false };
    return adamUpdate(w, g, rest, { ...context, learningRate });
  },
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
