/** Holds the house rules of docs/architecture.md true: who may import whom, and who may touch what. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const source = resolve(import.meta.dirname, '../src');

/** Files that any room may import. They import each other and nothing else of ours. */
const leaves = [
  'errors',
  'words',
  'ndarray',
  'float32',
  'natural-log',
  'random',
  'records',
  'is-object',
];

/** What each room may import besides itself and the leaves; `types` are for `import type` only. */
const rooms: Readonly<Record<string, { values: string[]; types: string[] }>> = {
  cli: {
    values: ['report', 'files', 'training', 'spec', 'data', 'nn', '../package.json'],
    types: [],
  },
  training: { values: ['nn', 'data', 'engine', 'graph', 'spec/limits.ts'], types: ['spec'] },
  nn: { values: ['graph', 'spec/limits.ts', 'spec/values.ts'], types: ['spec'] },
  engine: { values: ['graph'], types: [] },
  spec: {
    values: [
      'graph/formula.ts',
      'nn/activations.ts',
      'nn/losses.ts',
      'nn/optimizers/table.ts',
      'nn/regularizers.ts',
      'nn/constraints.ts',
    ],
    types: ['nn/given.ts'],
  },
  data: { values: ['spec/json.ts'], types: ['spec'] },
  report: { values: [], types: [] },
  files: { values: [], types: ['spec'] },
  graph: { values: [], types: [] },
};

/** Words that belong to one file or room, and where they may stand. */
const monopolies: readonly { pattern: RegExp; allowed: RegExp; what: string }[] = [
  {
    what: 'the process',
    pattern: /\bprocess\.|from 'node:process'/,
    // Names of temporary files carry the number of their process.
    allowed: /^(cli\/io|files\/temporary)\.ts$/,
  },
  { what: 'the console', pattern: /\bconsole\./, allowed: /^$/ },
  {
    what: 'the clock',
    pattern: /\bDate\.now|new Date\(\)|performance\.now|hrtime|setTimeout|setInterval/,
    allowed: /^cli\/io\.ts$/,
  },
  { what: 'the file system', pattern: /from 'node:fs/, allowed: /^(data|files)\// },
  {
    what: 'chance',
    pattern: /Math\.random|\brandom(?:Int|Bytes|Fill|UUID)|from 'seedrandom/,
    allowed: /^random\.ts$/,
  },
  {
    what: 'libraries of the machine',
    pattern: /'koffi'/,
    allowed: /^engine\/native\/library\.ts$/,
  },
  { what: 'WebAssembly', pattern: /\bWebAssembly\b/, allowed: /^(engine|data|report)\/wasm\// },
];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

/** What is made of other files only says what they say. */
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !/\.(d|generated)\.ts$/.test(name))
  .sort();

function textOf(file: string): string {
  return readFileSync(join(source, file), 'utf8');
}

/** The relative imports of a file, static and dynamic, as paths below src. */
function importsOf(file: string): Import[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^;'"]*?from\s+'(\.[^']+)'|import\(\s*'(\.[^']+)'\s*\)/g;
  return [...textOf(file).matchAll(pattern)].map(([, type, fixed, dynamic]) => ({
    from: file,
    to: relative(source, resolve(source, dirname(file), fixed ?? dynamic)),
    isType: type !== undefined,
  }));
}

function isAllowed({ from, to, isType }: Import): boolean {
  const leaf = leaves.some((name) => to === `${name}.ts`);
  if (leaf) return true;
  const room = rooms[from.split('/')[0]];
  if (!room) return false;
  const target = to.split('/')[0];
  const allowed = [from.split('/')[0], ...room.values, ...(isType ? room.types : [])];
  return (target !== '..' && allowed.includes(target)) || allowed.includes(to);
}

test('there are files to look at', () => {
  expect(files.length).toBeGreaterThan(40);
});

test('every file is a leaf or stands in a room', () => {
  const homeless = files.filter(
    (file) => !Object.hasOwn(rooms, file.split('/')[0]) && !leaves.includes(file.slice(0, -3)),
  );
  expect(homeless).toEqual([]);
});

test('imports point one way', () => {
  const wrong = files
    .flatMap(importsOf)
    .filter((entry) => !isAllowed(entry))
    .map(({ from, to }) => `${from} imports ${to}`);
  expect(wrong).toEqual([]);
});

test('no import runs in a circle', () => {
  const graph = new Map(files.map((file) => [file, importsOf(file).filter((i) => !i.isType)]));
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) circles.push([...path, file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const { to } of graph.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test('process, clock, files and chance are touched in their own place only', () => {
  const wrong = files.flatMap((file) => {
    const code = textOf(file).replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
    return monopolies
      .filter(({ pattern, allowed }) => pattern.test(code) && !allowed.test(file))
      .map(({ what }) => `${file} touches ${what}`);
  });
  expect(wrong).toEqual([]);
});

test('no file is longer than 300 lines', () => {
  const long = files.filter((file) => textOf(file).split('\n').length > 301);
  expect(long).toEqual([]);
});

test('nothing is silenced', () => {
  const silenced = files.filter((file) =>
    /@ts-ignore|@ts-expect-error|biome-ignore|\bas any\b|: any\b/.test(textOf(file)),
  );
  expect(silenced).toEqual([]);
});
