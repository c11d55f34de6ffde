import { App, Stack } from 'aws-cdk-lib';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { envNames } from '../../lambdas/contract.ts';
import { RevealRelay, type RevealRelayProps } from '../../lib/index.ts';
import { patiently, resourcesOf } from '../support/synthesised.ts';

const env = { account: '111122223333', region: 'eu-west-1' };
const tableArn = 'arn:aws:dynamodb:eu-west-1:111122223333:table/Kept';
const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:Kept-a1b2c3';

function withProps(props: (stack: Stack) => RevealRelayProps) {
  const stack = new Stack(new App(), 'App', { env });
  new RevealRelay(stack, 'Relay', props(stack));
  const resources = resourcesOf(stack);
  const ofType = (type: string) => resources.filter(({ Type }) => Type === type);
  return { ofType, policies: JSON.stringify(ofType('AWS::IAM::Policy')) };
}

describe('what an earlier stack has left', patiently, () => {
  it('is used again: no table and no secret are made, and the handlers may use the ones that are there', () => {
    const { ofType, policies } = withProps((stack) => ({
      table: TableV2.fromTableArn(stack, 'Table', tableArn),
      apiKeySecret: Secret.fromSecretCompleteArn(stack, 'Secret', secretArn),
    }));
    expect(ofType('AWS::DynamoDB::GlobalTable').map(({ logicalId }) => logicalId)).toEqual([
      expect.stringMatching(/PollBudget/),
    ]);
    expect(ofType('AWS::SecretsManager::Secret')).toEqual([]);
    const tables = ofType('AWS::Lambda::Function').map(
      ({ Properties }) => (Properties.Environment as { Variables: object }).Variables,
    );
    for (const variables of tables) expect(variables).toMatchObject({ [envNames.revealsTable]: 'Kept' });
    expect(policies).toContain(`"${tableArn}"`);
    expect(policies).toContain(`"${tableArn}/index/open"`);
    expect(policies).toContain(`"${secretArn}"`);
  });

  it('may be a secret of which only the name is known, without the characters that Secrets Manager ends its ARN with', () => {
    const { policies } = withProps((stack) => ({ apiKeySecret: Secret.fromSecretNameV2(stack, 'Secret', 'kept') }));
    expect(policies).toMatch(/:secret:kept-\?{6}"/);
  });

  it('is for one relay alone', () => {
    const stack = new Stack(new App(), 'App', { env });
    const table = (id: string) => TableV2.fromTableArn(stack, id, tableArn);
    new RevealRelay(stack, 'One', { table: table('Table') });
    expect(() => new RevealRelay(stack, 'Other', { table: table('Again') })).toThrow(
      'App/One and App/Other have one table',
    );
  });

  it('may be encrypted with a key of its owner, which the handlers then may use', () => {
    const { policies } = withProps((stack) => ({
      table: TableV2.fromTableAttributes(stack, 'Table', { tableArn, encryptionKey: new Key(stack, 'Key') }),
    }));
    expect(policies).toContain('kms:Decrypt');
  });
});
