import { readFile } from 'node:fs/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { isOnThisMachine } from '../../cli/address.ts';
import { ApiClient } from '../../cli/client/api-client.ts';
import { readStackOutputs } from '../../cli/stack-outputs.ts';
import { eventTypes, outputNames, revealsKey } from '../../lambdas/contract.ts';
import { neededOutputs } from './ask-for-outputs.ts';
import { askService, type ServiceRequest, textsOf } from './ask-service.ts';

const outputs = await readStackOutputs(process.env.RELAY_OUTPUTS ?? '', neededOutputs);
const credentials = defaultProvider();

export const apiUrl = outputs[outputNames.api];
/** Otherwise it is the embedded relay, which has neither permissions nor backups to look at. */
export const isOnAws = !isOnThisMachine(apiUrl);
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

/** The schedule of the sweeper. */
export async function sweepSchedule(): Promise<Record<string, unknown>> {
  const name = encodeURIComponent(outputs[outputNames.sweepSchedule]);
  return JSON.parse(await ask('scheduler', { path: `/schedules/${name}` }));
}

/** What the account allows its functions together. */
export async function concurrencyLimit(): Promise<number> {
  const { AccountLimit } = JSON.parse(await ask('lambda', { path: '/2016-08-19/account-settings' }));
  return Number(AccountLimit.ConcurrentExecutions);
}

/** The names of what the stack has of a type. */
export async function stackResources(type: string): Promise<string[]> {
  const names: string[] = [];
  let next: string | undefined;
  do {
    const form = { Action: 'ListStackResources', Version: '2010-05-15', StackName: await stackName() };
    const xml = await ask('cloudformation', { form: { ...form, ...(next && { NextToken: next }) } });
    const types = textsOf(xml, 'ResourceType');
    names.push(...textsOf(xml, 'PhysicalResourceId').filter((_, at) => types[at] === type));
    [next] = textsOf(xml, 'NextToken');
  } while (next);
  return names;
}

/** The alarms of the stack, by the section about them, and the state that each is in. */
export async function alarmStates(): Promise<Map<string, string>> {
  const names = await stackResources('AWS::CloudWatch::Alarm');
  const asked = Object.fromEntries(names.map((name, at) => [`AlarmNames.member.${at + 1}`, name]));
  const form = { Action: 'DescribeAlarms', Version: '2010-08-01', MaxRecords: '100', ...asked };
  const xml = await ask('monitoring', { form });
  const states = textsOf(xml, 'StateValue');
  const sections = textsOf(xml, 'AlarmDescription').map((text) => text.split('#').at(-1) ?? text);
  return new Map(sections.map((section, at) => [section, states[at] ?? '']));
}

/** A log group of the stack, and whether anybody has written to it. */
export async function logGroup(logGroupName: string): Promise<{ retentionInDays?: number; isWrittenTo: boolean }> {
  const named = { logGroupNamePrefix: logGroupName };
  const groups = JSON.parse(await ask('logs', { target: 'Logs_20140328.DescribeLogGroups', json: named }));
  const found = groups.logGroups?.find((group: { logGroupName: string }) => group.logGroupName === logGroupName);
  const one = { logGroupName, limit: 1 };
  const { logStreams = [] } = JSON.parse(await ask('logs', { target: 'Logs_20140328.DescribeLogStreams', json: one }));
  return { ...found, isWrittenTo: logStreams.length > 0 };
}

async function stackName(): Promise<string> {
  const stacks = JSON.parse(await readFile(process.env.RELAY_OUTPUTS ?? '', 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  const [name = ''] =
    Object.entries(stacks).find(([, own]) => own?.[outputNames.stateMachine] === stateMachineArn) ?? [];
  return name;
}

const ask = (service: string, request: ServiceRequest) =>
  askService({ service, region, partition, credentials, request });
