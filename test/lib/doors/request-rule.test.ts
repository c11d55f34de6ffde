import { beforeAll, describe, expect, it } from 'vitest';
import { eventTypes } from '../../../lambdas/contract.ts';
import { Deployed } from '../../support/deployed.ts';

let deployed: Deployed;
beforeAll(async () => {
  deployed = await Deployed.read();
});

describe('the rule on requests', () => {
  it('matches requests, and nothing that the relay publishes itself', () => {
    const rule = deployed.only('AWS::Events::Rule', /^RelayRequests/);
    expect(rule.Properties.EventPattern).toEqual({ 'detail-type': [eventTypes.requested] });
    const { requested, ...ours } = eventTypes;
    expect(Object.values(ours)).not.toContain(requested);
  });

  it('loses no event: two more attempts, then a queue that keeps it for two weeks, encrypted', () => {
    const queue = deployed.only('AWS::SQS::Queue');
    expect(queue.Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 });
    const arn = { 'Fn::GetAtt': [queue.logicalId, 'Arn'] };
    expect(deployed.only('AWS::Lambda::EventInvokeConfig', /^RelayRequests/).Properties).toMatchObject({
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: arn } },
    });
    expect(deployed.only('AWS::Events::Rule', /^RelayRequests/).Properties).toMatchObject({
      Targets: [{ DeadLetterConfig: { Arn: arn } }],
    });
    const policies = JSON.stringify(deployed.only('AWS::SQS::QueuePolicy').Properties);
    expect(policies).toContain('"aws:SecureTransport":"false"');
  });
});
