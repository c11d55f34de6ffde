import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { type LocalResource, type LocalStack, TemplateError } from '../template/template.ts';
import { localClientOptions } from './client-options.ts';
import { lockFolder } from './folder-lock.ts';
import { listenOnLoopback, readBody, stopListening } from './loopback.ts';

export interface LocalTables {
  /** Where DynamoDB answers. */
  readonly url: string;
  /** A client for whoever wants to look into the tables. */
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

const largestRequest = 16 * 1024 * 1024;

/**
 * The tables of the template, on dynalite. It has no time to live: nothing expires by itself, which on AWS may take days.
 *
 * @param options.folder where the tables are kept; in memory when left out
 * @param options.onRequest called for every request, before it is answered
 * @throws FolderLockedError when another process keeps its tables there
 * @throws TemplateError on a table that is more than keys and indexes
 */
export async function startTables(
  stack: LocalStack,
  { folder, onRequest = () => {} }: { folder?: string | undefined; onRequest?: () => void } = {},
): Promise<LocalTables> {
  const tables = stack.ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map(readTable);
  if (folder === undefined) return serve(undefined, tables, onRequest);
  // Two processes in one LevelDB folder would end the second one with an error that names neither.
  const unlock = await lockFolder(folder, 'tables');
  const path = `${folder}/tables`;
  if (!existsSync(path)) await make(path, tables);
  const served = await serve(path, tables, onRequest);
  return {
    ...served,
    close: async () => {
      await served.close();
      await unlock();
    },
  };
}

/** Makes the tables beside their place, and puts them there whole: a table says CREATING for ever if its process was killed just then. */
async function make(path: string, tables: readonly CreateTableCommandInput[]): Promise<void> {
  const unfinished = `${path}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const made = await serve(unfinished, tables);
  await made.close();
  await rename(unfinished, path);
}

async function serve(
  path: string | undefined,
  tables: readonly CreateTableCommandInput[],
  onRequest: () => void = () => {},
): Promise<LocalTables> {
  const options = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
  let client: DynamoDBClient;
  const oldItem = async (of: GetItemCommandInput) => (await client.send(new GetItemCommand(of))).Item;
  const server = sheltered(dynalite({ ...options, ...(path !== undefined && { path }) }), onRequest, oldItem);
  const url = await listenOnLoopback(server);
  client = new DynamoDBClient(localClientOptions(url));
  await Promise.all(tables.map((table) => create(client, table)));
  return {
    url,
    client,
    close: async () => {
      client.destroy();
      await stopListening(server);
    },
  };
}

async function create(client: DynamoDBClient, table: CreateTableCommandInput): Promise<void> {
  try {
    await client.send(new CreateTableCommand(table));
  } catch (error) {
    // It is there already, from an earlier run in the same folder.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  // Dynalite answers before the table is ready. Seconds.
  const patience = { client, maxWaitTime: 10, minDelay: 0.005, maxDelay: 0.1 };
  await waitUntilTableExists(patience, { TableName: table.TableName });
}

/** Properties that change nothing about what a handler sees here. */
const withoutLocalMeaning = new Set([
  'BillingMode',
  'DeletionProtectionEnabled',
  'PointInTimeRecoverySpecification',
  'Replicas',
  'SSESpecification',
  'TableName',
  'Tags',
  'TimeToLiveSpecification',
  'WriteOnDemandThroughputSettings',
]);

function readTable(resource: LocalResource): CreateTableCommandInput {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes, ...rest } =
    resource.properties();
  const unknown = Object.keys(rest).find((property) => !withoutLocalMeaning.has(property));
  if (unknown) {
    throw new TemplateError(`${resource.logicalId} (${resource.type}) has ${unknown}, for which there is no adapter.`);
  }
  const indexes = (list: unknown) =>
    (list as Record<string, unknown>[] | undefined)?.map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
    }));
  return {
    TableName: resource.reference,
    AttributeDefinitions,
    KeySchema,
    GlobalSecondaryIndexes: indexes(GlobalSecondaryIndexes),
    LocalSecondaryIndexes: indexes(LocalSecondaryIndexes),
    BillingMode: 'PAY_PER_REQUEST',
  } as CreateTableCommandInput;
}

/**
 * Dynalite, made whole. It ends the process when a client goes away in the middle of a request: it is handed whole requests only. And whoever asks is
 * told of a failed condition which item it failed on, which dynalite leaves out.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html ReturnValuesOnConditionCheckFailure
 */
function sheltered(
  server: Server,
  onRequest: () => void,
  oldItem: (of: GetItemCommandInput) => Promise<unknown>,
): Server {
  const [answer] = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  server.removeAllListeners('request');
  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    onRequest();
    const body = await readBody(request, largestRequest);
    if (body === undefined) return;
    const { method, url, headers } = request;
    const text = body.toString('utf8');
    if (text.includes('"ReturnValuesOnConditionCheckFailure":"ALL_OLD"')) {
      const { TableName, Key } = JSON.parse(text) as GetItemCommandInput;
      completeRefusals(response, () => oldItem({ TableName, Key, ConsistentRead: true }));
    }
    answer?.(Object.assign(Readable.from([body]), { method, url, headers }) as unknown as IncomingMessage, response);
  });
  return server;
}

/** Puts the item into the answer, if that says that a condition failed. */
function completeRefusals(response: ServerResponse, oldItem: () => Promise<unknown>): void {
  const end = response.end.bind(response) as (body: string) => ServerResponse;
  response.end = ((body: string | Buffer) => {
    const text = String(body);
    if (!text.includes('ConditionalCheckFailedException')) return end(text);
    void oldItem().then((Item) => {
      const told = JSON.stringify({ ...JSON.parse(text), Item });
      response.removeHeader('x-amz-crc32');
      response.setHeader('content-length', Buffer.byteLength(told));
      end(told);
    });
    return response;
  }) as typeof response.end;
}
