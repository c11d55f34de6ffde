import { beforeAll, describe, expect, it } from 'vitest';
import { Deployed } from '../../support/deployed.ts';

let deployed: Deployed;
beforeAll(async () => {
  deployed = await Deployed.read();
});

describe('the roles', () => {
  it('are for services that work for this account, and where it can be said for which of its resources', () => {
    const account = { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } };
    const sources = deployed.ofType('AWS::IAM::Role').map(({ Properties }) => {
      const { Statement } = Properties.AssumeRolePolicyDocument as {
        Statement: { Principal: { Service: string }; Condition: Record<string, Record<string, unknown>> }[];
      };
      expect(Statement).toEqual([
        expect.objectContaining({ Condition: expect.objectContaining({ StringEquals: account }) }),
      ]);
      return [
        Statement[0]?.Principal.Service,
        /:(\w[\w-]*[:/][\w*]+)"/.exec(JSON.stringify(Statement[0]?.Condition.ArnLike))?.[1],
      ];
    });
    expect([...new Set(sources.map(([service, source]) => `${service} ${source ?? ''}`))].sort()).toEqual([
      'lambda.amazonaws.com ',
      'scheduler.amazonaws.com schedule-group/default',
      'states.amazonaws.com stateMachine:*',
    ]);
  });
});
