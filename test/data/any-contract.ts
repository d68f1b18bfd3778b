/** Any contract that a model file may hold, for properties. */
import fc from 'fast-check';
import type {
  Column,
  Columns,
  FeatureColumn,
  NumericInput,
  TargetColumn,
  UnusedColumn,
} from '../../src/data/columns.ts';
import { DATE_PARTS } from '../../src/data/dates.ts';

// JSON has no negative zero.
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => (value === 0 ? 0 : value));
const scale = number.filter((value) => value !== 0);
const name = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', '__proto__', 'y'));
const words = fc.uniqueArray(name, { minLength: 1, maxLength: 5 });
const normalize = fc.constantFrom('zscore', 'minmax', 'robust');
/** What a record has besides, of which each may be absent. */
const some = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] });
const scaling = some({ shift: number, scale });
/** A policy, and the numbers of inputs that have what it fills with. */
const missing = fc.constantFrom(
  undefined,
  'mean' as const,
  'median' as const,
  'mode' as const,
  'indicator' as const,
  'drop' as const,
);
const filledInput = (policy: string | undefined) =>
  policy === undefined || policy === 'drop'
    ? scaling
    : fc.tuple(scaling, number).map(([rest, fill]): NumericInput => ({ ...rest, fill }));
const policyOf = (policy: FeatureColumn['missing']) =>
  policy === undefined ? {} : { missing: policy };

const numberFeature = missing.chain((policy) =>
  fc
    .tuple(filledInput(policy), some({ normalize }))
    .map(([input, rest]) => ({ kind: 'number', ...policyOf(policy), ...rest, ...input })),
);
const booleanFeature = missing.chain((policy) =>
  fc
    .tuple(filledInput(policy), fc.constantFrom(['no', 'yes'], ['false', 'true']))
    .map(([input, values]) => ({ kind: 'boolean', values, ...policyOf(policy), ...input })),
);
const dateFeature = missing.chain((policy) =>
  fc
    .tuple(
      fc.uniqueArray(fc.tuple(fc.constantFrom(...DATE_PARTS), filledInput(policy)), {
        minLength: 1,
        selector: ([part]) => part,
      }),
      some({ normalize }),
    )
    .map(([parts, rest]) => ({
      kind: 'date',
      ...policyOf(policy),
      ...rest,
      parts: parts.map(([part, input]) => ({ part, ...input })),
    })),
);
const categoryFeature = words.chain((categories) =>
  fc
    .tuple(
      fc.constantFrom(
        {},
        { missing: 'category' },
        { missing: 'drop' },
        { missing: 'mode', fill: categories[0] },
      ),
      some({ unknown: fc.constant('other') }),
    )
    .map(([policy, rest]) => ({ kind: 'category', categories, ...policy, ...rest })),
);
const feature = fc.oneof(numberFeature, booleanFeature, dateFeature, categoryFeature);
const target = fc.oneof(
  scaling.map((rest) => ({ kind: 'number', ...rest })),
  words.map((classes) => ({ kind: 'class', classes })),
);
const roles = fc.oneof(
  feature.map((record) => ({ role: 'feature', record })),
  target.map((record) => ({ role: 'target', record })),
  name.map((reason) => ({ role: 'unused', record: { reason } })),
);

/** Contracts as training writes them, with every kind of feature and target. */
export const anyContract: fc.Arbitrary<Columns> = fc
  .record({
    columns: fc.uniqueArray(fc.tuple(name, roles), { maxLength: 8, selector: ([each]) => each }),
    first: feature,
    header: fc.boolean(),
    written: some({ na: fc.array(name), decimal_comma: fc.boolean() }),
    weight: fc.boolean(),
  })
  .map(({ columns, first, header, written, weight }) => {
    const all = [
      ...columns.map(([title, { role, record }], index) => ({
        role,
        record: { name: `c${title}`, position: index + 1, ...record },
      })),
      { role: 'feature', record: { name: 'first', position: columns.length + 1, ...first } },
    ];
    const of = <T extends Column>(wanted: string) =>
      all.flatMap(({ role, record }) => (role === wanted ? [record as unknown as T] : []));
    const unused = of<UnusedColumn>('unused');
    const made: Columns = {
      header,
      ...written,
      features: of<FeatureColumn>('feature'),
      targets: of<TargetColumn>('target'),
      ...(weight ? { sample_weight: { name: 'weight', position: all.length + 1 } } : {}),
      ...(unused.length > 0 ? { unused } : {}),
    };
    return made;
  });
