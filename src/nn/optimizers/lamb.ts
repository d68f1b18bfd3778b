/** LAMB (You et al. 2020): Adam's step, made as long as the weight that it moves. As Keras 3 codes it. */
import { add, div, gt, mul, sqrt, square, sub, where } from '../../graph/ops.ts';
import { norm } from '../norm.ts';
import { betas, CORRECTED_V, M, V } from './arguments.ts';
import { moveTowards, power } from './averages.ts';
import { sameShape, weightOptimizer } from './optimizer.ts';

/** By the names that documents use. */
export const layerwise = {
  lamb: weightOptimizer({
    aliases: ['Lamb'],
    learningRate: 0.001,
    arguments: { ...betas },
    formula: `${M}; ${V}; u = m / (1 - beta_1 ** t) / (sqrt(${CORRECTED_V}) + epsilon); w = w - lr * norm(w) / norm(u) * u`,
    where: 'norm(w) / norm(u) is 1 where one of them is 0',
    differences: ['as a word too; Keras takes it as an object only'],
    slots: (_spec, weight) => [sameShape('momentum', weight), sameShape('velocity', weight)],
    update(w, g, { beta_1, beta_2, epsilon }, context) {
      const m = moveTowards('momentum', g, 1 - beta_1, context);
      const v = moveTowards('velocity', square(g), 1 - beta_2, context);
      const corrected = div(m, sub(1, power(beta_1, context.step)));
      const root = sqrt(div(v, sub(1, power(beta_2, context.step))));
      const move = div(corrected, add(root, epsilon));
      const [weightNorm, moveNorm] = [norm(w), norm(move)];
      // 1 where either is 0: a weight of zeros could never leave them.
      const ratio = where(
        gt(weightNorm, 0),
        where(gt(moveNorm, 0), div(weightNorm, moveNorm), 1),
        1,
      );
      return sub(w, mul(mul(ratio, context.learningRate), move));
    },
  }),
};
