import { beforeAll, describe, expect, it } from 'vitest';
import { Deployed } from '../../support/deployed.ts';

let deployed: Deployed;
beforeAll(async () => {
  deployed = await Deployed.read();
});

describe('the reveals table', () => {
  it('is on demand, encrypted, restorable, protected, and outlives the stack', () => {
    const table = deployed.only('AWS::DynamoDB::GlobalTable', /^RelayReveals/);
    expect(table.DeletionPolicy).toBe('Retain');
    expect(table.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'revealId', KeyType: 'HASH' },
        { AttributeName: 'part', KeyType: 'RANGE' },
      ],
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      Replicas: [
        {
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        },
      ],
    });
  });
});
