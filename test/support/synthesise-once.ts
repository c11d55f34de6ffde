import { mkdir, rm, writeFile } from 'node:fs/promises';
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
  // On Node 20, of versions of the SDK that are not installed.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  // A `relay.config.json` that somebody has in this clone is for what they deploy, and not for what is tested.
  const configFile = `${temporaryFolders()}/no-settings.json`;
  await mkdir(temporaryFolders(), { recursive: true });
  await writeFile(configFile, '{}');
  await synthesise(testAssemblyFolder(), { configFile });
  return () => rm(temporaryFolders(), { recursive: true, force: true });
}
