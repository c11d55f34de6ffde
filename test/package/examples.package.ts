import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { EmptyApp, uploadedHandlers } from './empty-app.ts';

const tarball = inject('tarball');
const folder = fileURLToPath(new URL('../../examples', import.meta.url));

interface Example {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

async function exampleIn(name: string): Promise<Example> {
  const paths = await readdir(`${folder}/${name}`);
  const texts = await Promise.all(paths.map((path) => readFile(`${folder}/${name}/${path}`, 'utf8')));
  return { name, files: Object.fromEntries(paths.map((path, index) => [path, texts[index] ?? ''])) };
}

/** The examples in TypeScript: what is in another language has no package.json. */
const folders = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
const examples = (await Promise.all(folders.map(({ name }) => exampleIn(name)))).filter(
  ({ files }) => 'package.json' in files,
);

/** What its package.json names besides the package itself, and nothing else. */
function toolsOf({ files }: Example): Record<string, string> {
  const { dependencies, devDependencies } = JSON.parse(files['package.json'] ?? '');
  const { 'reveal-relay': _installed, ...others } = { ...dependencies, ...devDependencies };
  return Object.fromEntries(Object.keys(others).map((name) => [name, name]));
}

const handlersOfItsOwn: Readonly<Record<string, string[][]>> = { crm: [['index.mjs']] };

describe('an example, copied into an empty folder with the package installed', () => {
  it.each(examples.map((example) => [example.name, example] as const))(
    'has correct types, and is synthesised as its cdk.json says where it is an app: %s',
    async (name, example) => {
      const { files } = example;
      await using app = await EmptyApp.with({ tarball, files, cdk: false, tools: toolsOf(example) });
      await app.npx('tsc');
      if (!('app.ts' in files)) return;
      const { types, handlers } = await app.synth();
      expect(types).toContain('AWS::StepFunctions::StateMachine');
      expect(handlers.toSorted()).toEqual([...uploadedHandlers, ...(handlersOfItsOwn[name] ?? [])].toSorted());
    },
  );
});
