import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { RevealRelay } from '../../../lib/index.ts';
import { patiently, relayWith, type SynthesisedResource } from '../../support/synthesised.ts';

const stores = (resources: readonly SynthesisedResource[]) =>
  Object.fromEntries(
    resources.flatMap(({ logicalId, DeletionPolicy, Properties }) => {
      if (!/^Relay(Reveals|ApiKey)[0-9A-F]{8}$/.test(logicalId)) return [];
      const [replica] = (Properties.Replicas ?? []) as { DeletionProtectionEnabled?: boolean }[];
      return [[logicalId.slice(5, -8), [DeletionPolicy, replica?.DeletionProtectionEnabled]]];
    }),
  );

describe('removalPolicy', patiently, () => {
  it('keeps the table, protected, and the secret, unless it says something else', () => {
    expect(stores(relayWith())).toEqual({ ApiKey: ['RetainExceptOnCreate', undefined], Reveals: ['Retain', true] });
    expect(stores(relayWith({ removalPolicy: RemovalPolicy.RETAIN }))).toEqual({
      ApiKey: ['Retain', undefined],
      Reveals: ['Retain', true],
    });
  });

  it('DESTROY lets both go with the stack, and takes the protection away that would be in the way', () => {
    expect(stores(relayWith({ removalPolicy: RemovalPolicy.DESTROY }))).toEqual({
      ApiKey: ['Delete', undefined],
      Reveals: ['Delete', false],
    });
  });

  it.each([RemovalPolicy.SNAPSHOT, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE])('%s is refused', (removalPolicy) => {
    expect(() => new RevealRelay(new Stack(new App(), 'App'), 'Relay', { removalPolicy })).toThrow(
      `removalPolicy is ${removalPolicy}: give RemovalPolicy.RETAIN or RemovalPolicy.DESTROY.`,
    );
  });

  it("DESTROY is refused for a table that is not the relay's to destroy; a secret of somebody else just stays", () => {
    const stack = new Stack(new App(), 'App');
    const table = TableV2.fromTableName(stack, 'Table', 'Kept');
    const apiKeySecret = Secret.fromSecretNameV2(stack, 'Secret', 'kept');
    const removalPolicy = RemovalPolicy.DESTROY;
    expect(() => new RevealRelay(stack, 'Refused', { removalPolicy, table })).toThrow(
      /removalPolicy is destroy, and table is one .* leave table out/,
    );
    expect(() => new RevealRelay(stack, 'Relay', { removalPolicy, apiKeySecret })).not.toThrow();
  });
});
