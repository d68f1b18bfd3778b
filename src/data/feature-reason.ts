/** What is done with a feature of a first training table and why, in words for people. */
import { formatThousands } from '../words.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { FeatureColumn } from './columns.ts';
import {
  AS_IT_IS,
  describeFeature,
  describeScaling,
  describeWords,
  fillText,
} from './feature-text.ts';

/** Something that nobody asked for and somebody may want otherwise. */
export interface Guess {
  /** For one column: `2 missing filled with the mean 43.92`. */
  readonly text: string;
  /** For all columns of which the same was guessed, after their number: `of dates, an input for each part`. */
  readonly common: string;
  /** The option that turns it the other way; null where there is none. */
  readonly remedy: string | null;
}

/** What became of a feature. */
export interface Explanation {
  /** Whole: `zscore (x - 43.92) / 5.444; 2 missing filled with the mean 43.92`. */
  readonly reason: string;
  /** Null where numbers are numbers, for then nothing was guessed. */
  readonly guess: Guess | null;
}

export function explainFeature(feature: FeatureColumn, { missing }: ColumnProfile): Explanation {
  const filled = missing > 0 ? missingReason(feature, missing) : '';
  const also = missing > 0 ? missingInCommon(feature) : '';
  const guessed = (what: string, common: string, remedy: string): Explanation => ({
    reason: joined(what, filled),
    guess: { text: `${feature.kind}: ${joined(what, filled)}`, common: common + also, remedy },
  });
  switch (feature.kind) {
    case 'number': {
      const reason = joined(describeScaling(feature, feature.normalize), filled) || AS_IT_IS;
      const common = `of numbers${also}`;
      const guess = missing > 0 ? { text: filled, common, remedy: '--missing' } : null;
      return { reason, guess };
    }
    case 'boolean':
      return guessed(describeWords(feature.values), 'of two words, 0 and 1', '--categorical');
    case 'date': {
      const parts = feature.parts.map(({ part }) => part).join(', ');
      return {
        ...guessed(parts, 'of dates, an input for each part that varies', '--categorical'),
        reason: joined(describeFeature({ ...feature, missing: undefined }), filled),
      };
    }
    case 'category': {
      const count = `one input for each of ${feature.categories.length} categories`;
      return guessed(count, 'of categories, an input for each', '--ignore');
    }
  }
}

function joined(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('; ');
}

function missingReason(feature: FeatureColumn, missing: number): string {
  const count = `${formatThousands(missing)} missing`;
  switch (feature.missing) {
    case undefined:
      return count;
    case 'drop':
      return `rows of ${count} left out`;
    case 'category':
      return missing === 1
        ? `${count} is a category of its own`
        : `${count} are a category of their own`;
    case 'indicator':
      return `${count} filled with ${meanOf(feature)}, told by one more input`;
    default:
      return `${count} filled with ${meanOf(feature)}`;
  }
}

/** `the mean 43.92`, `the mode "male"`; of a date, which has one for each part, `the mean`. */
function meanOf(feature: FeatureColumn): string {
  const name = feature.missing === 'indicator' ? 'mean' : feature.missing;
  return feature.kind === 'date' ? `the ${name}` : `the ${name} ${fillText(feature)}`;
}

function missingInCommon({ missing }: FeatureColumn): string {
  switch (missing) {
    case undefined:
      return '';
    case 'drop':
      return ', rows with missing ones left out';
    case 'category':
      return ', and one where it is missing';
    case 'indicator':
      return ', missing ones filled with the mean and told by one more input';
    default:
      return `, missing ones filled with the ${missing}`;
  }
}
