import { rm } from 'node:fs/promises';
import { synthesise } from '../../local/template/assembly.ts';
import { testAssemblyFolder } from './assembly.ts';
import { runName, temporaryFolders } from './temporary-folder.ts';

/**
 * Vitest runs this before the first test: bundling and synthesising take seconds, and every test reads the same result.
 *
 * @returns what vitest runs after the last test
 */
export default async function synthesiseOnce(): Promise<() => Promise<void>> {
  process.env[runName] = String(process.pid);
  await synthesise(testAssemblyFolder());
  return () => rm(temporaryFolders(), { recursive: true, force: true });
}
