import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { EmbeddedRelay } from '../../../local/relay.ts';
import type { BusEvent } from '../../../local/services/bus.ts';
import { RelayClock } from '../../../local/time/relay-time.ts';
import { tinyAssembly } from '../../support/tiny-stack.ts';

/** Remembers what it was given, and answers with all of it when it is asked for that; fails when it is told to. */
const listener = `
  const seen = [];
  export const handler = async (event) => {
    if (event.ask) return seen.splice(0);
    seen.push(event);
    if (event.detail.fail) throw Object.assign(new Error('as told'), { name: 'AsTold' });
  };`;

const rule = (EventPattern: unknown, target: Record<string, unknown>, EventBusName?: unknown) => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    EventPattern,
    State: 'ENABLED',
    Targets: [{ Id: 'Target0', ...target }],
    ...(EventBusName !== undefined && { EventBusName }),
  },
});

let relay: EmbeddedRelay;
const accepted: { bus: string; event: BusEvent }[] = [];

beforeAll(async () => {
  const assembly = await tinyAssembly({
    functions: { listener, guarded: listener },
    resources: {
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'my-bus' } },
      Key: { Type: 'AWS::SecretsManager::Secret' },
      Dead: { Type: 'AWS::SQS::Queue' },
      Mine: { Type: 'AWS::SQS::Queue' },
      Copies: { Type: 'AWS::SQS::Queue' },
      Asked: rule(
        { source: ['crm', 'shop'], 'detail-type': ['Asked'], detail: { tags: ['hot'] } },
        { Arn: { 'Fn::GetAtt': ['listener', 'Arn'] } },
        { Ref: 'Bus' },
      ),
      Guarded: rule(
        { 'detail-type': ['Guarded'] },
        {
          Arn: { 'Fn::GetAtt': ['guarded', 'Arn'] },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
          RetryPolicy: { MaximumRetryAttempts: 3 },
        },
        { Ref: 'Bus' },
      ),
      Copied: rule({ source: ['copied'] }, { Arn: { 'Fn::GetAtt': ['Copies', 'Arn'] } }),
      Guard: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'guarded' },
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 1,
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Dead', 'Arn'] } } },
        },
      },
    },
    outputs: {
      Key: { Value: { Ref: 'Key' } },
      MineUrl: { Value: { Ref: 'Mine' } },
      Dead: { Value: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
      Copies: { Value: { 'Fn::GetAtt': ['Copies', 'Arn'] } },
    },
  });
  relay = await EmbeddedRelay.start({
    assembly,
    clock: RelayClock.start(Number.POSITIVE_INFINITY),
    onEvent: (bus, event) => accepted.push({ bus, event }),
  });
});
afterAll(() => relay.close());
beforeEach(() => void accepted.splice(0));

const at = () => ({
  endpoint: relay.deployment.endpointUrl,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  maxAttempts: 1,
});
const put = (...Entries: NonNullable<ConstructorParameters<typeof PutEventsCommand>[0]['Entries']>) =>
  new EventBridgeClient(at()).send(new PutEventsCommand({ Entries }));
const seenBy = async (name: string) => (await relay.handlers.get(name)?.invoke({ ask: true })) as BusEvent[];

/** Lets relay time pass until something holds. */
const until = (holds: () => boolean) =>
  relay.deployment.fastForward?.during(
    (async () => {
      while (!holds()) await new Promise(setImmediate);
    })(),
  );

it('accepts an event with all that EventBridge adds to it', async () => {
  const { FailedEntryCount, Entries } = await put({
    EventBusName: 'my-bus',
    Source: 'crm',
    DetailType: 'Something',
    Detail: '{"a":1}',
    Resources: ['r'],
    Time: new Date('2026-01-02T03:04:05.678Z'),
  });
  expect(FailedEntryCount).toBe(0);
  expect(accepted).toEqual([
    {
      bus: 'my-bus',
      event: {
        version: '0',
        id: Entries?.[0]?.EventId,
        'detail-type': 'Something',
        source: 'crm',
        account: '000000000000',
        time: '2026-01-02T03:04:05Z',
        region: 'us-east-1',
        resources: ['r'],
        detail: { a: 1 },
      },
    },
  ]);
});

it('accepts some entries and refuses others, in the order in which they were given', async () => {
  const good = { Source: 's', DetailType: 't', Detail: '{}', EventBusName: 'my-bus' };
  const { FailedEntryCount, Entries } = await put(
    { ...good, Detail: '{' },
    good,
    { ...good, Detail: '[]' },
    { ...good, Source: '' },
    { ...good, DetailType: '' },
    { ...good, EventBusName: 'nobody' },
    { ...good, Source: 'aws.states' },
    { ...good, Detail: JSON.stringify({ text: 'x'.repeat(1024 * 1024) }) },
    { ...good, EventBusName: 'arn:aws:events:us-east-1:000000000000:event-bus/my-bus' },
  );
  expect(FailedEntryCount).toBe(7);
  expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    'MalformedDetail',
    undefined,
    'MalformedDetail',
    'InvalidArgument',
    'InvalidArgument',
    'ResourceNotFoundException',
    'NotAuthorizedForSourceException',
    'InvalidArgument',
    undefined,
  ]);
  expect(accepted).toHaveLength(2);
});

it('refuses more than ten entries', async () => {
  const entries = Array.from({ length: 11 }, () => ({ Source: 's', DetailType: 't', Detail: '{}' }));
  await expect(put(...entries)).rejects.toThrow(expect.objectContaining({ name: 'ValidationException' }));
});

it('hands an event to the function whose rule it matches, and only on the bus of that rule', async () => {
  const asked = { Source: 'shop', DetailType: 'Asked', Detail: '{"tags":["cold","hot"],"more":1}' };
  await put(
    { ...asked, EventBusName: 'my-bus' },
    asked,
    { ...asked, EventBusName: 'my-bus', Source: 'elsewhere' },
    { ...asked, EventBusName: 'my-bus', Detail: '{"tags":["cold"]}' },
    { ...asked, EventBusName: 'my-bus', Detail: '{}' },
  );
  expect(await seenBy('listener')).toEqual([accepted[0]?.event]);
});

it('puts an event into the queue whose rule it matches', async () => {
  await put({ Source: 'copied', DetailType: 'x', Detail: '{"n":1}' });
  const [message] = relay.queues.messages(String(relay.outputs.Copies));
  expect(JSON.parse(message?.body ?? '')).toEqual(accepted[0]?.event);
});

it('tries a function that fails once more, where the template says so, and then lays the event down', async () => {
  await put({ Source: 's', DetailType: 'Guarded', Detail: '{"fail":true}', EventBusName: 'my-bus' });
  const dead = () => relay.queues.messages(String(relay.outputs.Dead));
  await until(() => dead().length > 0);
  expect(JSON.parse(dead()[0]?.body ?? '')).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 2 },
    requestPayload: accepted[0]?.event,
    responsePayload: { errorType: 'AsTold', errorMessage: 'as told' },
  });
  expect(await seenBy('guarded')).toHaveLength(2);
});

it('takes messages into a queue and gives them out again', async () => {
  const sqs = new SQSClient(at());
  const QueueUrl = String(relay.outputs.MineUrl);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'first' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'second' }));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(Messages.map(({ Body }) => Body)).toEqual(['first', 'second']);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1' });
  const elsewhere = new SendMessageCommand({ QueueUrl: `${QueueUrl}-2`, MessageBody: 'x' });
  await expect(sqs.send(elsewhere)).rejects.toThrow(expect.objectContaining({ name: 'QueueDoesNotExist' }));
});

it('has a secret without a value until one is put in', async () => {
  const secrets = new SecretsManagerClient(at());
  const read = (SecretId: string) => secrets.send(new GetSecretValueCommand({ SecretId }));
  const id = String(relay.outputs.Key);
  await expect(read(id)).rejects.toThrow(
    expect.objectContaining({ name: 'ResourceNotFoundException', message: expect.stringContaining('AWSCURRENT') }),
  );
  await expect(read('another')).rejects.toThrow(expect.objectContaining({ name: 'ResourceNotFoundException' }));
  relay.secrets.put(id, 'the-key');
  expect(await read(id)).toMatchObject({ ARN: id, SecretString: 'the-key', VersionStages: ['AWSCURRENT'] });
});

it('says so when it is asked for something that it has no adapter for', async () => {
  const write = new PutSecretValueCommand({ SecretId: 'any', SecretString: 'x' });
  await expect(new SecretsManagerClient(at()).send(write)).rejects.toThrow(
    expect.objectContaining({
      name: 'UnknownOperationException',
      message: expect.stringContaining('secretsmanager.PutSecretValue'),
    }),
  );
});

it('refuses what is no JSON', async () => {
  const answer = await fetch(relay.deployment.endpointUrl, {
    method: 'POST',
    body: '{',
    headers: { 'x-amz-target': 'AWSEvents.PutEvents' },
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ __type: 'SerializationException' });
});
