/**
 * Runs every command that the documents show and compares what it prints with what they print.
 *
 * A ```console block is a session: lines after `$ ` are commands (continued while they end in `\`),
 * the lines up to the next one are what standard output and standard error show together. A line
 * `…` stands for any lines. Times in epoch logs and in bars are not compared. All blocks of a
 * document run one after the other in one fresh copy of the fixtures they use.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const documents = ['README.md', 'docs/tutorial.md', 'docs/tutorial.zh-CN.md', 'docs/formats.md'];

interface Exchange {
  readonly command: string;
  readonly output: string;
}

/** The exchanges of all console blocks, in order. */
function exchangesOf(text: string): Exchange[] {
  const blocks = [...text.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const lines = part.split('\n');
        const end = lines.findIndex((line) => !line.endsWith('\\')) + 1;
        return { command: lines.slice(0, end).join('\n'), output: lines.slice(end).join('\n') };
      }),
  );
}

/** Blanks at line ends are kept: Keras's summaries have them, and so have the documents. */
function withoutTimes(text: string): string {
  return text.replace(/\d+s \d+(?:us|ms|s)\/step/g, '0s 0us/step');
}

function matches(shown: string, printed: string): boolean {
  const pieces = withoutTimes(shown)
    .split(/^…\n/m)
    .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pieces.join('[\\s\\S]*?')}$`).test(withoutTimes(printed));
}

describe.each(documents)('%s', (name) => {
  const exchanges = exchangesOf(readFileSync(join(root, name), 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'mlp-documents-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  cpSync(join(root, 'fixtures'), join(folder, 'fixtures'), { recursive: true });
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'mlp'),
    `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'bin/mlp.js')}" "$@"\n`,
    { mode: 0o755 },
  );

  test('shows at least one command', () => {
    expect(exchanges.length).toBeGreaterThan(0);
  });

  for (const [index, { command, output }] of exchanges.entries()) {
    test(`${index + 1}: ${command}`, () => {
      const { stdout } = spawnSync('sh', ['-c', `exec 2>&1\n${command}`], {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: `${bin}:${process.env.PATH}`, HOME: folder, LANG: 'C.UTF-8' },
      });
      if (!matches(output, stdout)) expect(stdout).toBe(output);
    });
  }
});
