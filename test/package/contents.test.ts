import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildEntries } from '../../build/package.ts';
import { handlerNames } from '../../lambdas/contract.ts';
import { npm } from './npm.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
let packed: { unpackedSize: number; size: number; files: { path: string }[] };
let paths: string[];

beforeAll(async () => {
  await buildEntries();
  // Building is what npm would do first, and the handlers are bundled.
  const given = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const answer = JSON.parse(await npm(given, repository));
  packed = Array.isArray(answer) ? answer[0] : Object.values(answer)[0];
  paths = packed.files.map(({ path }) => path);
});

const without = (...known: RegExp[]) => paths.filter((path) => !known.some((pattern) => pattern.test(path)));

describe('the package', () => {
  it('holds what a consumer needs, and nothing else', () => {
    expect(
      without(
        /^(README\.md|LICENSE|package\.json|dist\/package\.json|dist\/THIRD-PARTY-LICENSES\.txt)$/,
        /^docs\/events\/[\w-]+\.schema\.json$/,
        /^dist\/(lib\/index|cli\/stack)\.js$/,
        /^dist\/(lib\/client\/index|lambdas\/consumer|lambdas\/record)\.(js|mjs|d\.mts)$/,
        /^dist\/(lib|lambdas)\/.*\.d\.ts$/,
        /^dist\/handlers\/[a-z-]+\/(index\.js|package\.json)$/,
        /^dist\/maps\/[a-z-]+\.js\.map$/,
      ),
    ).toEqual([]);
  });

  it('holds every handler with its map, and every file that package.json names', async () => {
    const { main, types, exports, bin } = JSON.parse(await readFile(`${repository}package.json`, 'utf8'));
    const pathsIn = (entry: unknown): string[] =>
      typeof entry === 'string' ? [entry] : Object.values(entry as object).flatMap(pathsIn);
    const named = pathsIn([main, types, exports, bin])
      .filter((path: string) => path.length > 1 && !path.includes('*'))
      .map((path: string) => path.replace(/^\.\//, ''));
    const ofHandlers = handlerNames.flatMap((name) => [`dist/handlers/${name}/index.js`, `dist/maps/${name}.js.map`]);
    expect(paths).toEqual(expect.arrayContaining([...named, ...ofHandlers]));
  });

  it('takes less than 2,400 KiB to download, and 8,500 KiB on disk, over half of it source maps', () => {
    expect(packed.size / 1024).toBeLessThan(2_400);
    expect(packed.unpackedSize / 1024).toBeLessThan(8_500);
  });

  it('needs no package but the CDK, neither in its code nor in its types', async () => {
    const codes = paths.filter((path) => /^dist\/(lib|lambdas|cli)\/.*\.(m?js|d\.m?ts)$/.test(path));
    const texts = await Promise.all(codes.map((path) => readFile(repository + path, 'utf8')));
    const imported = texts.flatMap((text) =>
      [...text.matchAll(/(?:from |require\()["']([^."'][^"']*)["']/g)].map(([, name = '']) => name),
    );
    expect(imported.filter((name) => !/^(aws-cdk-lib|constructs|node:)/.test(name))).toEqual([]);
    expect(imported).toContain('constructs');
  });

  it('names whose code is in the handlers and the client, with the words of their licences', async () => {
    const text = await readFile(`${repository}dist/THIRD-PARTY-LICENSES.txt`, 'utf8');
    for (const part of [
      '@aws-sdk/client-dynamodb ',
      '@smithy/core ',
      '@smithy/signature-v4 ',
      'zod ',
      'Apache License',
      'MIT License',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('has a client, types of events and of records in less than 60 KiB each way', async () => {
    const small = paths.filter((path) => /^dist\/(lib\/client|lambdas)\/\w+\.(js|mjs)$/.test(path));
    const sizes = await Promise.all(
      small.map(async (path) => [path, (await readFile(repository + path)).length / 1024]),
    );
    expect(sizes.filter(([, size]) => Number(size) > 60)).toEqual([]);
    expect(sizes).toHaveLength(6);
  });

  it('is built from a lockfile that names packages and not where they came from', async () => {
    expect(await readFile(`${repository}package-lock.json`, 'utf8')).not.toMatch(/"resolved": "http/);
  });
});
