import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import {
  checkOverwrite,
  epochLogKind,
  modelKind,
  type OwnKind,
} from '../../src/files/overwrite.ts';

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp-overwrite-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Null where the check passes, else what it says, without the folder's name. */
function refusal(path: string, inputs: string[], own: OwnKind | null): string | null {
  try {
    checkOverwrite(path, inputs, '-o', own);
    return null;
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== 6) throw error;
    return error.format().replaceAll(folder, '.');
  }
}

const NOT_OURS =
  'mlp: ./out.json: expected a new file or a model written by mlp; found another file\n  name another one: -o FILE, or add --force to overwrite it\n';

test('a new file may be written', () => {
  expect(refusal(at('out.json'), ['-', at('model.json')], modelKind('mlp-model'))).toBeNull();
});

test.each(['{\n  "format": "mlp-model",\n  "version": 1\n}\n', '\ufeff{"format":"mlp-model"'])(
  'a model of ours may be replaced: %j',
  (text) => {
    writeFileSync(at('out.json'), text);
    expect(refusal(at('out.json'), [], modelKind('mlp-model'))).toBeNull();
  },
);

test.each(['', 'x', '{"layers": []}', '{"format": "other"}', '{"a": 1, "format": "mlp-model"}'])(
  'another file is only replaced by force: %j',
  (text) => {
    writeFileSync(at('out.json'), text);
    expect(refusal(at('out.json'), [], modelKind('mlp-model'))).toBe(NOT_OURS);
    expect(refusal(at('out.json'), [], null)).toBeNull();
  },
);

test('a file that is read is never written, whatever it is called and forced', () => {
  writeFileSync(at('model.json'), '{"format":"mlp-model"}');
  symlinkSync('model.json', at('link.json'));
  const text =
    'expected a file that the command does not use otherwise; found one that it does\n  name another one: -o FILE\n';
  for (const name of ['model.json', 'link.json']) {
    expect(refusal(at(name), [at('model.json')], null)).toBe(`mlp: ./${name}: ${text}`);
  }
});

test('a log of epochs may be replaced, another table may not', () => {
  for (const text of ['', 'epoch,loss\r\n0,0.5\r\n']) {
    writeFileSync(at('log.csv'), text);
    expect(refusal(at('log.csv'), [], epochLogKind)).toBeNull();
  }
  writeFileSync(at('log.csv'), 'x,y\n1,2\n');
  expect(refusal(at('log.csv'), [], epochLogKind)).toBe(
    'mlp: ./log.csv: expected a new file or a log of epochs; found another file\n  name another one: -o FILE, or add --force to overwrite it\n',
  );
});
