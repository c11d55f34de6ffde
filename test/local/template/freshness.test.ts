import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { isFresh } from '../../../local/template/freshness.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let folder: string;
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const path = (name: string) => join(folder, name);

async function write(name: string, minute: number) {
  await writeFile(path(name), name);
  await utimes(path(name), at(minute), at(minute));
}

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(path('src/deep'), { recursive: true });
  await write('src/deep/a.ts', 1);
  await write('src/b.ts', 2);
  for (const name of ['src', 'src/deep']) await utimes(path(name), at(2), at(2));
  await write('out', 3);
});

const fresh = () => isFresh([path('out')], [path('src')]);

it('is fresh while it is newer than all that it is made from', async () => {
  expect(await fresh()).toBe(true);
});

it('is not fresh when anything is newer, was deleted, or is not there at all', async () => {
  await write('src/deep/a.ts', 4);
  expect(await fresh()).toBe(false);
  await rm(path('src/deep/a.ts'));
  expect(await fresh()).toBe(false);
  expect(await isFresh([path('out'), path('missing')], [path('src/b.ts')])).toBe(false);
});
