/** How the columns of a contract become numbers, in words for people. */
import { formatShort, quote } from '../words.ts';
import type { DateFeature, FeatureColumn, NumericInput, Scaling, TargetColumn } from './columns.ts';
import { listNames } from './heading.ts';

/** All of it: `zscore (x - 3.05) / 0.43; missing → 29.88`. */
export function describeFeature(feature: FeatureColumn): string {
  const texts = [describeValues(feature), ...describeMissing(feature)];
  if (feature.kind === 'category' && feature.unknown === 'other') texts.push('others → all 0');
  return texts.filter((text) => text !== '').join('; ') || AS_IT_IS;
}

export const AS_IT_IS = 'as it is';

/** What a value becomes; nothing for a number that stays as it is. */
function describeValues(feature: FeatureColumn): string {
  switch (feature.kind) {
    case 'number':
      return describeScaling(feature, feature.normalize);
    case 'boolean':
      return describeWords(feature.values);
    case 'category':
      return `an input each: ${listNames(feature.categories)}`;
    case 'date':
      return describeParts(feature);
  }
}

/** `"no" is 0, "yes" is 1` */
export function describeWords(values: readonly [string, string]): string {
  return values.map((word, index) => `${quote(word)} is ${index}`).join(', ');
}

/** `zscore (x - 3.05) / 0.43`; nothing where the number stays as it is. */
export function describeScaling(input: NumericInput, normalize: Scaling | undefined): string {
  const { shift = 0, scale = 1 } = input;
  if (normalize === undefined && shift === 0 && scale === 1) return '';
  return [...(normalize ? [normalize] : []), describeFormula(input)].join(' ');
}

/** `(x - 3.05) / 0.43` */
export function describeFormula({ shift = 0, scale = 1 }: NumericInput): string {
  const moved = `x ${shift < 0 ? '+' : '-'} ${formatShort(Math.abs(shift))}`;
  return scale === 1 ? moved : `(${moved}) / ${formatShort(scale)}`;
}

/** `zscore of year (x - 2008) / 0.81, month (x - 6.2) / 3.4` */
function describeParts({ parts, normalize }: DateFeature): string {
  const each = parts.map((part) => [part.part, describeScaling(part, undefined)].join(' ').trim());
  return `${normalize ? `${normalize} of ` : ''}${each.join(', ')}`;
}

function describeMissing(feature: FeatureColumn): readonly string[] {
  switch (feature.missing) {
    case undefined:
      return [];
    case 'drop':
      return ['rows without it are left out'];
    case 'category':
      return ['missing → an input of its own'];
    case 'indicator':
      return [`missing → ${fillText(feature)}, and 1 in an input of its own`];
    default:
      return [`missing → ${fillText(feature)}`];
  }
}

/** What stands in for a missing value; for dates, whose parts have one each, what it is. */
export function fillText(feature: FeatureColumn): string {
  if (feature.kind === 'date') {
    return `the ${feature.missing === 'indicator' ? 'mean' : feature.missing}`;
  }
  const { fill } = feature;
  if (fill === undefined) return 'nothing';
  return typeof fill === 'string' ? quote(fill) : formatShort(fill);
}

/** `target of 3 classes: "a", "b", "c"`, or how numbers are learnt. */
export function describeTarget(target: TargetColumn): string {
  if (target.kind === 'class') {
    return `target of ${target.classes.length} classes: ${listNames(target.classes)}`;
  }
  if (target.shift === undefined && target.scale === undefined) return `target ${AS_IT_IS}`;
  return `target learnt as ${describeFormula(target)}; predictions are turned back`;
}
