import { fileURLToPath } from 'node:url';
import { type Assembly, readAssembly } from '../../local/assembly.ts';

/** Where `synthesise-once.ts` puts the cloud assembly that the tests of one run share. */
export const testAssemblyFolder = fileURLToPath(new URL('../../dist/test-assembly', import.meta.url));

/** What `cdk deploy` would ship, synthesised once for the whole test run. */
export function testAssembly(): Promise<Assembly> {
  return readAssembly(testAssemblyFolder);
}
