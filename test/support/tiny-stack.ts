import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assembly } from '../../local/template/assembly.ts';
import type { Resource } from '../../local/template/template.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A stack for one test: the bodies of its handlers, and whatever other resources it needs. */
export interface TinyStack {
  /** JavaScript of `index.mjs`, by the function's logical id. */
  readonly functions?: Readonly<Record<string, string>>;
  /** Properties added to every function. */
  readonly functionProperties?: Readonly<Record<string, unknown>>;
  readonly resources?: Readonly<Record<string, Resource>>;
  readonly outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** Writes a cloud assembly like the one that the CDK would, into a folder of its own. */
export async function tinyAssembly(stack: TinyStack): Promise<Assembly> {
  const folder = await temporaryFolder();
  const functions: Record<string, Resource> = {};
  for (const [logicalId, code] of Object.entries(stack.functions ?? {})) {
    const asset = `asset.${logicalId}`;
    await mkdir(join(folder, asset));
    await writeFile(join(folder, asset, 'index.mjs'), code);
    functions[logicalId] = {
      Type: 'AWS::Lambda::Function',
      Properties: { Runtime: 'nodejs24.x', Handler: 'index.handler', Timeout: 30, ...stack.functionProperties },
      Metadata: { 'aws:cdk:path': `Tiny/${logicalId}/Resource`, 'aws:asset:path': asset },
    };
  }
  const template = { Resources: { ...functions, ...stack.resources }, Outputs: stack.outputs ?? {} };
  return { folder, stackName: 'Tiny', template };
}

/** A state machine resource whose tasks name functions of the stack by `${LogicalId.Arn}`. */
export function stateMachine(definition: unknown, properties: Readonly<Record<string, unknown>> = {}): Resource {
  return {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { DefinitionString: { 'Fn::Sub': JSON.stringify(definition) }, ...properties },
  };
}
