import { type Outcome, type Reason, revealsKey } from '../../lambdas/contract.ts';
import { hasUnansweredStart } from '../../lambdas/reveal/life/paid-start.ts';
import type { RevealRecord } from '../../lambdas/reveal/record.ts';
import type { PaidTask } from '../../local/fiber/index.ts';
import { unpacked } from '../support/unpacked.ts';
import type { Lab } from './lab.ts';
import { leaksIn } from './leaks.ts';
import { outsideTheTable } from './outside.ts';
import { plantsOf } from './plants.ts';
import type { PlayedStart } from './start-play.ts';

/** How many leaks one complaint lists. */
const mostListed = 3;

/** Everything that is not as it must be after a cell around a paid start, in words; nothing if all of it is. */
export async function brokenStartIn(lab: Lab, played: PlayedStart): Promise<string[]> {
  const items = await lab.items(played.revealId);
  const [record] = items.filter((item) => item[revealsKey.sort] === revealsKey.record) as unknown as RevealRecord[];
  const charges = lab.charges
    .slice(played.from.charges)
    .filter(({ linkedinUrl }) => linkedinUrl === played.linkedinUrl);
  if (!record) return ['there is no record'];
  return [
    ...played.unmet.map(({ operation, handler }) => `nothing met the fault of ${handler} ${operation ?? 'call'}`),
    ...brokenLedger(played, charges, record, items as unknown as Partial<RevealRecord>[]),
    ...brokenEnd(played, charges, record),
    ...brokenEvents(lab, played, record),
    ...(await brokenSums(lab, charges)),
    ...(await leaks(lab, played, charges)),
  ];
}

/** No charge more than generations that somebody asked for, and each of them on a record. */
function brokenLedger(
  { cell, executionArns }: PlayedStart,
  charges: readonly PaidTask[],
  record: RevealRecord,
  items: readonly Partial<RevealRecord>[],
): string[] {
  const { generations = 1 } = cell;
  const known = new Set(items.map(({ taskId }) => taskId));
  const unaccounted = charges.filter(({ taskId }) => !known.has(taskId));
  const isUnknown = hasUnansweredStart(record) && record.reason === 'start-unknown';
  return [
    ...(charges.length <= generations ? [] : [`${charges.length} charges for ${generations} generations`]),
    ...(cell.charges === undefined || charges.length === cell.charges
      ? []
      : [`${charges.length} charges, not ${cell.charges}`]),
    ...(unaccounted.length <= Number(isUnknown)
      ? []
      : [`paid for, and on no record: ${unaccounted.length} of ${charges.length}`]),
    ...(record.taskId === undefined || record.startedBy !== undefined
      ? []
      : ['the record does not say which call has started its task']),
    ...(executionArns.length > 0 ? [] : ['there never was an execution']),
  ];
}

function brokenEnd({ cell }: PlayedStart, charges: readonly PaidTask[], record: RevealRecord): string[] {
  const { generations = 1 } = cell;
  const isKnown = charges.some(({ taskId }) => taskId === record.taskId);
  const ends = cell.ends ?? (isKnown ? 'completed' : 'errored');
  const { status, reason } = record;
  return [
    ...([ends].flat().includes(status as Outcome) ? [] : [`it ended as ${status} (${reason})`]),
    ...(cell.reason === undefined || [cell.reason].flat().includes(reason as Reason)
      ? []
      : [`its reason is ${reason}, not ${cell.reason}`]),
    // A known task is not left alone, and a reveal without one says why.
    ...(reason === 'start-unknown' && record.taskId !== undefined ? ['its task is known, and it says unknown'] : []),
    ...(hasUnansweredStart(record) && reason !== 'start-unknown' ? [`an unanswered call, and it says ${reason}`] : []),
    ...(record.generation <= generations ? [] : [`it is generation ${record.generation}`]),
    ...(record.settledAt && record.publishedAt && record.expiresAt
      ? []
      : ['it is not settled, announced and bound to expire']),
    ...(record.lookAgainAt && record.open === undefined && !record.erasedAt
      ? ['it is to be looked at, and no sweep will see it']
      : []),
    ...(record.nextPollAt || record.pausedBecause ? ['it ended, and says that it waits'] : []),
  ];
}

function brokenEvents(lab: Lab, { from, revealId }: PlayedStart, record: RevealRecord): string[] {
  const events = lab.test.relay.events
    .slice(from.events)
    .filter(({ event }) => event.source === 'reveal-relay' && event.detail.revealId === revealId)
    .map(({ event }) => event);
  const ending = record.status === 'completed' ? 'Contact Reveal Completed' : 'Contact Reveal Failed';
  const isAnnounced = events.some(
    ({ 'detail-type': type, detail }) =>
      type === ending && detail.eventId === record.eventId && detail.outcome === record.status,
  );
  return isAnnounced ? [] : ['its ending was not announced'];
}

/** What was charged counts against the cap of its day, whatever has become of the handler. */
async function brokenSums(lab: Lab, charges: readonly PaidTask[]): Promise<string[]> {
  const sums = (await lab.everything()).filter((item) => item[revealsKey.sort] === 'credits');
  const counted = sums.reduce((sum, { spent }) => sum + Number(spent), 0);
  const charged = charges.reduce((sum, { creditsCharged }) => sum + creditsCharged, 0);
  return counted >= charged ? [] : [`${charged} credits were charged, and ${counted} are counted`];
}

async function leaks(
  lab: Lab,
  { slug, linkedinUrl, executionArns, from, cell }: PlayedStart,
  charges: readonly PaidTask[],
): Promise<string[]> {
  const person = [slug, linkedinUrl, ...charges.flatMap((paid) => plantsOf(paid, lab.apiKey).contact)];
  const everything = unpacked(await lab.everything());
  const outside = {
    ...(await outsideTheTable(lab, executionArns, from)),
    ...(cell.isErased && { 'a tombstone': everything }),
  };
  const found = [...leaksIn(outside, [...person, lab.apiKey]), ...leaksIn({ 'the table': everything }, [lab.apiKey])];
  const places = found.map(({ where, plant, encoding }) => `${where} holds ${plant} (${encoding})`);
  return places.length > mostListed
    ? [...places.slice(0, mostListed), `and ${places.length - mostListed} more leaks`]
    : places;
}
