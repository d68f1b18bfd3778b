/** How a feature of a new contract is filled and scaled, from the rows to train with. */
import { ExitCode, UserError } from '../errors.ts';
import { formatThousands } from '../words.ts';
import type { CellSyntax } from './cell-syntax.ts';
import { categoryKey, orderCategories } from './classes.ts';
import { type ColumnProfile, numbersOf, type RowSelection } from './column-profile.ts';
import {
  type CategoryFeature,
  type Column,
  type DateFeature,
  type FeatureColumn,
  inputsOf,
  type MissingPolicy,
  type NumericInput,
  type Scaling,
} from './columns.ts';
import { DATE_PARTS, parseDate, partOf } from './dates.ts';
import type { KindDecision } from './decide-kind.ts';
import { columnLabel, type Heading } from './heading.ts';
import {
  fillOf,
  isOfUsualSize,
  scalingOf,
  type TrainingNumbers,
  trainingNumbers,
} from './scaling.ts';
import { momentsOf } from './statistics.ts';
import type { SurveyedColumn } from './survey.ts';

/** A column of more categories than this is left out where nobody says otherwise. */
export const ONE_HOT_LIMIT = 1000;

/** What the user says of all features. */
export interface FeatureChoice {
  /** `auto`: zscore for all number columns, if any of them is far from 0 or of another size than 1. */
  readonly normalize: 'none' | 'auto' | Scaling;
  /** `auto`: the mean for numbers, a category of its own for categories, where values are missing. */
  readonly missing: 'auto' | 'error' | Exclude<MissingPolicy, 'category'>;
  readonly unknownCategory: 'error' | 'other';
  /** A column with more categories is left out. */
  readonly oneHotLimit: number;
  /** How many inputs the network has, where it is given: then a constant column may be one of them. */
  readonly inputs?: number;
}

/** A column on the way to its decision. */
export interface Candidate {
  readonly index: number;
  readonly column: SurveyedColumn;
  readonly profile: ColumnProfile;
  readonly decision: KindDecision;
}

/** Makes the features of a new contract. */
export class FeatureMaker {
  readonly #heading: Heading;
  readonly #choice: FeatureChoice;
  readonly #training: RowSelection;
  readonly #syntax: CellSyntax;
  #scaling: 'none' | Scaling;

  constructor(heading: Heading, choice: FeatureChoice, training: RowSelection, syntax: CellSyntax) {
    this.#heading = heading;
    this.#choice = choice;
    this.#training = training;
    this.#syntax = syntax;
    this.#scaling = choice.normalize === 'auto' ? 'none' : choice.normalize;
  }

  /** How many inputs a candidate will be. */
  countInputs(candidate: Candidate): number {
    const feature = this.featureOf(candidate);
    return feature === null ? 0 : inputsOf(feature);
  }

  /** Where nobody said how to scale: whether it is needed. */
  chooseScaling(candidates: readonly Candidate[]): void {
    if (this.#choice.normalize !== 'auto') return;
    const isNeeded = candidates.some((candidate) => {
      const { kind } = candidate.decision;
      if (kind === 'date') return true;
      if (kind !== 'number') return false;
      const { present } = trainingNumbers(this.#numbers(candidate.column));
      return present.length > 0 && !isOfUsualSize(momentsOf(present));
    });
    this.#scaling = isNeeded ? 'zscore' : 'none';
  }

  /** Null where nothing of it is left. */
  featureOf({ index, column, profile, decision }: Candidate): FeatureColumn | null {
    const base = this.#columnAt(index);
    const { kind } = decision;
    switch (kind) {
      case 'unused':
        return null;
      case 'category':
        return this.#category(base, index, profile, column);
      case 'date':
        return this.#date(base, column);
      case 'boolean': {
        const values = numbersOf(column, this.#training, (text) =>
          this.#syntax.isMissing(text)
            ? Number.NaN
            : decision.values.indexOf(text.trim().toLowerCase()),
        );
        const numbers = trainingNumbers(values);
        const policy = this.#policy(profile.missing, column);
        const filled = policy === undefined ? {} : this.#fill(numbers, policy);
        return { ...base, kind, values: decision.values, ...filled };
      }
      case 'number': {
        const numbers = trainingNumbers(this.#numbers(column));
        const policy = this.#policy(profile.missing, column);
        return { ...base, kind, ...this.#numeric(numbers, policy), ...this.#normalize(numbers) };
      }
    }
  }

  #columnAt(index: number): Column {
    return { name: this.#heading.names[index], position: index + 1 };
  }

  #numbers(column: SurveyedColumn): Float64Array {
    const { isMissing, number } = this.#syntax;
    return numbersOf(column, this.#training, (text) =>
      isMissing(text) ? Number.NaN : (number(text) ?? Number.NaN),
    );
  }

  /** What is done with missing numbers; undefined where they are mistakes. */
  #policy(missing: number, column: SurveyedColumn): Exclude<MissingPolicy, 'category'> | undefined {
    const { missing: asked } = this.#choice;
    if (asked === 'error') return undefined;
    // Rows that cannot be learnt from, for lack of a target, are no less rows to predict.
    if (asked === 'auto') return column.missing.count > 0 ? 'mean' : undefined;
    return asked === 'indicator' && missing === 0 ? 'mean' : asked;
  }

  #fill(numbers: TrainingNumbers, policy: Exclude<MissingPolicy, 'category'>) {
    if (policy === 'drop') return { missing: policy };
    // A column that is empty in all training rows was left out, or has values to validate with only.
    const fill = numbers.present.length === 0 ? 0 : fillOf(numbers, policy);
    return { missing: policy, fill };
  }

  #numeric(numbers: TrainingNumbers, policy: Exclude<MissingPolicy, 'category'> | undefined) {
    const filled: { missing?: MissingPolicy; fill?: number } =
      policy === undefined ? {} : this.#fill(numbers, policy);
    return { ...filled, ...this.#scale(numbers, filled.fill) };
  }

  #scale(numbers: TrainingNumbers, fill: number | undefined): NumericInput {
    if (this.#scaling === 'none' || numbers.present.length === 0) return {};
    return scalingOf(numbers, fill, this.#scaling);
  }

  #normalize(numbers: TrainingNumbers): { normalize?: Scaling } {
    const { present } = numbers;
    return this.#scaling === 'none' || present.length === 0 ? {} : { normalize: this.#scaling };
  }

  #date(base: Column, column: SurveyedColumn): DateFeature | null {
    const moments = numbersOf(column, this.#training, (text) =>
      this.#syntax.isMissing(text) ? Number.NaN : (parseDate(text) ?? Number.NaN),
    );
    const { missing } = trainingNumbers(moments);
    const policy = this.#policy(missing, column);
    const parts = DATE_PARTS.flatMap((part) => {
      const numbers = trainingNumbers(moments.map((moment) => partOf(moment, part)));
      if (!varies(numbers.present)) return [];
      const { missing: _, ...input } = this.#numeric(numbers, policy);
      return [{ part, ...input }];
    });
    if (parts.length === 0) return null;
    const scaling = this.#scaling === 'none' ? {} : { normalize: this.#scaling };
    const filled = policy === undefined ? {} : { missing: policy };
    return { ...base, kind: 'date', ...filled, ...scaling, parts };
  }

  #category(
    base: Column,
    index: number,
    { texts, missing }: ColumnProfile,
    column: SurveyedColumn,
  ): CategoryFeature {
    const categories = texts === null ? null : orderCategories(texts, this.#syntax);
    const { oneHotLimit, unknownCategory } = this.#choice;
    if (categories === null || categories.length > oneHotLimit) {
      throw this.#tooMany(index, categories?.length);
    }
    const unknown = unknownCategory === 'other' ? { unknown: 'other' as const } : {};
    const policy = this.#categoryPolicy(missing, column);
    const filled =
      policy === 'mode'
        ? { missing: policy, fill: this.#commonest(column, categories) }
        : policy === undefined
          ? {}
          : { missing: policy };
    return { ...base, kind: 'category', categories, ...filled, ...unknown };
  }

  #categoryPolicy(
    missing: number,
    column: SurveyedColumn,
  ): 'category' | 'mode' | 'drop' | undefined {
    const { missing: asked } = this.#choice;
    if (asked === 'error') return undefined;
    if (asked === 'mode' || asked === 'drop') return asked;
    // Nothing can be learnt of a category that only rows without a target have.
    if (missing === 0) return column.missing.count > 0 ? 'mode' : undefined;
    return 'category';
  }

  /** The commonest category of the training rows; the first of those that are equally common. */
  #commonest({ values }: SurveyedColumn, categories: readonly string[]): string {
    if (values.form !== 'codes') throw new Error('internal: categories have codes');
    const keyOf = categoryKey(categories, this.#syntax);
    const keys = values.texts.map((text) => (this.#syntax.isMissing(text) ? '' : keyOf(text)));
    const counts = new Map<string, number>();
    for (const row of this.#training) {
      const key = keys[values.codes[row]];
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const count = (name: string) => counts.get(keyOf(name)) ?? 0;
    return categories.reduce((best, name) => (count(name) > count(best) ? name : best));
  }

  #tooMany(index: number, found: number | undefined): UserError {
    const { source, header, names } = this.#heading;
    const count = found === undefined ? 'more' : formatThousands(found);
    return new UserError(
      ExitCode.data,
      `${source} ${columnLabel(header, names, index)}: expected at most ${this.#choice.oneHotLimit} categories; found ${count}`,
      'allow more of them with --one-hot-limit N, or leave the column out: --ignore NAME',
    );
  }
}

function varies(values: Float64Array): boolean {
  return values.some((value) => value !== values[0]);
}
