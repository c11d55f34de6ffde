import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps, type Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';

export interface SynthesisedResource {
  readonly logicalId: string;
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** For tests that synthesise: to load the CDK and hash the bundles takes seconds, and on a busy machine many of them. */
export const patiently = { timeout: 300_000 } as const;

/** An app that writes where nobody looks, and fails to synthesise on any finding of cdk-nag. */
export function checkedApp(props: AppProps = {}): App {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'reveal-relay-')), ...props });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

/** The resources of a stack, as CloudFormation would be given them. */
export function resourcesOf(stack: Stack): SynthesisedResource[] {
  const { Resources } = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, Omit<SynthesisedResource, 'logicalId'>>;
  };
  return Object.entries(Resources).map(([logicalId, { Properties = {}, ...rest }]) => ({
    logicalId,
    Properties,
    ...rest,
  }));
}
