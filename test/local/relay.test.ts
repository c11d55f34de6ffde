import { expect, it } from 'vitest';
import { EmbeddedRelay } from '../../local/relay.ts';
import { TemplateError } from '../../local/template/template.ts';
import { testAssembly } from '../support/assembly.ts';
import { startTestRelay } from '../support/relay.ts';
import { stateMachine, tinyAssembly } from '../support/tiny-stack.ts';

const echo = 'export const handler = async (event) => event;';
const arnOfEcho = { 'Fn::GetAtt': ['echo', 'Arn'] };

it('runs every function and state machine of the template that cdk deploy would ship', async () => {
  const relay = await EmbeddedRelay.start({ assembly: await testAssembly() });
  const { Resources } = (await testAssembly()).template;
  const count = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type).length;
  expect(relay.handlers.size).toBe(count('AWS::Lambda::Function'));
  expect(relay.deployment.stateMachines).toHaveLength(count('AWS::StepFunctions::StateMachine'));
  await relay.close();
});

it('plays a whole reveal in virtual time, and retries a task whose function was killed under it', async () => {
  let polls = 0;
  const onPoll = () => {
    polls += 1;
    if (polls === 1) void test.relay.handlers.get('Poll')?.kill();
  };
  await using test = await startTestRelay({ fiber: { onPoll } });
  const { execution, executionArn, record } = await test.play('slow-1');
  expect(execution.status).toBe('SUCCEEDED');
  expect(record).toMatchObject({ revealId: 'slow-1', status: 'completed' });
  expect((Date.parse(String(record?.settledAt)) - Date.parse(String(record?.createdAt))) / 1_000).toBeGreaterThan(450);
  expect(test.relay.published.map(({ source }) => source)).toEqual(['reveal-relay']);
  const failures = test.relay.history(executionArn).filter(({ type }) => type === 'StateFailed');
  expect(failures.map(({ Error: name }) => name)).toEqual(['Lambda.Unknown']);
});

it.each<[string, Record<string, { Type: string; Properties?: Record<string, unknown> }>, string]>([
  [
    'resources without an adapter, all of them by name',
    { Cluster: { Type: 'AWS::ECS::Cluster' }, Topic: { Type: 'AWS::SNS::Topic' } },
    'no adapter for Cluster (AWS::ECS::Cluster), Topic (AWS::SNS::Topic)',
  ],
  [
    'two resources with one name',
    {
      One: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
      Two: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
    },
    'One and Two (AWS::Events::EventBus) have the same name, bus',
  ],
  [
    'a rule on a schedule',
    { Tick: { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression: 'rate(1 minute)' } } },
    'Tick (AWS::Events::Rule) runs on a schedule',
  ],
  [
    'a pattern operator',
    {
      Some: {
        Type: 'AWS::Events::Rule',
        Properties: { EventPattern: { source: [{ prefix: 'crm' }] }, Targets: [{ Id: 'a', Arn: arnOfEcho }] },
      },
    },
    'Some (AWS::Events::Rule) matches source with {"prefix":"crm"}',
  ],
  [
    'a target elsewhere',
    {
      Some: {
        Type: 'AWS::Events::Rule',
        Properties: { EventPattern: { source: ['a'] }, Targets: [{ Id: 'a', Arn: 'arn:aws:sns:x' }] },
      },
    },
    'Some (AWS::Events::Rule) has the target arn:aws:sns:x',
  ],
  [
    'a target whose input is changed',
    {
      Some: {
        Type: 'AWS::Events::Rule',
        Properties: { EventPattern: { source: ['a'] }, Targets: [{ Id: 'a', Arn: arnOfEcho, InputPath: '$.detail' }] },
      },
    },
    'Some (AWS::Events::Rule) has a target with InputPath',
  ],
  [
    'a task without an adapter',
    {
      Machine: stateMachine({
        StartAt: 'Save',
        States: { Save: { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem', TimeoutSeconds: 5, End: true } },
      }),
    },
    'Machine (AWS::StepFunctions::StateMachine): the state Save calls arn:aws:states:::dynamodb:putItem',
  ],
  [
    'a definition that is not valid',
    { Machine: stateMachine({ StartAt: 'Nowhere', States: { A: { Type: 'Succeed' } } }) },
    'Machine (AWS::StepFunctions::StateMachine) was refused',
  ],
  [
    'an Express state machine',
    { Machine: stateMachine({ StartAt: 'A', States: { A: { Type: 'Succeed' } } }, { StateMachineType: 'EXPRESS' }) },
    'is of type EXPRESS',
  ],
])('refuses to start on %s', async (_what, resources, message) => {
  const assembly = await tinyAssembly({ functions: { echo }, resources });
  const started = EmbeddedRelay.start({ assembly });
  await expect(started).rejects.toThrow(TemplateError);
  await expect(started).rejects.toThrow(message);
});

it('needs no adapter for what has no meaning here', async () => {
  const assembly = await tinyAssembly({
    resources: {
      Role: { Type: 'AWS::IAM::Role' },
      Log: { Type: 'AWS::Logs::LogGroup' },
      Alarm: { Type: 'AWS::CloudWatch::Alarm' },
      Meta: { Type: 'AWS::CDK::Metadata', Condition: 'CDKMetadataAvailable' },
      May: { Type: 'AWS::Lambda::Permission' },
    },
  });
  await (await EmbeddedRelay.start({ assembly })).close();
});

const vendorStack = () =>
  tinyAssembly({
    functions: { echo: 'export const handler = async () => process.env;', other: echo },
    functionProperties: {
      Environment: { Variables: { FIBER_BASE_URL: 'https://api.fiber.ai', API_KEY_SECRET: { Ref: 'Key' } } },
    },
    resources: { Key: { Type: 'AWS::SecretsManager::Secret' } },
    outputs: { Key: { Value: { Ref: 'Key' } } },
  });

it('tells the handlers the vendor address by their environment, and the key only by the secret', async () => {
  const relay = await EmbeddedRelay.start({
    assembly: await vendorStack(),
    fiberBaseUrl: 'http://127.0.0.1:9',
    apiKey: 'my-own-key',
  });
  const environment = await relay.handlers.get('echo')?.invoke({});
  expect(environment).toMatchObject({ FIBER_BASE_URL: 'http://127.0.0.1:9', API_KEY_SECRET: relay.outputs.Key });
  expect(JSON.stringify(environment)).not.toContain('my-own-key');
  const read = relay.secrets.api.GetSecretValue?.({ SecretId: relay.outputs.Key });
  expect(read).toMatchObject({ SecretString: 'my-own-key' });
  await relay.close();
});

it('keeps the vendor address of the template, and an empty secret, when it is given neither', async () => {
  const relay = await EmbeddedRelay.start({ assembly: await vendorStack() });
  expect(await relay.handlers.get('echo')?.invoke({})).toMatchObject({ FIBER_BASE_URL: 'https://api.fiber.ai' });
  expect(() => relay.secrets.api.GetSecretValue?.({ SecretId: relay.outputs.Key })).toThrow('AWSCURRENT');
  await relay.close();
});
