/** What most likely helps a run whose numbers have failed, by where they failed and how large they were. */
import { losses } from '../nn/losses.ts';
import type { Network, NetworkLayer } from '../nn/network.ts';
import type { OptimizerSpec } from '../spec/optimizers.ts';
import { formatMagnitude, quote } from '../words.ts';
import type { Range } from './extremes.ts';
import type { First } from './first-not-finite.ts';
import type { FitSettings } from './fit.ts';

interface Facts {
  readonly network: Network;
  readonly settings: FitSettings;
  /** Where it began; null where nobody could look. */
  readonly first: First | null;
  /** Of the whole network, in the failing batch. */
  readonly outputs: Range | null;
  /** Largest absolute values of the batch. */
  readonly input: number;
  readonly target: number;
  readonly rate: number;
  /** Whether any step came before the one that failed. */
  readonly hasMoved: boolean;
}

/** Inputs and targets of one size are below this nearly always: z-scores of a million normal rows are below 5. */
const LARGE = 10;
/** A rate that nearly every network bears, and by how much less of one is tried. */
const SAFE_RATE = 0.01;
const LESS = 10;

/** Ops that have no value or no slope for some numbers, however small these are. */
const PARTIAL: readonly string[] = ['log', 'log1p', 'sqrt', 'rsqrt', 'pow', 'div', 'reciprocal'];

export interface Advice {
  /** For people, the likeliest first. */
  readonly lines: readonly string[];
  /** Options that make steps smaller; null where that does not help. */
  readonly smallerSteps: readonly string[] | null;
}

export function adviceOn(facts: Facts): Advice {
  const lines = formulaRemedy(facts) ?? lossRemedy(facts);
  return lines ? { lines, smallerSteps: null } : scaleAdvice(facts);
}

/** Keras's own functions are safe where formulas may not be. */
function formulaRemedy({ network: { layers }, first }: Facts): string[] | undefined {
  if (first === null || first.layer === null) return undefined;
  const layer = layers[first.layer];
  const formula = formulaOf(layer);
  if (formula === undefined) return undefined;
  const which = `look at the formula ${quote(formula)} of layer ${quote(layer.name)}`;
  if (first.kind === 'output' && first.by && PARTIAL.includes(first.by.op)) {
    return [`${which}: it has no value for some of these numbers`];
  }
  if (first.kind !== 'gradient') return undefined;
  return [`${which}: it has no slope at some of these numbers, as sqrt(x) at 0`];
}

function formulaOf({ spec }: NetworkLayer): string | undefined {
  if (!('activation' in spec) || spec.activation.kind !== 'formula') return undefined;
  return spec.activation.text;
}

/** Outputs that the loss has no value for. */
function lossRemedy({ first, outputs, settings: { loss } }: Facts): string[] | undefined {
  const { outputs: wanted } = losses[loss.type];
  const isOfLoss = first?.kind === 'loss' || (first?.kind === 'gradient' && first.layer === null);
  if (wanted === undefined || outputs === null || !isOfLoss) return undefined;
  const isLogits = 'from_logits' in loss && loss.from_logits === true;
  const { least, most } = outputs;
  const found = `found ${formatMagnitude(least)} … ${formatMagnitude(most)}`;
  if (wanted === 'not negative' && least < 0) {
    const end = '"activation": "softplus" or "exponential"';
    return [`the loss ${loss.type} takes outputs of 0 or more; ${found}: end the model in ${end}`];
  }
  if (wanted === 'probabilities' && !isLogits && (least < 0 || most > 1)) {
    const logits = 'from_logits' in loss ? ', or give the loss "from_logits": true' : '';
    const end = 'end the model in sigmoid or softmax';
    return [`the loss ${loss.type} takes probabilities; ${found}: ${end}${logits}`];
  }
  return undefined;
}

/** Numbers have grown until they were none. */
function scaleAdvice(facts: Facts): Advice {
  const { settings, input, rate, hasMoved } = facts;
  const { optimizer } = settings;
  const lines = [...sizeRemedies(facts)];
  if (!hasMoved && input <= LARGE) {
    lines.push('it is the first batch: look at the weights that training starts from');
  }
  if (rate === 0) return { lines, smallerSteps: null };
  const lower = rate > LESS * SAFE_RATE ? SAFE_RATE : rate / LESS;
  const clip = optimizer.type === 'lbfgs' || isClipped(optimizer) ? [] : ['--clip-norm 1'];
  const smallerSteps = [`--learning-rate ${formatMagnitude(lower)}`, ...clip];
  const before = lines.length === 0 ? 'most likely the steps are too large' : 'or smaller steps';
  return { lines: [...lines, `${before}: ${smallerSteps.join(', or ')}`], smallerSteps };
}

/** Inputs and targets that are large. */
function sizeRemedies({ settings: { inputNames, loss }, input, target }: Facts): string[] {
  const isTable = inputNames != null;
  const lines: string[] = [];
  if (input > LARGE) {
    const how = isTable
      ? 'bring them to one size with --normalize zscore'
      : 'bring them to one size';
    lines.push(`most likely the inputs are too large: ${how}`);
  }
  if (target > LARGE && losses[loss.type].targets === 'numbers') {
    const how = isTable ? 'learn them with --normalize-target yes' : 'bring them to one size';
    lines.push(`${input > LARGE ? 'and' : 'most likely'} the targets are too large: ${how}`);
  }
  return lines;
}

/** Whether an optimizer bounds its gradients. */
export function isClipped(optimizer: OptimizerSpec): boolean {
  if (optimizer.type === 'lbfgs') return false;
  const { clipnorm, clipvalue, global_clipnorm } = optimizer;
  return (clipnorm ?? clipvalue ?? global_clipnorm) !== undefined;
}
