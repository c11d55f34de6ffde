import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { RevealRelay, type RevealRelayProps } from '../../lib/index.ts';

export interface SynthesisedResource {
  readonly logicalId: string;
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** For tests that synthesise: seconds of computing, which take a busy machine a minute. This is a limit for what hangs. */
export const patiently = { timeout: 600_000 } as const;

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

/** A relay that is told nothing. */
export const plain: RevealRelayProps = {};

/** Props, or what makes those that need a stack, such as an imported topic. */
export type PropsIn = RevealRelayProps | ((stack: Stack) => RevealRelayProps);

export const propsIn = (stack: Stack, props: PropsIn): RevealRelayProps =>
  typeof props === 'function' ? props(stack) : props;

const synthesised = new Map<PropsIn, readonly SynthesisedResource[]>();

/** The resources of a relay with these props, which are synthesised once for all that ask for the same object. */
export function relayWith(props: PropsIn = plain): readonly SynthesisedResource[] {
  const before = synthesised.get(props);
  if (before) return before;
  const stack = new Stack(new App(), 'App', { env: { account: '111122223333', region: 'eu-west-1' } });
  new RevealRelay(stack, 'Relay', propsIn(stack, props));
  const resources = resourcesOf(stack);
  synthesised.set(props, resources);
  return resources;
}
