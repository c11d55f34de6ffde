import { readdir, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const readJson = async (path: string) => JSON.parse(await readFile(`${repository}${path}`, 'utf8'));
const manifest = await readJson('package.json');

interface Example {
  readonly name: string;
  readonly files: readonly string[];
  readonly texts: readonly string[];
}

/** The examples in TypeScript: what is in another language has no package.json. */
const folders = (await readdir(`${repository}examples`, { withFileTypes: true })).filter((entry) =>
  entry.isDirectory(),
);
const examples = (await Promise.all(folders.map(({ name }) => exampleIn(name)))).filter(({ texts }) => texts.length);

async function exampleIn(name: string): Promise<Example> {
  const files = await readdir(`${repository}examples/${name}`);
  const sources = files.filter((file) => file.endsWith('.ts'));
  const texts = await Promise.all(sources.map((file) => readFile(`${repository}examples/${name}/${file}`, 'utf8')));
  return { name, files, texts };
}

/** What files import that is neither theirs nor Node's, as package.json names it: types come from a package of their own. */
function imported(texts: readonly string[]): string[] {
  const specifiers = texts.flatMap((text) =>
    [...text.matchAll(/(import type [^;]*?|)from '([^'.][^']*)'/g)].map(([, typesOnly, path = '']) => {
      const name = path.split('/', path.startsWith('@') ? 2 : 1).join('/');
      return typesOnly && `@types/${name}` in manifest.devDependencies ? `@types/${name}` : name;
    }),
  );
  return [...new Set(specifiers)].filter((name) => !name.startsWith('node:') && !builtinModules.includes(name));
}

/** The version that is tested with here, or the range that the package promises to work with. */
function ours(name: string): string {
  return name === manifest.name
    ? `^${manifest.version}`
    : (manifest.peerDependencies[name] ?? manifest.devDependencies[name]);
}

/** Whether a range is ours, or a `^` range with our version in it. */
function agrees(range: string, version: string): boolean {
  const [least = [], found = []] = [range, version].map((text) => text.replace('^', '').split('.').map(Number));
  const [first = 0, second = 0] = found.map((part, index) => part - (least[index] ?? 0));
  const isLater = first === 0 && (second > 0 || (second === 0 && (found[2] ?? 0) >= (least[2] ?? 0)));
  return range === version || (range.startsWith('^') && isLater && (least[0] !== 0 || second === 0));
}

describe('the package.json of an example', () => {
  it.each(examples.map((example) => [example.name, example] as const))(
    'names all that its files import, and what they are run with: %s',
    async (name, { files, texts }) => {
      const { dependencies, devDependencies, type } = await readJson(`examples/${name}/package.json`);
      const named = Object.keys({ ...dependencies, ...devDependencies });
      const isApp = files.includes('app.ts');
      // The peers of the package are the app's to bring; a bundled handler needs the bundler.
      const running = ['typescript', 'tsx', '@types/node', ...(isApp ? ['aws-cdk', 'aws-cdk-lib', 'constructs'] : [])];
      const bundling = texts.some((text) => text.includes('NodejsFunction')) ? ['esbuild'] : [];
      const needed = new Set([...imported(texts), ...running, ...bundling]);
      expect(named.toSorted()).toEqual([...needed].toSorted());
      expect(type).toBe('module');
      if (isApp) expect(await readJson(`examples/${name}/cdk.json`)).toEqual({ app: 'npx tsx app.ts' });
    },
  );

  it.each(examples.map(({ name }) => name))('has the versions that are tested with here: %s', async (name) => {
    const { dependencies, devDependencies } = await readJson(`examples/${name}/package.json`);
    const ranges = Object.entries<string>({ ...dependencies, ...devDependencies });
    expect(ranges.filter(([needed, range]) => !agrees(range, ours(needed)))).toEqual([]);
  });

  it('is beside the same settings of the compiler everywhere', async () => {
    const settings = await Promise.all(examples.map(({ name }) => readJson(`examples/${name}/tsconfig.json`)));
    expect(new Set(settings.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  it('has the version of today, as the page that tells how to install it', async () => {
    const readme = await readFile(`${repository}examples/README.md`, 'utf8');
    expect(readme).toContain(`${manifest.name}-${manifest.version}.tgz`);
  });
});
