/** Logs that grow line by line, on a system that takes a few bytes at a time. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { LineFile } from '../../src/files/line-file.ts';

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const writeSync = (file: number, bytes: Uint8Array, offset = 0, length = bytes.length) =>
    fs.writeSync(file, bytes, offset, Math.min(length, 3));
  return { ...fs, writeSync };
});

test('every line is there whole as soon as it is written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlp-lines-'));
  try {
    const path = join(folder, 'log.csv');
    const file = new LineFile(path);
    file.write('epoch,größe\n');
    expect(readFileSync(path, 'utf8')).toBe('epoch,größe\n');
    file.write('0,0.5\n');
    file.close();
    expect(readFileSync(path, 'utf8')).toBe('epoch,größe\n0,0.5\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
