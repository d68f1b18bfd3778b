import { expect, test } from 'vitest';
import { PythonFloat } from '../../src/records.ts';
import { formatPythonJson } from '../../src/report/python-json.ts';

test('JSON is written as json.dumps writes it', () => {
  const value = {
    whole: 3,
    floats: [1, 1e-7, 0.1, 1e16, -0].map((number) => new PythonFloat(number)),
    text: 'ü "層" 😀\n',
    nothing: [null, true, false, {}, []],
  };
  // As Python 3.11 prints the same.
  expect(formatPythonJson(value)).toBe(
    '{"whole": 3, "floats": [1.0, 1e-07, 0.1, 1e+16, -0.0], "text": "\\u00fc \\"\\u5c64\\" \\ud83d\\ude00\\n", "nothing": [null, true, false, {}, []]}',
  );
});
