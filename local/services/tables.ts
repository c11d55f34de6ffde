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
import { lockFolder } from '../data/folder-lock.ts';
import { type LocalResource, type LocalStack, TemplateError } from '../template/template.ts';
import { localClientOptions } from './client-options.ts';
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
  const { server, settled } = sheltered(
    dynalite({ ...options, ...(path !== undefined && { path }) }),
    onRequest,
    oldItem,
  );
  const url = await listenOnLoopback(server);
  client = new DynamoDBClient(localClientOptions(url));
  await Promise.all(tables.map((table) => create(client, table)));
  return {
    url,
    client,
    close: async () => {
      await settled();
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
 * Dynalite, made whole. It ends the process when a client goes away in the middle of a request, or when it is closed in the middle of one: it is handed
 * whole requests only, and none once it is to be closed. And whoever asks is told of an update's failed condition which item it failed on,
 * which dynalite leaves out.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html ReturnValuesOnConditionCheckFailure
 * @returns the server, and what takes no more requests and resolves when those under way are answered, be it to nobody
 */
function sheltered(
  server: Server,
  onRequest: () => void,
  oldItem: (of: GetItemCommandInput) => Promise<unknown>,
): { server: Server; settled: () => Promise<void> } {
  const [answer] = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  const underWay = new Set<Promise<void>>();
  let isClosing = false;
  server.removeAllListeners('request');
  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    onRequest();
    const body = await readBody(request, largestRequest);
    if (body === undefined) return;
    if (isClosing) {
      response.destroy();
      return;
    }
    const { method, url, headers } = request;
    const text = body.toString('utf8');
    const wantsItem = text.includes('"ReturnValuesOnConditionCheckFailure":"ALL_OLD"');
    const answered = whenAnswered(response, async () => {
      if (!wantsItem) return undefined;
      const { TableName, Key } = JSON.parse(text) as GetItemCommandInput;
      return oldItem({ TableName, Key, ConsistentRead: true });
    });
    underWay.add(answered);
    void answered.then(() => underWay.delete(answered));
    answer?.(Object.assign(Readable.from([body]), { method, url, headers }) as unknown as IncomingMessage, response);
  });
  const settled = async () => {
    isClosing = true;
    await Promise.all(underWay);
  };
  return { server, settled };
}

/** Resolves when dynalite has answered. Puts the item that `oldItem` finds into an answer that says that a condition failed. */
function whenAnswered(response: ServerResponse, oldItem: () => Promise<unknown>): Promise<void> {
  const end = response.end.bind(response) as (body: string | Buffer) => ServerResponse;
  return new Promise((resolve) => {
    response.end = ((body: string | Buffer) => {
      const refused = String(body).includes('ConditionalCheckFailedException');
      if (!refused) {
        end(body);
        resolve();
        return response;
      }
      // Without the item it is what dynalite says.
      void oldItem()
        .catch(() => undefined)
        .then((Item) => {
          const told = JSON.stringify({ ...JSON.parse(String(body)), Item });
          response.removeHeader('x-amz-crc32');
          response.setHeader('content-length', Buffer.byteLength(told));
          end(told);
          resolve();
        });
      return response;
    }) as typeof response.end;
  });
}
