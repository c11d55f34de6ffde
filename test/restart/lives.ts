import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { outputNames, revealsKey } from '../../lambdas/contract.ts';
import { seededRandom } from '../../local/fiber/index.ts';
import { startTables } from '../../local/services/tables.ts';
import { LocalStack } from '../../local/template/template.ts';
import { testAssembly } from '../support/assembly.ts';
import { type LocalAddresses, startLocalRelay } from '../support/local-relay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type Door, doorsOf } from './three-doors.ts';

export interface LivesOptions {
  readonly kills: number;
  readonly reveals: number;
  readonly seed: number;
}

/** What came of one reveal. */
export interface Survivor {
  readonly taskId: string;
  /** As it is stored. */
  readonly record: Readonly<Record<string, unknown>> | undefined;
  /** The events about it, in the order in which they were printed: copies included. */
  readonly events: readonly { readonly type: string; readonly eventId: string }[];
}

export interface Lives {
  readonly survivors: readonly Survivor[];
  /** Reveals that were accepted before the last life; nobody asks for those again. */
  readonly accepted: number;
  /** Kills before it listened. */
  readonly killedWhileStarting: number;
  /** The exit code of the last life, which was ended in the ordinary way. */
  readonly exitCode: number | null;
}

/** Waits are divided by it: fast enough for a test, and slow enough that a reveal outlives a process. */
const speed = 100;
/** In the last life, which nobody ends before its time: a reveal that waits for the sweeper waits for many minutes. */
const lastSpeed = 1_000;
/** Real milliseconds. */
const longestLife = 2_500;
const scenarios = ['quick', 'partial', 'failed'];

/**
 * Starts reveals through all doors of a local relay that is killed again and again, each time at a moment that the seed draws.
 * Only what the relay has neither accepted nor taken on is asked for once more. Its last life ends when every reveal has ended.
 */
export async function playLives({ kills, reveals, seed }: LivesOptions): Promise<Lives> {
  const random = seededRandom(seed);
  const data = await temporaryFolder();
  const events = new Map<string, { type: string; eventId: string }[]>();
  const onLine = (line: string) => {
    const [, type = '', taskId = '', eventId = ''] = /^event (Contact Reveal \w+) (\S+) .*id (\w+)$/.exec(line) ?? [];
    if (taskId) events.set(taskId, [...(events.get(taskId) ?? []), { type, eventId }]);
  };
  const tasks = Array.from({ length: reveals }, (_, n) => `${scenarios[n % scenarios.length]}-${seed}-${n}`);
  const accepted = new Set<string>();
  /** Asks for what has not been accepted yet, unless it has been and the answer got lost. */
  const ask = async (addresses: LocalAddresses, wanted: readonly string[]) => {
    const doors = await doorsOf(addresses);
    const door = (taskId: string) => doors[tasks.indexOf(taskId) % doors.length] as Door;
    const missing = wanted.filter((taskId) => !accepted.has(taskId));
    return missing.map(async (taskId) => {
      const { status } = await fetch(`${addresses.url}/reveals/${taskId}`);
      if (status === 404) await door(taskId)(taskId);
      // A machine that is slow to start a handler answers 500, which says nothing about the reveal.
      else if (status !== 200) throw new Error(`GET /reveals/${taskId} answered ${status}`);
      accepted.add(taskId);
    });
  };

  let killedWhileStarting = 0;
  for (let life = 0; life < kills; life += 1) {
    const relay = startLocalRelay({ data, speed, onLine });
    const moment = random() * longestLife;
    if (random() < 0.2) {
      killedWhileStarting += 1;
      await sleep(moment);
    } else {
      const asked = await ask(await relay.listening, tasks.slice(0, ((life + 1) * reveals) / kills));
      // Those that are killed before they are answered ask again in the next life.
      for (const answer of asked) answer.catch(() => {});
      await sleep(moment);
    }
    await relay.kill();
  }

  const answered = accepted.size;
  const relay = startLocalRelay({ data, speed: lastSpeed, onLine });
  const { url, endpointUrl } = await relay.listening;
  // Whoever got no answer from a slow machine asks again, and is heard at the last try.
  for (let tries = 0; tries < 9 && accepted.size < tasks.length; tries += 1) {
    await Promise.allSettled(await ask({ url, endpointUrl }, tasks));
  }
  await Promise.all(await ask({ url, endpointUrl }, tasks));
  while (tasks.some((taskId) => !events.has(taskId)) || (await anyRunning(url))) await sleep(100);
  const exitCode = await relay.stop();
  const records = await recordsIn(data);
  const survivors = tasks.map((taskId) => ({ taskId, record: records.get(taskId), events: events.get(taskId) ?? [] }));
  return { survivors, accepted: answered, killedWhileStarting, exitCode };
}

async function anyRunning(url: string): Promise<boolean> {
  const page = (await (await fetch(`${url}/reveals?status=running&limit=1`)).json()) as { reveals: unknown[] };
  return page.reveals.length > 0;
}

/** The records in a folder that no relay uses any more, by their id. */
async function recordsIn(data: string): Promise<Map<string, Record<string, unknown>>> {
  const { stackName, template } = await testAssembly();
  const stack = new LocalStack(stackName, template);
  const tables = await startTables(stack, { folder: data });
  try {
    const { Items = [] } = await DynamoDBDocumentClient.from(tables.client).send(
      new ScanCommand({ TableName: String(stack.outputs()[outputNames.revealsTable]) }),
    );
    const records = Items.filter((item) => item[revealsKey.sort] === revealsKey.record);
    return new Map(records.map((record) => [String(record.revealId), record]));
  } finally {
    await tables.close();
  }
}
