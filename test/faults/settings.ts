import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { envNames } from '../../lambdas/contract.ts';
import type { Assembly } from '../../local/template/assembly.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What is other than as shipped. */
export interface Setting {
  /** The rule on execution status changes is off: its events are best effort, and this is when they do not come. */
  readonly withoutRule?: boolean;
  /** Some answers never come: only by how still it is does the relay notice that time may be skipped. */
  readonly isLeftHanging?: boolean;
  /** How many credits the starts of a day may cost. */
  readonly maxCreditsPerDay?: number;
  /** A receiver of webhooks is told: where it may be, or at an address that the relay must not ask. */
  readonly webhooks?: 'allowed' | 'inside';
  /** The sweeper does not run. */
  readonly withoutSweeper?: boolean;
  /** The clock of one handler is wrong by this much. */
  readonly skew?: { readonly handler: string; readonly ms: number };
  /** This handler has a bug: it stumbles over e-mail addresses, and throws an error that quotes them. */
  readonly stumbles?: string;
}

/** Short, so that what goes wrong for ever is over soon. */
export const maxWaitSeconds = 600;

/** The assembly as it would be with this setting; the code of the handlers is the same, but for the clock that one is given. */
export async function deployedAs(
  assembly: Assembly,
  { withoutRule, withoutSweeper, skew, stumbles, maxCreditsPerDay }: Setting,
): Promise<Assembly> {
  const template: Assembly['template'] = structuredClone(assembly.template);
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    const path = String(resource.Metadata?.['aws:cdk:path']);
    const properties = (resource.Properties ?? {}) as {
      Environment?: { Variables?: Record<string, unknown> };
      State?: string;
    };
    const variables = properties.Environment?.Variables;
    if (variables && envNames.maxWaitSeconds in variables) variables[envNames.maxWaitSeconds] = String(maxWaitSeconds);
    if (variables && maxCreditsPerDay !== undefined && envNames.startsPerMinute in variables)
      variables[envNames.maxCreditsPerDay] = String(maxCreditsPerDay);
    if (withoutRule && resource.Type === 'AWS::Events::Rule' && logicalId.includes('ExecutionEnded'))
      properties.State = 'DISABLED';
    if (withoutSweeper && resource.Type === 'AWS::Scheduler::Schedule') properties.State = 'DISABLED';
    const isFunction = (name?: string) =>
      resource.Type === 'AWS::Lambda::Function' && path.endsWith(`/${name}/Resource`);
    const prelude = isFunction(skew?.handler) ? otherClock(skew?.ms ?? 0) : isFunction(stumbles) ? bug : undefined;
    if (prelude) {
      const folder = await copyWith(prelude, join(assembly.folder, String(resource.Metadata?.['aws:asset:path'])));
      Object.assign(resource, {
        Metadata: { ...resource.Metadata, 'aws:asset:path': relative(assembly.folder, folder) },
      });
    }
  }
  return { ...assembly, template };
}

const otherClock = (ms: number) => `globalThis.Date = new Proxy(globalThis.Date, {
  construct: (target, given, newTarget) => Reflect.construct(target, given.length > 0 ? given : [target.now() + ${ms}], newTarget),
  get: (target, key, receiver) => (key === 'now' ? () => target.now() + ${ms} : Reflect.get(target, key, receiver)),
});\n`;

/** Every text of a result is asked whether it is well-formed before it is taken for one. */
const bug = `const { isWellFormed } = String.prototype;
String.prototype.isWellFormed = function () {
  if (this.includes('@')) throw new Error('cannot read ' + this);
  return isWellFormed.call(this);
};\n`;

/** A copy of a handler whose code begins with something else. @returns its folder */
async function copyWith(prelude: string, asset: string): Promise<string> {
  const folder = await temporaryFolder();
  await cp(asset, folder, { recursive: true });
  const file = join(folder, 'index.js');
  await writeFile(file, prelude + (await readFile(file, 'utf8')));
  return folder;
}
