import { type Outcome, revealsKey } from '../../lambdas/contract.ts';
import type { RevealRecord } from '../../lambdas/reveal/record.ts';
import { unpackAnswer } from '../../lambdas/reveal/stored-answer.ts';
import { grouped } from '../support/grouped.ts';
import { unpacked } from '../support/unpacked.ts';
import { storesResult } from './calls.ts';
import type { Lab } from './lab.ts';
import { leaksIn } from './leaks.ts';
import { outsideTheTable } from './outside.ts';
import { personOf, plantsOf } from './plants.ts';
import type { Played } from './play.ts';

/** The client stops at 4 MiB; buffers on the way hold a little more. */
const mostBytes = 16 * 1024 * 1024;
/** How many leaks one complaint lists. */
const mostListed = 3;

/** Everything that is not as it must be after a cell, in words; nothing if all of it is. */
export async function brokenIn(lab: Lab, played: Played): Promise<string[]> {
  const items = await lab.items(played.task.taskId);
  const records = items.filter((item) => item[revealsKey.sort] === revealsKey.record);
  const record = records[0] as unknown as RevealRecord | undefined;
  return [
    ...played.unmet.map(
      ({ operation, handler }) => `nothing met the fault of ${handler ?? 'any'} ${operation ?? 'call'}`,
    ),
    ...brokenRecord(records as unknown as RevealRecord[], played),
    ...(record ? brokenResult(lab, played, record, items) : []),
    ...(record ? brokenEvents(lab, played, record) : []),
    ...brokenBounds(lab, played),
    ...brokenErrors(lab, played),
    ...(await leaks(lab, played, items)),
  ];
}

function brokenRecord(records: RevealRecord[], { cell }: Played): string[] {
  const [record, ...more] = records;
  if (!record || more.length > 0) return [`there are ${records.length} records`];
  const { ends = 'completed', reason, late = false } = cell;
  const { status, generation } = record;
  return [
    ...([ends].flat().includes(status as Outcome) ? [] : [`it ended as ${status} (${record.reason}), not as ${ends}`]),
    ...(reason === undefined || record.reason === reason ? [] : [`its reason is ${record.reason}, not ${reason}`]),
    ...(late === 'perhaps' || Boolean(record.late) === late ? [] : [`late is ${record.late}`]),
    ...(generation === 1 ? [] : [`it is generation ${generation}`]),
    ...(record.settledAt && record.publishedAt && record.expiresAt
      ? []
      : ['it is not settled, announced and bound to expire']),
    ...(record.nextPollAt || record.pausedBecause ? ['it ended, and says that it waits'] : []),
  ];
}

/** If the vendor said "done" to a relay that was waiting for it, that is what is stored, whole and once. */
function brokenResult(
  lab: Lab,
  { task, from }: Played,
  record: RevealRecord,
  items: Record<string, unknown>[],
): string[] {
  const { taskId, contacts } = task;
  const saidDone = lab.polls
    .slice(from.polls)
    .some((poll) => poll.taskId === taskId && poll.status === 200 && poll.done);
  const stored = lab.calls.slice(from.calls).filter((call) => storesResult(call) && call.body.includes(`"${taskId}"`));
  const parts = items.filter((item) => item[revealsKey.sort] !== revealsKey.record);
  if (!saidDone || record.status === 'cancelled') {
    // What nobody could read is kept where a reveal was given up on for that.
    const hasAnswer = record.reason !== 'answers-unusable' && (record.answer !== undefined || parts.length > 0);
    const isStored = stored.length > 0 || record.result !== undefined || hasAnswer;
    return isStored ? ['a result is stored that nobody should have'] : [];
  }
  const { emails, lowQualityEmails, phoneNumbers, name, linkedinUrl } = profileIn(record, parts);
  const said = { emails, lowQualityEmails, phoneNumbers };
  const wanted = { ...contacts, ...personOf(taskId) };
  return [
    ...(stableJson({ ...said, name, linkedinUrl }) === stableJson(wanted)
      ? []
      : ['the answer is not what the vendor said']),
    ...(!record.result || stableJson(record.result) === stableJson(said)
      ? []
      : ['the result is not what the answer says']),
    ...(stored.length === 1 ? [] : [`the result was stored ${stored.length} times`]),
    ...(parts.length === (record.answer?.parts?.count ?? 0) ? [] : [`${parts.length} parts lie there`]),
  ];
}

/** The profile in the stored answer, wherever that lies. */
function profileIn({ answer = {} }: RevealRecord, parts: Record<string, unknown>[]): Record<string, unknown> {
  const packed = answer.bytes ?? Buffer.concat(parts.map(({ bytes }) => bytes as Uint8Array));
  try {
    return JSON.parse(Buffer.from(unpackAnswer(answer, packed).bytes).toString()).output.profile;
  } catch {
    return {};
  }
}

function brokenEvents(lab: Lab, { task, from }: Played, record: RevealRecord): string[] {
  const events = lab.test.relay.events
    .slice(from.events)
    .filter(({ event }) => event.source === 'reveal-relay' && event.detail.revealId === task.taskId)
    .map(({ event }) => ({ type: event['detail-type'], detail: event.detail }));
  const copies = grouped(events, ({ detail }) => detail.eventId);
  const differing = [...copies.values()].filter((same) => new Set(same.map(stableJson)).size > 1);
  const types = [...copies.values()].map(([event]) => `${event?.type} (${event?.detail.outcome})`);
  const ending = record.status === 'completed' ? 'Contact Reveal Completed' : 'Contact Reveal Failed';
  const last = copies.get(record.eventId ?? '')?.[0];
  return [
    ...(differing.length === 0 ? [] : [`copies of one event differ: ${JSON.stringify(differing[0])}`]),
    ...(copies.size === (record.late ? 2 : 1) ? [] : [`it was announced as ${types.join(' and as ')}`]),
    ...(last?.type === ending && last.detail.outcome === record.status ? [] : ['its ending was not announced']),
  ];
}

function brokenBounds(lab: Lab, { task, cell, executionArns, from }: Played): string[] {
  const { polls = 12 } = cell;
  const seen = lab.test.fiber.stats().pollsPerTask[task.taskId] ?? 0;
  const mostRead = Math.max(0, ...lab.streamed.slice(from.streamed));
  const running = lab.executions().filter(({ status }) => status === 'RUNNING');
  return [
    ...(seen <= polls ? [] : [`the vendor saw ${seen} polls, more than ${polls}`]),
    ...(mostRead <= mostBytes ? [] : [`${mostRead} bytes of one answer were read`]),
    ...(running.length === 0 ? [] : [`${running.length} executions still run`]),
    ...(executionArns.length > 0 ? [] : ['there never was an execution']),
  ];
}

/** A fault of a service names the service, so that whoever reads the history knows where to look. */
const serviceFault =
  /^(DynamoDB|EventBridge|Secrets Manager|Step Functions|SQS) did not do what was asked: [\w .()]+\.$/;

function brokenErrors(lab: Lab, { executionArns, cell }: Played): string[] {
  if (cell.setting?.stumbles) return [];
  const faults = executionArns
    .flatMap((arn) => lab.test.relay.history(arn))
    .filter((event) => event.type === 'StateFailed' && event.Error === 'RelayFault')
    .map(({ Cause }) => String((JSON.parse(String(Cause)) as { errorMessage?: string }).errorMessage));
  const unclear = faults.filter((message) => !serviceFault.test(message));
  return unclear.length > 0 ? [`a fault does not name its service: ${unclear[0]}`] : [];
}

async function leaks(
  lab: Lab,
  { task, executionArns, from }: Played,
  items: Record<string, unknown>[],
): Promise<string[]> {
  const { contact, apiKey } = plantsOf(task, lab.apiKey);
  const outside = await outsideTheTable(lab, executionArns, from);
  const found = [...leaksIn(outside, [...contact, apiKey]), ...leaksIn({ 'the record': unpacked(items) }, [apiKey])];
  const places = found.map(({ where, plant, encoding }) => `${where} holds ${plant} (${encoding})`);
  return places.length > mostListed
    ? [...places.slice(0, mostListed), `and ${places.length - mostListed} more leaks`]
    : places;
}

/** JSON with the names in order: DynamoDB gives attributes back in another one. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
