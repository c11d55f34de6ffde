import { beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import {
  envNames,
  type HandlerName,
  handlerNames,
  handlerSettings,
  listIndex,
  optionalSettings,
  type SettingsOf,
} from '../../../lambdas/contract.ts';
import type { RevealHandlerProps } from '../../../lib/handlers/reveal-handler.ts';
import { Deployed } from '../../support/deployed.ts';
import { patiently, relayWith, type SynthesisedResource } from '../../support/synthesised.ts';

let deployed: Deployed;
beforeAll(async () => {
  deployed = await Deployed.read();
});

describe('the handlers', () => {
  it('run on arm64 and Node 24, and log to groups that forget', () => {
    const functions = deployed.ofType('AWS::Lambda::Function');
    expect(functions.length).toBeGreaterThanOrEqual(3);
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({ Architectures: ['arm64'], Runtime: 'nodejs24.x', Handler: 'index.handler' });
    }
    for (const { Properties } of deployed.ofType('AWS::Logs::LogGroup')) expect(Properties.RetentionInDays).toBe(30);
  });

  it('may do only what each of them does', () => {
    const actionsOf = Object.fromEntries(
      deployed.ofType('AWS::IAM::Policy').map(({ logicalId, Properties }) => {
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
        return [logicalId.replace(/^Relay|(Role)?DefaultPolicy.*$/g, ''), [...new Set(actions)].sort()];
      }),
    );
    expect(actionsOf).toEqual({
      Admit: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      HttpApi: [
        'dynamodb:BatchGetItem',
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
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
        'events:PutEvents',
        'sqs:SendMessage',
        'states:StartExecution',
      ],
      SafetyNetEnded: [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'events:PutEvents',
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
      StartTask: [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
      ],
      Workflow: ['lambda:InvokeFunction'],
    });
  });
});

it('lets both doors that take people read the list, which says whether the salt is lost', () => {
  const mayQueryList = deployed
    .ofType('AWS::IAM::Policy')
    .filter(({ Properties }) => JSON.stringify(Properties).includes(`/index/${listIndex.name}`))
    .map(({ logicalId }) => logicalId.replace(/^Relay|(Role)?DefaultPolicy.*$/g, ''));
  expect(mayQueryList.sort()).toEqual(['HttpApi', 'RequestsRequest']);
});

describe('the settings of a handler', patiently, () => {
  const named = {
    name: 'sales',
    maxCreditsPerDay: 1_200,
    reservedConcurrency: { poll: 20, request: 5 },
    api: { waiting: false },
    webhooks: [{ url: 'https://crm.example.com/' }],
  };
  const optional: string[] = optionalSettings.map((setting) => envNames[setting]);
  const variablesOf = (resources: readonly SynthesisedResource[], name: HandlerName): string[] => {
    const part = new RegExp(`${name.replace('-', '')}[0-9A-F]{8}$`, 'i');
    const [found, ...more] = resources.filter(
      ({ Type, logicalId }) => Type === 'AWS::Lambda::Function' && part.test(logicalId),
    );
    if (!found || more.length > 0) throw new Error(`not exactly one function ${name}`);
    return Object.keys((found.Properties.Environment as { Variables: object }).Variables);
  };

  it.each(handlerNames)('are those that the contract lists, and no more: %s', (name) => {
    const listed: string[] = handlerSettings[name].map((setting) => envNames[setting]);
    expect(variablesOf(relayWith(named), name).sort()).toEqual(listed.toSorted());
    // Nobody is told unless somebody is named.
    if (name === 'deliver') return;
    expect(variablesOf(deployed.ofType('AWS::Lambda::Function'), name).sort()).toEqual(
      listed.filter((variable) => !optional.includes(variable)).sort(),
    );
  });

  it('do not compile where the construct forgets one', () => {
    type Poll<Settings> = { handler: 'poll'; description: string; settings: Settings };
    expectTypeOf<Poll<SettingsOf<'poll'>>>().toExtend<RevealHandlerProps>();
    expectTypeOf<Poll<Omit<SettingsOf<'poll'>, 'apiKeySecret'>>>().not.toExtend<RevealHandlerProps>();
    expectTypeOf<Poll<SettingsOf<'admit'>>>().not.toExtend<RevealHandlerProps>();
  });

  it('leave out the name of a relay that has none, and nothing else', () => {
    type Settle<Settings> = { handler: 'settle'; description: string; settings: Settings };
    expectTypeOf<Settle<Omit<SettingsOf<'settle'>, 'relayName'>>>().toExtend<RevealHandlerProps>();
    expectTypeOf<Settle<Omit<SettingsOf<'settle'>, 'eventBus'>>>().not.toExtend<RevealHandlerProps>();
  });

  it('set concurrency aside for the handlers that are named, and for none unless something is said', () => {
    const reserved = (resources: readonly SynthesisedResource[]) =>
      resources
        .filter(({ Properties }) => Properties.ReservedConcurrentExecutions !== undefined)
        .map(({ logicalId, Properties }) => [logicalId, Properties.ReservedConcurrentExecutions]);
    expect(reserved(deployed.ofType('AWS::Lambda::Function'))).toEqual([]);
    expect(reserved(relayWith(named))).toEqual([
      [expect.stringMatching(/^RelayPoll/), 20],
      [expect.stringMatching(/^RelayRequestsRequest/), 5],
    ]);
  });
});
