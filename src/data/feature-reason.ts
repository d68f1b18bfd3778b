/** What is done with a feature and why, in words for people. */
import { formatThousands, quote } from '../words.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { FeatureColumn } from './columns.ts';
import type { DatePart } from './dates.ts';

/** What is done with a column, and the option that would do something else. */
export function explainFeature(
  feature: FeatureColumn,
  { missing }: ColumnProfile,
): { reason: string; remedy: string | null } {
  const filled = missing > 0 ? [missingReason(feature, missing)] : [];
  switch (feature.kind) {
    case 'number': {
      const scaled = feature.normalize ? [feature.normalize] : [];
      return {
        reason: [...scaled, ...filled].join('; ') || 'as it is',
        remedy: missing > 0 ? '--missing' : null,
      };
    }
    case 'boolean':
      return {
        reason: [`${feature.values.join(' 0, ')} 1`, ...filled].join('; '),
        remedy: '--categorical',
      };
    case 'date': {
      const parts: readonly DatePart[] = feature.parts.map(({ part }) => part);
      return { reason: [parts.join(', '), ...filled].join('; '), remedy: '--categorical' };
    }
    case 'category': {
      const count = `one input for each of ${feature.categories.length} categories`;
      return { reason: [count, ...filled].join('; '), remedy: '--ignore' };
    }
  }
}

function missingReason(feature: FeatureColumn, missing: number): string {
  const count = `${formatThousands(missing)} missing`;
  switch (feature.missing) {
    case undefined:
      return count;
    case 'drop':
      return `rows of ${count} left out`;
    case 'category':
      return `${count} are a category of their own`;
    default: {
      const fill =
        'fill' in feature && feature.fill !== undefined ? ` ${shortNumber(feature.fill)}` : '';
      const name = feature.missing === 'indicator' ? 'mean' : feature.missing;
      const told = feature.missing === 'indicator' ? ', told by one more input' : '';
      return `${count} filled with the ${name}${fill}${told}`;
    }
  }
}

function shortNumber(value: number | string): string {
  return typeof value === 'string' ? quote(value) : String(Number(value.toPrecision(4)));
}
