/**
 * Runs every command that the documents show and compares what it prints with what they print.
 *
 * A ```console block is a session: lines after `$ ` are commands (continued while they end in `\`),
 * the lines up to the next one are what standard output and standard error show together. A line
 * `…` stands for any lines. Times in epoch logs and in bars are not compared. All blocks of a
 * document run one after the other in one fresh copy of the fixtures they use. Models in ```json
 * blocks must be models.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { formulaFunctions } from '../../src/graph/expression.ts';
import { readSpec } from '../../src/spec/read-spec.ts';

const root = resolve(import.meta.dirname, '../..');
const documents = [
  'README.md',
  'docs/tutorial.md',
  'docs/tutorial.zh-CN.md',
  'docs/formats.md',
  'docs/data.md',
  'docs/reliability.md',
];

interface Exchange {
  readonly command: string;
  readonly output: string;
}

function read(name: string): string {
  return readFileSync(join(root, name), 'utf8');
}

/** The texts of a document's blocks of one kind (`console`, `json`), in order. */
function blocksOf(text: string, kind: string): string[] {
  const pattern = new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...text.matchAll(pattern)].map(([, block]) => block);
}

/** The exchanges of all console blocks, in order. */
function exchangesOf(text: string): Exchange[] {
  return blocksOf(text, 'console').flatMap((block) =>
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
  const text = read(name);
  const exchanges = exchangesOf(text);
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

  test('shows models that are models', () => {
    for (const model of blocksOf(text, 'json')) expect(() => readSpec(model, name)).not.toThrow();
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

test('the tutorial shows the same in both languages', () => {
  const [english, chinese] = ['docs/tutorial.md', 'docs/tutorial.zh-CN.md'].map(read);
  expect(blocksOf(chinese, 'console')).toEqual(blocksOf(english, 'console'));
});

test('formats.md names every function that a formula may call', () => {
  const text = read('docs/formats.md');
  const unnamed = Object.keys(formulaFunctions).filter((name) => !text.includes(`\`${name}(`));
  expect(unnamed).toEqual([]);
});

test('CI runs the commands by which the README sets the program up', () => {
  const lines = read('.ci/run').split('\n');
  const [setUp] = blocksOf(read('README.md'), 'sh');
  expect(setUp.trimEnd().split('\n')).toHaveLength(2);
  for (const command of setUp.trimEnd().split('\n')) expect(lines).toContain(command);
});
