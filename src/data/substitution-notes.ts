/** What is told about cells of a later table that were taken for what they do not say. */
import { formatThousands } from '../words.ts';
import { columnLabel, type Heading } from './heading.ts';
import type { Substitutions } from './row-encoder.ts';

/** So many columns are named; then "and N more columns". */
const MAX_COLUMNS = 10;

/** Lines for people: a column in each. */
export function substitutionNotes(
  substitutions: readonly Substitutions[],
  { header, names }: Heading,
): readonly string[] {
  const notes = substitutions.flatMap(({ index, filled, unseen }) => {
    const label = columnLabel(header, names, index);
    return [
      ...(filled === 0 ? [] : [`filled ${cells(filled, 'missing ')} of ${label}`]),
      ...(unseen === 0
        ? []
        : [
            `took ${cells(unseen)} of ${label} for none of the categories: training never saw them`,
          ]),
    ];
  });
  const more = notes.length - MAX_COLUMNS;
  if (more <= 0) return notes;
  return [...notes.slice(0, MAX_COLUMNS), `and so in ${formatThousands(more)} more columns`];
}

function cells(count: number, kind = ''): string {
  return `${formatThousands(count)} ${kind}cell${count === 1 ? '' : 's'}`;
}
