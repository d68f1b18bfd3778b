/** Every hostile file of fixtures/bad-models, read as a spec and built: the whole message, or none. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import cases from '../../fixtures/bad-models/cases.json' with { type: 'json' };
import { buildNetwork } from '../../src/nn/network.ts';
import { placeOfLayer, readSpec } from '../../src/spec/read-spec.ts';
import { refusal } from './read-errors.ts';

/** What a command does with a model file before it looks at weights. */
function readAndBuild(text: string, file: string) {
  const model = readSpec(text, file);
  const { spec } = model;
  if (spec.input_shape) {
    const place = (index: number) => `${file}: ${placeOfLayer(model, index)}`;
    buildNetwork(spec, spec.input_shape, place);
  }
}

const folder = resolve(import.meta.dirname, '../../fixtures/bad-models');

/** Reading the slowest of them takes a third of this on a slow machine. */
const MOST_MILLISECONDS = 1000;

describe.each(cases.cases)('$file ($wrong)', ({ file, expect: wanted }) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const message = join(folder, file.replace('.json', '.txt'));

  if (existsSync(message)) {
    test('is refused with the whole message beside it', () => {
      const start = performance.now();
      const { text: found, exitCode } = refusal(() => readAndBuild(text, file));
      expect(performance.now() - start).toBeLessThan(MOST_MILLISECONDS);
      expect(found).toBe(readFileSync(message, 'utf8'));
      expect(exitCode).toBe(2);
      if (wanted.path) expect(found).toContain(wanted.path);
      if ('line' in wanted) expect(found).toContain(`${file}:${wanted.line}:`);
    });
  } else {
    test('has a spec that is read', () => {
      const { spec } = readSpec(text, file);
      expect(spec.layers.map(({ name }) => name)).toEqual(['hidden', 'out']);
    });
  }
});

test('no file has changed what all objects have', () => {
  expect({}).not.toHaveProperty('polluted');
  expect({}).not.toHaveProperty('units');
});
