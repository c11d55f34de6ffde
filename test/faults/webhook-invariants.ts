import { revealsKey, webhookAttempts } from '../../lambdas/contract.ts';
import { unpacked } from '../support/unpacked.ts';
import { isSignedBy, type ReceivedWebhook, type WebhookReceiverServer } from '../support/webhook-receiver.ts';
import type { Lab } from './lab.ts';
import { leaksIn } from './leaks.ts';
import { outsideTheTable } from './outside.ts';
import { plantsOf } from './plants.ts';
import type { PlayedWebhook } from './webhook-play.ts';

/** How many leaks one complaint lists. */
const mostListed = 3;

/** Everything that is not as it must be after a cell around a webhook, in words; nothing if all of it is. */
export async function brokenWebhookIn(lab: Lab, played: PlayedWebhook): Promise<string[]> {
  const { received } = lab.receiver as WebhookReceiverServer;
  return [
    ...played.unmet.map(({ operation, handler }) => `nothing met the fault of ${handler} ${operation ?? 'call'}`),
    ...brokenDelivery(lab, played, received),
    ...received.flatMap((webhook) => brokenRequest(played, webhook)),
    ...(await brokenNote(lab, played)),
    ...(await leaks(lab, played)),
  ];
}

/** At least once to the receiver or the dead letters, and in no case more often than is stated. */
function brokenDelivery(
  lab: Lab,
  { cell, task, laidAside, from }: PlayedWebhook,
  received: readonly ReceivedWebhook[],
) {
  const { ends = 'taken', requests = webhookAttempts } = cell;
  const eventIds = new Set(
    lab.test.relay.events
      .slice(from.events)
      .filter(({ event }) => event.source === 'reveal-relay' && event.detail.revealId === task.taskId)
      .map(({ event }) => String(event.detail.eventId)),
  );
  const known = [...eventIds];
  const isAside = (id: string) => laidAside.some((body) => body.includes(id));
  const asked = (id: string) => received.filter(({ headers }) => headers['webhook-id'] === id).length;
  const unknown = received.filter(({ headers }) => !eventIds.has(String(headers['webhook-id'])));
  return [
    ...(known.length > 0 ? [] : ['nothing was published']),
    ...(unknown.length === 0 ? [] : [`${unknown.length} requests are about nothing that was published`]),
    ...known.flatMap((id) => (asked(id) <= requests ? [] : [`the receiver was asked ${asked(id)} times`])),
    ...known.flatMap((id) => (ends === 'taken' && asked(id) === 0 ? ['the receiver was never asked'] : [])),
    ...known.flatMap((id) => (ends === 'taken' && isAside(id) ? ['it lies with the dead letters'] : [])),
    ...known.flatMap((id) => (ends === 'laid-aside' && !isAside(id) ? ['it is not with the dead letters'] : [])),
    ...known.flatMap((id) => (asked(id) > 0 || isAside(id) ? [] : ['it is lost'])),
  ];
}

function brokenRequest({ cell, task, secrets }: PlayedWebhook, webhook: ReceivedWebhook): string[] {
  const { result } = webhook.body.data as { result?: { emails: unknown; phoneNumbers: unknown } };
  const { emails, phoneNumbers } = task.contacts;
  const isWhole = JSON.stringify(result) === JSON.stringify({ emails, phoneNumbers });
  return [
    ...(webhook.path === '/hook' ? [] : [`it was sent to ${webhook.path}`]),
    ...(secrets.some((secret) => isSignedBy(secret, webhook)) ? [] : ['it is not signed']),
    ...(isWhole || (cell.isErased && result === undefined) ? [] : ['the result in it is not what was found']),
  ];
}

/** What the record says became of it. */
async function brokenNote(lab: Lab, { cell, task, executionArn }: PlayedWebhook): Promise<string[]> {
  const { ends = 'taken' } = cell;
  const { body } = await lab.ask('GET', `/reveals/${task.taskId}`);
  const [delivery] = (body.deliveries ?? []) as { state: string; attempts: object[] }[];
  if (!delivery) return ends === 'taken' ? ['the record does not say that it was delivered'] : [];
  const isTold = ends !== 'taken' || delivery.state === 'delivered' || cell.faults !== undefined;
  return [
    ...(isTold ? [] : [`the record says that it is ${delivery.state}`]),
    ...(delivery.attempts.length <= webhookAttempts ? [] : ['the record tells of more attempts than there may be']),
    ...(executionArn ? [] : ['there never was an execution']),
  ];
}

/** Contact data is in what was sent, in the record, and nowhere else; the secret is nowhere. */
async function leaks(lab: Lab, { task, executionArn, secrets, from }: PlayedWebhook): Promise<string[]> {
  const { contact, apiKey } = plantsOf(task, lab.apiKey);
  const outside = await outsideTheTable(lab, [executionArn], from);
  const beside = (await lab.everything()).filter((item) => !isAnswer(String(item[revealsKey.sort])));
  const plants = [apiKey, ...secrets.map((secret) => secret.replace('whsec_', ''))];
  const found = [
    ...leaksIn({ ...outside, 'a note': unpacked(beside) }, [...contact, ...plants]),
    ...leaksIn({ 'the table': unpacked(await lab.everything()) }, plants),
  ];
  const places = found.map(({ where, plant, encoding }) => `${where} holds ${plant} (${encoding})`);
  return places.length > mostListed
    ? [...places.slice(0, mostListed), `and ${places.length - mostListed} more leaks`]
    : places;
}

/** The record, and the parts of an answer beside it. */
const isAnswer = (part: string) => part === revealsKey.record || part.startsWith('answer#');
