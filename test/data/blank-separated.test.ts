import { expect, test } from 'vitest';
import { readBlankSeparated } from '../../src/data/blank-separated.ts';
import { failure, rowsOf, sourceOf } from './text-source.ts';

const read = async (text: string, chunk = 2 ** 16, comment?: string) =>
  (await rowsOf(readBlankSeparated(sourceOf(text, { chunk }), { comment }))).map(
    ({ cells, line }) => [line, ...cells],
  );

test('cells are what is between blanks and tabs, and what is quoted', async () => {
  const text =
    'mpg\tyear name\r\n\n18.0   70\t"buick skylark 320"\r\n  .5 71  ""\t\n# 1\n7 8 "say ""hi"""';
  for (const chunk of [1, 3, 2 ** 16]) {
    expect(await read(text, chunk, '#')).toEqual([
      [1, 'mpg', 'year', 'name'],
      [3, '18.0', '70', 'buick skylark 320'],
      [4, '.5', '71', ''],
      [6, '7', '8', 'say "hi"'],
    ]);
  }
});

test.each([
  ['a b\n1 2 3\n', 'data.csv:2: expected 2 cells as in line 1; found 3', /blanks must stand in/],
  ['a b\n1 "2\n', 'data.csv:2: expected a closing quote and a blank after it', /written twice/],
  ['a b\n1 "2"3\n', 'data.csv:2: expected a closing quote and a blank after it', /written twice/],
  ['', 'data.csv: expected rows of cells; found an empty file', /$/],
  ['\n \n', 'data.csv: expected rows of cells; found only blank lines', /$/],
])('%j is refused', async (text, problem, remedy) => {
  const message = await failure(() => read(text));
  expect(message).toContain(`3\nmlp: ${problem}`);
  expect(message).toMatch(remedy);
});
