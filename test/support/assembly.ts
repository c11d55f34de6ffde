import { envNames } from '../../lambdas/contract.ts';
import { type Assembly, readAssembly } from '../../local/template/assembly.ts';
import { temporaryFolders } from './temporary-folder.ts';

/** Where `synthesise-once.ts` puts the cloud assembly that the tests of one run share. */
export const testAssemblyFolder = () => `${temporaryFolders()}/assembly`;

/** What `cdk deploy` would ship, synthesised once for the whole test run. */
export function testAssembly(): Promise<Assembly> {
  return readAssembly(testAssemblyFolder());
}

/** The assembly as it would be with another `maxWait`: for reveals that end when it is over, and not before. */
export function withMaxWait(assembly: Assembly, seconds: number): Assembly {
  const template = structuredClone(assembly.template);
  for (const { Properties } of Object.values(template.Resources)) {
    const { Variables } = (Properties?.Environment ?? {}) as { Variables?: Record<string, unknown> };
    if (Variables && envNames.maxWaitSeconds in Variables) Variables[envNames.maxWaitSeconds] = String(seconds);
  }
  return { ...assembly, template };
}
