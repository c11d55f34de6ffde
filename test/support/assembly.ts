import { type Assembly, readAssembly } from '../../local/assembly.ts';
import { temporaryFolders } from './temporary-folder.ts';

/** Where `synthesise-once.ts` puts the cloud assembly that the tests of one run share. */
export const testAssemblyFolder = () => `${temporaryFolders()}/assembly`;

/** What `cdk deploy` would ship, synthesised once for the whole test run. */
export function testAssembly(): Promise<Assembly> {
  return readAssembly(testAssemblyFolder());
}
