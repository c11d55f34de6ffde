import { randomBytes } from 'node:crypto';
import { outputNames } from '../../lambdas/contract.ts';
import type { AddedTask } from '../../local/fiber/index.ts';
import type { Answering, WebhookReceiverServer } from '../support/webhook-receiver.ts';
import type { Fault } from './fault.ts';
import type { Lab } from './lab.ts';
import type { WebhookCell, WebhookScene } from './webhook-cell.ts';

const minute = 60_000;
/** All waits together are two days; whoever is killed adds the queue's timeout to them. */
const longestMs = 60 * 60 * minute;

/** What a cell came to, once the receiver's queue was empty. */
export interface PlayedWebhook {
  readonly cell: WebhookCell;
  readonly task: AddedTask;
  readonly executionArn: string;
  /** Faults that nothing has met: then the cell shows nothing. */
  readonly unmet: readonly Fault[];
  /** Bodies that lie with the receiver's dead letters. */
  readonly laidAside: readonly string[];
  /** Secrets that have signed. */
  readonly secrets: readonly string[];
  readonly from: { readonly logs: number; readonly events: number };
}

let played = 0;

/** Plays one cell until nothing is left to be told. */
export async function playWebhook(lab: Lab, cell: WebhookCell): Promise<PlayedWebhook> {
  const { relay, logs } = lab.test;
  const receiver = lab.receiver as WebhookReceiverServer;
  const from = { logs: logs.length, events: relay.events.length };
  await lab.forget();
  receiver.received.length = 0;
  const { queue, deadLetters, secret } = partsOf(lab);
  for (const { id } of messagesIn(lab, deadLetters)) relay.queues.delete(arnOf(lab, deadLetters), id);
  const taskId = `hook-${process.pid}-${++played}`;
  const task = lab.addTask({ taskId, durationMs: 1, ...cell.task });
  const secrets = [relay.secrets.valueOf(secret) ?? ''];
  const scene: WebhookScene = {
    lab,
    taskId,
    rotateSecret: () => {
      const value = `whsec_${randomBytes(32).toString('base64')}`;
      secrets.push(value);
      relay.secrets.put(secret, value);
    },
    erase: async () => void (await lab.ask('DELETE', `/reveals/${taskId}/result`)),
  };

  const { answers = [], afterwards = echoing } = cell;
  receiver.next(...(typeof answers === 'function' ? answers(scene) : answers));
  receiver.usual = afterwards;
  const after = await cell.before?.(scene);
  lab.between.arm(cell.faults ?? []);
  const executionArn = await relay.startReveal({ taskId });
  await relay.ended(executionArn);
  await after?.();
  await drained(lab, queue);
  const unmet = lab.between.disarm();
  const laidAside = messagesIn(lab, deadLetters).map(({ body }) => body);
  return { cell, task, executionArn, unmet, laidAside, secrets, from };
}

/** Takes it, and says it all again: what a receiver says must not be kept anywhere. */
const echoing: Answering = (response, { text }) => response.writeHead(200).end(text);

async function drained(lab: Lab, queue: string): Promise<void> {
  const until = lab.test.clock.now() + longestMs;
  while (messagesIn(lab, queue).length > 0) {
    if (lab.test.clock.now() > until) throw new Error('The queue of the receiver is not empty after 60 hours');
    await lab.pass(5 * minute);
  }
}

function partsOf(lab: Lab): { queue: string; deadLetters: string; secret: string } {
  return JSON.parse(String(lab.test.relay.outputs[outputNames.webhooks]))[0];
}

function arnOf(lab: Lab, url: string): string {
  const queues = lab.test.relay.deployment.stack.ofType('AWS::SQS::Queue');
  return queues.find(({ reference }) => reference === url)?.attributes.Arn ?? '';
}

function messagesIn(lab: Lab, url: string) {
  return lab.test.relay.queues.messages(arnOf(lab, url));
}
