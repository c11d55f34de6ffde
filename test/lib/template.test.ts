import { Duration, Stack, Token } from 'aws-cdk-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { outputNames } from '../../lambdas/contract.ts';
import { RevealRelay, type RevealRelayProps } from '../../lib/index.ts';
import type { CloudFormationTemplate } from '../../local/template/template.ts';
import { testAssembly } from '../support/assembly.ts';
import { patiently, resourcesOf } from '../support/synthesised.ts';

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
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
  it('is filled by a command that leaves it neither in the history of the shell nor in the list of processes', () => {
    const command = JSON.stringify(template.Outputs?.[outputNames.fillApiKey]?.Value);
    expect(command).toMatch(
      /read -rs KEY && printf %s .*"\$KEY.*\| aws secretsmanager put-secret-value .*file:\/\/\/dev\/stdin/,
    );
    expect(command).not.toMatch(/--secret-string (?!file:)/);
  });

  it('starts as an empty secret: no generated password that looks like a key', () => {
    expect(only('AWS::SecretsManager::Secret').Properties).toEqual({
      Description: 'Fiber AI API key for reveal-relay',
    });
  });
});

describe('what a failed first deployment leaves behind', () => {
  it('is no secret in the way of the next one, though a used one outlives the stack', () => {
    expect(only('AWS::SecretsManager::Secret')).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });
});

describe('the roles', () => {
  it('are for services that work for this account, and where it can be said for which of its resources', () => {
    const account = { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } };
    const sources = ofType('AWS::IAM::Role').map(([, { Properties }]) => {
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

describe('the dead-letter queue', () => {
  it('takes letters as large as events may be', () => {
    expect(only('AWS::SQS::Queue').Properties.MaximumMessageSize).toBe(1_048_576);
  });
});

describe('the settings', patiently, () => {
  const relayWith = (props: RevealRelayProps) => () => new RevealRelay(new Stack(), 'Relay', props);

  it.each<[string, RevealRelayProps]>([
    ['maxWait is 12 hours: give a multiple of 1 second, up to 11 hours.', { maxWait: Duration.hours(12) }],
    ['maxWait is 1 second 500 millis: give', { maxWait: Duration.millis(1_500) }],
    ['retention is 12 hours: give a multiple of 1 day, up to 3650 days.', { retention: Duration.hours(12) }],
    ['pollsPerMinute is 0: give a number from 2 to 6000.', { pollsPerMinute: 0 }],
    ['pollsPerMinute is 100000: give a number from 2 to 6000.', { pollsPerMinute: 100_000 }],
    ['pollsPerMinute is a token', { pollsPerMinute: Token.asNumber({ Ref: 'Polls' }) }],
    ['maxWait is a token', { maxWait: Duration.seconds(Token.asNumber({ Ref: 'Seconds' })) }],
    ['reservedConcurrency is 0: give a number from 1 to', { reservedConcurrency: { poll: 0 } }],
    ['reservedConcurrency is 2.5: give a whole number.', { reservedConcurrency: { request: 2.5 } }],
    ['name is "ada@example.com": give 1 to 64 letters', { name: 'ada@example.com' }],
    ['keyShare is 2: give a number from 0.01 to 1.', { keyShare: 2 }],
    ['fiberBaseUrl is no https address', { fiberBaseUrl: 'http://api.fiber.ai' }],
    ['fiberBaseUrl is no https address', { fiberBaseUrl: 'https://key@api.fiber.ai' }],
    ['fiberBaseUrl is no https address', { fiberBaseUrl: 'https://api.fiber.ai/v1?key=1' }],
  ])('that cannot be are refused when the app is synthesised: %s', (message, props) => {
    expect(relayWith(props)).toThrow(message);
  });

  it.each(['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080', 'https://vendor.example.com'])(
    'may have the vendor at %s',
    (fiberBaseUrl) => {
      const stack = new Stack();
      new RevealRelay(stack, 'Relay', { fiberBaseUrl });
      expect(JSON.stringify(resourcesOf(stack))).toContain(`"FIBER_BASE_URL":"${fiberBaseUrl}"`);
    },
  );

  it('set concurrency aside for the handlers that they name, and for none unless they say so', () => {
    const reserved = (props: RevealRelayProps) => {
      const stack = new Stack();
      new RevealRelay(stack, 'Relay', props);
      return resourcesOf(stack)
        .filter(({ Properties }) => Properties.ReservedConcurrentExecutions !== undefined)
        .map(({ logicalId, Properties }) => [logicalId, Properties.ReservedConcurrentExecutions]);
    };
    expect(reserved({})).toEqual([]);
    expect(reserved({ reservedConcurrency: { poll: 20 } })).toEqual([[expect.stringMatching(/^RelayPoll/), 20]]);
    expect(reserved({ reservedConcurrency: { request: 5 } })).toEqual([
      [expect.stringMatching(/^RelayRequestsRequest/), 5],
    ]);
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
          if (isByPattern)
            expect(['states:StopExecution', 'states:DescribeExecution']).toEqual(
              expect.arrayContaining([Action].flat()),
            );
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
        'states:DescribeExecution',
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
