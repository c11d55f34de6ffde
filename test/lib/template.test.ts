import { Duration, Stack } from 'aws-cdk-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { RevealRelay, type RevealRelayProps } from '../../lib/index.ts';
import type { CloudFormationTemplate } from '../../local/template.ts';
import { testAssembly } from '../support/assembly.ts';

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
}

let template: CloudFormationTemplate;
beforeAll(async () => {
  template = (await testAssembly()).template;
});

const ofType = (type: string) =>
  Object.entries(template.Resources as Record<string, Resource>).filter(([, resource]) => resource.Type === type);
const only = (type: string, id = /./) => {
  const [[, resource] = [], ...more] = ofType(type).filter(([logicalId]) => id.test(logicalId));
  if (!resource || more.length > 0) throw new Error(`not exactly one ${type}`);
  return resource;
};

describe('the reveals table', () => {
  it('is on demand, encrypted, restorable, protected, and outlives the stack', () => {
    const table = only('AWS::DynamoDB::GlobalTable', /^RelayReveals/);
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

describe('the API key', () => {
  it('starts as an empty secret: no generated password that looks like a key', () => {
    expect(only('AWS::SecretsManager::Secret').Properties).toEqual({
      Description: 'Fiber AI API key for reveal-relay',
    });
  });
});

describe('the settings', () => {
  const relayWith = (props: RevealRelayProps) => () => new RevealRelay(new Stack(), 'Relay', props);

  it.each<[string, RevealRelayProps]>([
    ['maxWait is 12 hours: give a multiple of 1 second, up to 11 hours.', { maxWait: Duration.hours(12) }],
    ['maxWait is 1 second 500 millis: give', { maxWait: Duration.millis(1_500) }],
    ['retention is 12 hours: give a multiple of 1 day, up to 3650 days.', { retention: Duration.hours(12) }],
    ['pollsPerMinute is 0: give a number from 2 to 100000.', { pollsPerMinute: 0 }],
    ['keyShare is 2: give a number from 0.01 to 1.', { keyShare: 2 }],
    ['fiberBaseUrl is no https address', { fiberBaseUrl: 'http://api.fiber.ai' }],
    ['fiberBaseUrl is no https address', { fiberBaseUrl: 'http://127.0.0.1:8080' }],
    ['fiberBaseUrl is no https address', { fiberBaseUrl: 'https://key@api.fiber.ai' }],
    ['fiberBaseUrl is no https address', { fiberBaseUrl: 'https://api.fiber.ai/v1?key=1' }],
  ])('that cannot be are refused when the app is synthesised: %s', (message, props) => {
    expect(relayWith(props)).toThrow(message);
  });
});

describe('the handlers', () => {
  it('run on arm64 and Node 24, and log to groups that forget', () => {
    const functions = ofType('AWS::Lambda::Function');
    expect(functions.length).toBeGreaterThanOrEqual(3);
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({ Architectures: ['arm64'], Runtime: 'nodejs24.x', Handler: 'index.handler' });
    }
    for (const [, { Properties }] of ofType('AWS::Logs::LogGroup')) expect(Properties.RetentionInDays).toBe(30);
  });

  it('may do only what each of them does', () => {
    const actionsOf = Object.fromEntries(
      ofType('AWS::IAM::Policy').map(([id, { Properties }]) => {
        const { Statement } = Properties.PolicyDocument as {
          Statement: { Action: string | string[]; Resource: unknown }[];
        };
        for (const { Action, Resource } of Statement) {
          // Executions have their names from run time; nothing else is allowed by pattern.
          const isByPattern = JSON.stringify(Resource).includes('*');
          if (isByPattern) expect(['states:StopExecution', 'states:DescribeExecution']).toContain(Action);
        }
        const actions = Statement.flatMap(({ Action }) => Action).filter((action) => !action.startsWith('logs:'));
        return [id.replace(/^Relay|(Role)?DefaultPolicy.*$/g, ''), [...new Set(actions)].sort()];
      }),
    );
    expect(actionsOf).toEqual({
      Admit: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      HttpApi: [
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
        'events:PutEvents',
        'states:StartExecution',
        'states:StopExecution',
      ],
      RequestsRequest: [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'events:PutEvents',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:SendMessage',
        'states:StartExecution',
      ],
      SafetyNetEnded: [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'events:PutEvents',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:SendMessage',
      ],
      SafetyNetScheduler: ['lambda:InvokeFunction', 'sqs:SendMessage'],
      SafetyNetSweep: [
        'dynamodb:BatchGetItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
        'events:PutEvents',
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'states:DescribeExecution',
        'states:StartExecution',
      ],
      Poll: [
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
      ],
      Settle: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'events:PutEvents'],
      Workflow: ['lambda:InvokeFunction'],
    });
  });
});
