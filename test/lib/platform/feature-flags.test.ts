import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ApplicationLogLevel } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { RevealRelay } from '../../../lib/index.ts';
import { allFlags } from '../../support/feature-flags.ts';
import { importedVpc } from '../../support/imported-vpc.ts';
import { patiently, resourcesOf, type SynthesisedResource } from '../../support/synthesised.ts';

function everythingUnder(context: Readonly<Record<string, unknown>>): readonly SynthesisedResource[] {
  const stack = new Stack(new App({ context }), 'App', { env: { account: '111122223333', region: 'eu-west-1' } });
  new RevealRelay(stack, 'Relay', {
    encryptionKey: new Key(stack, 'Key'),
    vpc: importedVpc(stack),
    logRetention: RetentionDays.ONE_YEAR,
    logLevel: ApplicationLogLevel.ERROR,
    memorySize: 1_024,
    tracingEnabled: true,
    removalPolicy: RemovalPolicy.DESTROY,
    alarmTopic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:111122223333:on-call'),
    resourceNames: { stateMachine: 'reveals' },
  });
  return resourcesOf(stack);
}

/** With the partition told, which one of the flags has CDK write where it knows the region. */
function told(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(told);
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value && value.Ref === 'AWS::Partition') return 'aws';
  const entries = Object.entries(value).map(([name, part]) => [name, told(part)] as const);
  const [join, parts] = entries[0] ?? [];
  if (join !== 'Fn::Join') return Object.fromEntries(entries);
  const joined: unknown[] = [];
  for (const part of (parts as [string, unknown[]])[1]) {
    const last = joined.at(-1);
    if (typeof last === 'string' && typeof part === 'string') joined.splice(-1, 1, last + part);
    else joined.push(part);
  }
  return joined.length === 1 ? joined[0] : { 'Fn::Join': ['', joined] };
}

/** Each permission by itself, however the statements are put together. */
function permissions(resources: readonly SynthesisedResource[]): string[] {
  return resources.flatMap(({ logicalId, Type, Properties }) => {
    const document = Type === 'AWS::KMS::Key' ? Properties.KeyPolicy : Properties.PolicyDocument;
    const statements = (document as { Statement: Record<string, unknown>[] } | undefined)?.Statement ?? [];
    return statements.flatMap(({ Action, Resource, Sid: _, ...rest }) =>
      [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((resource) => JSON.stringify(told([logicalId, action, resource, rest]))),
        ),
    );
  });
}

describe("the CDK's feature flags", patiently, () => {
  const [without, withAll] = [everythingUnder({}), everythingUnder(allFlags)];

  it('are many', () => expect(Object.keys(allFlags).length).toBeGreaterThan(50));

  it('change nothing of which parts there are, and what they are called', () => {
    const parts = (resources: readonly SynthesisedResource[]) =>
      resources.map(({ logicalId, Type }) => `${Type} ${logicalId}`).sort();
    expect(parts(withAll)).toEqual(parts(without));
  });

  it('change nothing of who may do what', () => {
    expect(new Set(permissions(withAll))).toEqual(new Set(permissions(without)));
  });

  it('leave every prop its effect', () => {
    const settings = (resources: readonly SynthesisedResource[]) =>
      resources
        .filter(({ Type }) => /Lambda::Function|LogGroup|Alarm|GlobalTable|StateMachine/.test(Type))
        .map(({ logicalId, Properties, DeletionPolicy }) => {
          const { Code: _, Environment: __, DefinitionString: ___, ...rest } = Properties;
          return JSON.stringify(told([logicalId, DeletionPolicy, rest]));
        });
    expect(settings(withAll)).toEqual(settings(without));
  });
});
