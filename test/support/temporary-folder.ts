import { mkdir, mkdtemp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Tells the files of one test run from those of another that goes on beside it. `synthesise-once.ts` sets it, processes inherit it. */
export const runName = 'TEST_RUN';

/** Holds everything that one test run writes; `synthesise-once.ts` removes it when the run is over. */
export const temporaryFolders = () =>
  fileURLToPath(new URL(`../../dist/test-tmp/${process.env[runName]}`, import.meta.url));

/** A new, empty folder. */
export async function temporaryFolder(): Promise<string> {
  await mkdir(temporaryFolders(), { recursive: true });
  return mkdtemp(`${temporaryFolders()}/`);
}
