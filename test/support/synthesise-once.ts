import { synthesise } from '../../local/assembly.ts';
import { testAssemblyFolder } from './assembly.ts';

/** Vitest runs this before the first test: bundling and synthesising take seconds, and every test reads the same result. */
export default async function synthesiseOnce(): Promise<void> {
  await synthesise(testAssemblyFolder);
}
