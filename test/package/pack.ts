import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { npm } from './npm.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    tarball: string;
  }
}

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Vitest runs this before the first test: packs what would be published, built anew. @returns what it runs after the last one */
export default async function pack(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'reveal-relay-packed-'));
  await npm(['pack', '--pack-destination', folder], repository);
  const [tarball = ''] = await readdir(folder);
  project.provide('tarball', join(folder, tarball));
  return () => rm(folder, { recursive: true, force: true });
}
