import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { handlerNames } from '../../lambdas/contract.ts';

const handlers = fileURLToPath(new URL('../../dist/handlers', import.meta.url));
const maps = fileURLToPath(new URL('../../dist/maps', import.meta.url));
const bundle = (name: string) => readFile(`${handlers}/${name}/index.js`, 'utf8');

describe('the bundle of a handler', () => {
  it.each(handlerNames)('is all that is uploaded of it, without a source map: %s', async (name) => {
    expect((await readdir(`${handlers}/${name}`)).sort()).toEqual(['index.js', 'package.json']);
    expect(await bundle(name)).not.toContain('sourceMappingURL');
  });

  it('is small, so that a cold start has little to read: 300 KiB for a poll, 420 KiB for the HTTP API, 350 KiB for any other', async () => {
    const limits = { poll: 300 * 1024, api: 420 * 1024 } as Record<string, number>;
    const tooLarge = await Promise.all(
      handlerNames.map(async (name) => ((await bundle(name)).length > (limits[name] ?? 350 * 1024) ? [name] : [])),
    );
    expect(tooLarge.flat()).toEqual([]);
  });

  it.each(handlerNames)('holds no way to credentials but the environment: %s', async (name) => {
    expect(await bundle(name)).not.toMatch(/sso_session|AssumeRoleWithWebIdentity|169\.254\.170\.23/);
  });

  it('has its source map elsewhere', async () => {
    expect((await readdir(maps)).sort()).toEqual(handlerNames.map((name) => `${name}.js.map`).toSorted());
  });
});
