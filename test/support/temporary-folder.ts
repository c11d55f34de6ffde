import { mkdir, mkdtemp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Holds the temporary folders of one test run; `synthesise-once.ts` removes it when the run is over. */
export const temporaryFolders = fileURLToPath(new URL('../../dist/test-tmp', import.meta.url));

/** A new, empty folder. */
export async function temporaryFolder(): Promise<string> {
  await mkdir(temporaryFolders, { recursive: true });
  return mkdtemp(`${temporaryFolders}/`);
}
