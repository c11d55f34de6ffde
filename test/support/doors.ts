import { createHash } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { SharedItem } from '../../lambdas/aws/budgets/shared-item.ts';
import { LowCredits } from '../../lambdas/aws/low-credits.ts';
import { RelayItem } from '../../lambdas/aws/relay-item.ts';
import { ListMembers } from '../../lambdas/aws/reveals/list-members.ts';
import { PaidStarts } from '../../lambdas/aws/reveals/paid-starts.ts';
import { RevealsTable } from '../../lambdas/aws/reveals/reveals-table.ts';
import { sdkClientOptions } from '../../lambdas/aws/sdk.ts';
import { apiRoutes, budgetKey, envNames } from '../../lambdas/contract.ts';
import type { RawAnswer, RevealResult } from '../../lambdas/fiber/vendor-answer.ts';
import { newRecord, type RecordChanges, type RevealRecord } from '../../lambdas/reveal/record.ts';
import { packAnswer } from '../../lambdas/reveal/stored-answer.ts';
import { dynamoDB } from '../../lambdas/runtime/clients.ts';
import { startAwsEndpoint } from '../../local/services/aws-endpoint.ts';
import { AwsError } from '../../local/services/aws-error.ts';
import { matchRoute } from '../../local/services/http-routes.ts';
import { startTables } from '../../local/services/tables.ts';
import { LocalStack } from '../../local/template/template.ts';
import { testAssembly } from './assembly.ts';
import { unpacked } from './unpacked.ts';

export const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Relay';

/** The ARN that Step Functions gives an execution of that name. */
const arnOfExecution = (name: string) => `arn:aws:states:us-east-1:000000000000:execution:Relay:${name}`;

/** What the handlers of the doors stand on: the real table, and services that note what they are asked for. */
export interface DoorSurroundings extends AsyncDisposable {
  readonly reveals: RevealsTable;
  readonly budget: SharedItem;
  readonly startBudget: SharedItem;
  readonly relay: RelayItem;
  readonly lists: ListMembers;
  readonly paidStarts: PaidStarts;
  readonly lowCredits: LowCredits;
  /** Executions that were started, by name. */
  readonly executions: Map<string, { input: string; starts: number; stopped: boolean }>;
  readonly events: { type: string; detail: Record<string, unknown> }[];
  readonly letters: Record<string, unknown>[];
  /** The next calls of an operation that fail, by name such as `StartExecution`. */
  readonly failing: Map<string, number>;
  /** Every item of the reveals table, a line of text each, with what is compressed in it. */
  everything(): Promise<string>;
  /** Puts a record as if it had come to this. @returns the record */
  put(taskId: string, changes?: RecordChanges): Promise<RevealRecord>;
}

/** Sets the environment of this process, from which the handlers take their settings on their first call. */
export async function startDoors(): Promise<DoorSurroundings> {
  const { stackName, template } = await testAssembly();
  const stack = new LocalStack(stackName, template);
  const tables = await startTables(stack);
  const tableNamed = (part: string) =>
    stack
      .ofType('AWS::DynamoDB::GlobalTable')
      .map(({ reference }) => reference)
      .find((name) => name.includes(part)) as string;
  const table = tableNamed('Reveals');
  const budgetTable = tableNamed('PollBudget');
  const executions: DoorSurroundings['executions'] = new Map();
  const events: DoorSurroundings['events'] = [];
  const letters: DoorSurroundings['letters'] = [];
  const failing = new Map<string, number>();
  const mayFail = (operation: string) => {
    const left = failing.get(operation) ?? 0;
    failing.set(operation, left - 1);
    if (left > 0) throw new AwsError('ServiceUnavailable', 'ada@example.com is not available', 503);
  };

  const executionAt = (arn: unknown) => {
    const [, execution] = [...executions].find(([name]) => arnOfExecution(name) === arn) ?? [];
    if (!execution) throw new AwsError('ExecutionDoesNotExist', 'Execution Does Not Exist');
    return execution;
  };

  const endpoint = await startAwsEndpoint({
    AWSStepFunctions: {
      StartExecution: ({ name, input }) => {
        mayFail('StartExecution');
        const existing = executions.get(String(name));
        if (existing?.stopped) throw new AwsError('ExecutionAlreadyExists', 'Execution Already Exists');
        executions.set(String(name), { input: String(input), starts: (existing?.starts ?? 0) + 1, stopped: false });
        return { executionArn: arnOfExecution(String(name)), startDate: 0 };
      },
      StopExecution: ({ executionArn }) => {
        mayFail('StopExecution');
        const execution = executionAt(executionArn);
        if (execution.stopped) throw new AwsError('ValidationException', 'The execution has ended');
        execution.stopped = true;
        return { stopDate: 0 };
      },
      DescribeExecution: ({ executionArn }) => {
        mayFail('DescribeExecution');
        const execution = executionAt(executionArn);
        return { status: execution.stopped ? 'ABORTED' : 'RUNNING' };
      },
    },
    AWSEvents: {
      PutEvents: ({ Entries }) => {
        mayFail('PutEvents');
        for (const { DetailType, Detail } of Entries as { DetailType: string; Detail: string }[]) {
          events.push({ type: DetailType, detail: JSON.parse(Detail) });
        }
        return { FailedEntryCount: 0, Entries: [{ EventId: '1' }] };
      },
    },
    AmazonSQS: {
      SendMessage: ({ MessageBody }) => {
        mayFail('SendMessage');
        letters.push(JSON.parse(String(MessageBody)));
        return { MessageId: '1', MD5OfMessageBody: createHash('md5').update(String(MessageBody)).digest('hex') };
      },
    },
  });

  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_ENDPOINT_URL_DYNAMODB: tables.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    [envNames.revealsTable]: table,
    [envNames.budgetTable]: budgetTable,
    [envNames.stateMachine]: stateMachineArn,
    [envNames.eventBus]: 'Bus',
    [envNames.retentionDays]: '30',
    [envNames.pollsPerMinute]: '240',
    [envNames.startsPerMinute]: '120',
    [envNames.keyShare]: '1',
    [envNames.interactiveShare]: '0.25',
    [envNames.deadLetters]: `${endpoint.url}/000000000000/DeadLetters`,
  });
  const reveals = new RevealsTable(table, dynamoDB(sdkClientOptions));

  const put = async (taskId: string, changes: RecordChanges = {}) => {
    const claim = { generation: 1, executionArn: arnOfExecution(taskId), claimedBy: 'test', nowMs: Date.now() };
    const record = { ...newRecord({ taskId }, claim), ...changes } as RevealRecord;
    if (!(await reveals.claim(record, undefined))) throw new Error(`${taskId} is there already`);
    return record;
  };
  return {
    reveals,
    executions,
    events,
    letters,
    failing,
    put,
    relay: new RelayItem(table, { documents: dynamoDB(sdkClientOptions), now: Date.now }),
    lists: new ListMembers(table, { documents: dynamoDB(sdkClientOptions), now: Date.now, retentionDays: 30 }),
    lowCredits: new LowCredits(table, dynamoDB(sdkClientOptions)),
    paidStarts: new PaidStarts(table, dynamoDB(sdkClientOptions)),
    budget: new SharedItem(budgetTable, budgetKey.budget, dynamoDB(sdkClientOptions)),
    startBudget: new SharedItem(budgetTable, budgetKey.starts, dynamoDB(sdkClientOptions)),
    everything: () => scan(tables.client, table),
    [Symbol.asyncDispose]: async () => {
      await endpoint.close();
      await tables.close();
    },
  };
}

async function scan(client: DynamoDBClient, TableName: string): Promise<string> {
  const items: Record<string, unknown>[] = [];
  let ExclusiveStartKey: Record<string, never> | undefined;
  do {
    const page = await DynamoDBDocumentClient.from(client).send(new ScanCommand({ TableName, ExclusiveStartKey }));
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey;
  } while (ExclusiveStartKey);
  return unpacked(items);
}

/** Contact data that nothing but the record and its readers may ever show. */
export const planted = {
  email: 'ada@example.com',
  lowQualityEmail: 'a.lovelace@example.org',
  phoneNumber: '+15550100',
} as const;

export const result: RevealResult = {
  emails: [{ email: planted.email, type: 'work', status: 'valid' }],
  lowQualityEmails: [{ email: planted.lowQualityEmail, status: 'risky' }],
  phoneNumbers: [{ number: planted.phoneNumber, type: 'mobile' }],
};

const charge = { method: 'charged-now', creditsCharged: 12, lowCreditAlert: null } as const;

/** The answer that the result is a reading of. */
export const answer: RawAnswer = {
  bytes: Buffer.from(
    JSON.stringify({
      output: { done: true, profile: { status: 'completed', headline: 'Analyst', ...result } },
      chargeInfo: charge,
    }),
  ),
  contentType: 'application/json; charset=utf-8',
};

/** What makes a record a completed and announced one. */
export function completed(): RecordChanges {
  return {
    status: 'completed',
    polls: 4,
    vendorStatus: 'completed',
    answer: packAnswer(answer).answer,
    result,
    found: { emails: 1, lowQualityEmails: 1, phoneNumbers: 1 },
    charge,
    creditsCharged: 12,
    settledAt: new Date().toISOString(),
    publishedAt: new Date().toISOString(),
    expiresAt: Math.floor(Date.now() / 1_000) + 86_400,
  };
}

/** Everything that is printed while `during` goes on. */
export async function printed(during: () => Promise<unknown>): Promise<string> {
  const chunks: string[] = [];
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  for (const stream of streams) {
    stream.write = ((chunk: string | Uint8Array) => {
      chunks.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      return true;
    }) as typeof stream.write;
  }
  try {
    await during();
  } finally {
    streams.forEach((stream, at) => {
      stream.write = writes[at] as typeof stream.write;
    });
  }
  return chunks.join('');
}

const routes = apiRoutes.map((key) => ({ key, target: 'api' }));

/** A request as API Gateway hands it over, payload format 2.0. */
export function httpEvent(method: string, path: string, body?: unknown, more: Record<string, unknown> = {}) {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  const { key: routeKey = '$default', pathParameters = {} } = matchRoute(routes, method, rawPath) ?? {};
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    headers: { host: 'api.example.com', ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    requestContext: {
      domainName: 'api.example.com',
      stage: '$default',
      http: { method, path: rawPath, protocol: 'HTTP/1.1' },
    },
    isBase64Encoded: false,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...more,
  };
}
