import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { eventTypes, outputNames, revealsKey } from '../../lambdas/contract.ts';
import { ApiClient } from '../../local/cli/api-client.ts';
import { signature } from '../../local/cli/request-signature.ts';
import { readStackOutputs } from '../../local/cli/stack-outputs.ts';
import { isOnLoopback } from '../../local/loopback.ts';
import { neededOutputs } from './ask-for-outputs.ts';

const outputs = await readStackOutputs(process.env.RELAY_OUTPUTS ?? '', neededOutputs);
const credentials = defaultProvider();

export const apiUrl = outputs[outputNames.api];
/** Otherwise it is the embedded relay, which has neither permissions nor backups to look at. */
export const isOnAws = !isOnLoopback(apiUrl);
export const tableName = outputs[outputNames.revealsTable];
const stateMachineArn = outputs[outputNames.stateMachine];
const [, partition, , region = ''] = stateMachineArn.split(':');

export const sfn = new SFNClient({ region });
export const dynamo = new DynamoDBClient({ region });
const items = DynamoDBDocumentClient.from(dynamo);
const events = new EventBridgeClient({ region });
// The SDK would call the queue's own address, past an endpoint given in the environment.
const sqs = new SQSClient({ region, useQueueUrlAsEndpoint: false });
export const api = new ApiClient({ url: apiUrl, token: undefined }, credentials, new AbortController().signal);

export async function startExecution(taskId: string): Promise<string> {
  const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ taskId }) });
  return (await sfn.send(command)).executionArn ?? '';
}

export async function executionStatus(executionArn: unknown): Promise<string | undefined> {
  return (await sfn.send(new DescribeExecutionCommand({ executionArn: String(executionArn) }))).status;
}

export async function recordOf(revealId: string): Promise<Record<string, unknown> | undefined> {
  const Key = { [revealsKey.partition]: revealId, [revealsKey.sort]: revealsKey.record };
  return (await items.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }))).Item;
}

/** Puts a request on the relay's bus. @returns the id of the event */
export async function requestOnBus(detail: object): Promise<string> {
  const entry = {
    EventBusName: outputs[outputNames.eventBus],
    Source: 'reveal-relay.smoke',
    DetailType: eventTypes.requested,
    Detail: JSON.stringify(detail),
  };
  const { Entries = [] } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  return Entries[0]?.EventId ?? String(Entries[0]?.ErrorCode);
}

/** Takes the letter about an event out of the dead-letter queue. Others are hidden for a few seconds, and stay. */
export async function takeLetter(eventId: string): Promise<Record<string, unknown> | undefined> {
  const QueueUrl = outputs[outputNames.deadLetters];
  const receive = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5, VisibilityTimeout: 5 };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(receive));
  const letter = Messages.find(({ Body = '' }) => Body.includes(eventId));
  if (!letter) return undefined;
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: letter.ReceiptHandle }));
  return JSON.parse(letter.Body ?? '');
}

/** The schedule of the sweeper. One signed request, in place of one more SDK client. */
export async function sweepSchedule(): Promise<unknown> {
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const name = encodeURIComponent(outputs[outputNames.sweepSchedule]);
  const url = new URL(`https://scheduler.${region}.${suffix}/schedules/${name}`);
  const signed = {
    method: 'GET',
    url,
    body: undefined,
    region,
    service: 'scheduler',
    credentials: await credentials(),
  };
  return (await fetch(url, { headers: await signature(signed), signal: AbortSignal.timeout(10_000) })).json();
}
