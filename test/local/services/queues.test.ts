import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Journal } from '../../../local/data/journal.ts';
import { startAwsEndpoint } from '../../../local/services/aws-endpoint.ts';
import { localClientOptions } from '../../../local/services/client-options.ts';
import { type KeptMessage, Queues } from '../../../local/services/queues.ts';
import { LocalStack } from '../../../local/template/template.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const stack = new LocalStack('Tiny', { Resources: { Letters: { Type: 'AWS::SQS::Queue' } } });
const [{ reference: QueueUrl, attributes } = { reference: '', attributes: { Arn: '' } }] =
  stack.ofType('AWS::SQS::Queue');
let now = 0;
const queues = new Queues(stack, () => now);
let endpoint: Awaited<ReturnType<typeof startAwsEndpoint>>;
let sqs: SQSClient;
beforeAll(async () => {
  endpoint = await startAwsEndpoint({ AmazonSQS: queues.api });
  sqs = new SQSClient({ ...localClientOptions(endpoint.url), useQueueUrlAsEndpoint: false });
});
afterAll(() => endpoint.close());

const receive = async (VisibilityTimeout?: number) => {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout,
    MessageAttributeNames: ['All'],
  });
  return (await sqs.send(command)).Messages ?? [];
};
const counts = async () => {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } =
    (await sqs.send(command)).Attributes ?? {};
  return [Number(ApproximateNumberOfMessages), Number(ApproximateNumberOfMessagesNotVisible)];
};

it('hides a message from others for as long as its receiver asks, or until it is given back', async () => {
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'first' }));
  const [message] = await receive(60);
  expect(await receive(60)).toEqual([]);
  expect(await counts()).toEqual([0, 1]);
  now += 60_000;
  expect(await receive(60)).toHaveLength(1);

  const ReceiptHandle = message?.ReceiptHandle;
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  expect(await counts()).toEqual([1, 0]);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  const late = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
  await expect(sqs.send(late)).rejects.toThrow(expect.objectContaining({ name: 'ReceiptHandleIsInvalid' }));
});

it('hands out what a message was labelled with', async () => {
  const MessageAttributes = { ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' } };
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'labelled', MessageAttributes }));
  expect(await receive()).toMatchObject([{ Body: 'labelled', MessageAttributes }]);
});

it('keeps messages with their labels over a restart, and shows all of them then', async () => {
  const file = `${await temporaryFolder()}/queues.jsonl`;
  const arn = attributes.Arn ?? '';
  const first = new Queues(stack, () => 0, new Journal<KeptMessage>(file));
  first.send(arn, 'kept', { ERROR_CODE: { DataType: 'String', StringValue: 'X' } });
  first.api.ReceiveMessage?.({ QueueUrl, VisibilityTimeout: 900 });
  const second = new Queues(stack, () => 0, new Journal<KeptMessage>(file));
  expect(second.api.ReceiveMessage?.({ QueueUrl, MessageAttributeNames: ['All'] })).toMatchObject({
    Messages: [{ Body: 'kept', MessageAttributes: { ERROR_CODE: { StringValue: 'X' } } }],
  });
});

const redriving = new LocalStack('Redriving', {
  Resources: {
    Letters: { Type: 'AWS::SQS::Queue' },
    Work: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 10,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Letters', 'Arn'] }, maxReceiveCount: 2 },
      },
    },
  },
});
const arnIn = (logicalId: string) => redriving.resource(logicalId).attributes.Arn ?? '';

it('lays a message with the dead letters that would be received too often, and counts over a restart', async () => {
  const file = `${await temporaryFolder()}/queues.jsonl`;
  let at = 0;
  const first = new Queues(redriving, () => at, new Journal<KeptMessage>(file));
  first.send(arnIn('Work'), 'hard', { label: { DataType: 'String', StringValue: 'x' } });
  expect(first.receive(arnIn('Work'), 10)).toMatchObject([{ body: 'hard', receives: 1 }]);

  const second = new Queues(redriving, () => at, new Journal<KeptMessage>(file));
  expect(second.receive(arnIn('Work'), 10)).toMatchObject([{ receives: 2 }]);
  expect(second.nextVisibleAt(arnIn('Work'))).toBe(10_000);
  at = 10_000;
  expect(second.receive(arnIn('Work'), 10)).toEqual([]);
  expect(second.messages(arnIn('Letters'))).toMatchObject([{ body: 'hard', attributes: { label: {} } }]);
  expect(second.messages(arnIn('Work'))).toEqual([]);
});

it('hides no message for longer than SQS does', async () => {
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hidden' }));
  const [message] = await receive();
  const tooLong = { QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 43_201 };
  await expect(sqs.send(new ChangeMessageVisibilityCommand(tooLong))).rejects.toThrow(
    expect.objectContaining({ name: 'InvalidParameterValue' }),
  );
});
