import { setTimeout as sleep } from 'node:timers/promises';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PollBudget } from '../aws/budgets/poll-budget.ts';
import { RateBudget } from '../aws/budgets/rate-budget.ts';
import { CreditCap } from '../aws/credit-cap.ts';
import { RevealBus } from '../aws/event-bus.ts';
import { LowCredits } from '../aws/low-credits.ts';
import type { RevealsTable } from '../aws/reveals/reveals-table.ts';
import { budgetKey, type HandlerName, type Settings } from '../contract.ts';
import { FiberClient } from '../fiber/fiber-client.ts';
import { FiberStarts } from '../fiber/fiber-starts.ts';
import type { BatchCap } from '../reveal/claim-request.ts';
import { expiryOf, type RevealRecord } from '../reveal/record.ts';
import { Settlement } from '../usecases/ending/settle.ts';
import { metrics } from './metrics.ts';
import type { HandlerContext } from './relay-handler.ts';

/** Sums of credits are kept so long that the sweeper can settle them, and somebody can look them up. */
const sumsAreKeptDays = 90;

/** The poll budget that the construct configured. */
export function pollBudget(
  settings: Settings<'budgetTable' | 'pollsPerMinute' | 'keyShare' | 'interactiveShare'>,
  { documents, now }: { documents: DynamoDBDocumentClient; now: () => number },
): PollBudget {
  return new PollBudget({
    table: settings.budgetTable,
    documents,
    limits: {
      perMinute: settings.pollsPerMinute,
      share: settings.keyShare,
      interactiveShare: settings.interactiveShare,
    },
    now,
    random: Math.random,
    sleep,
  });
}

/** The budget of paid starts that the construct configured. */
export function startBudget(
  settings: Settings<'budgetTable' | 'startsPerMinute' | 'keyShare' | 'interactiveShare'>,
  { documents, now }: { documents: DynamoDBDocumentClient; now: () => number },
): RateBudget {
  const { startsPerMinute: perMinute, keyShare: share, interactiveShare } = settings;
  const limits = { perMinute, share, interactiveShare };
  const table = settings.budgetTable;
  return new RateBudget(budgetKey.starts, { table, documents, limits, now, random: Math.random, sleep });
}

/** The sums that starts count against: of a day by UTC, if there is a cap on it, and of a batch. */
function creditSums(
  { revealsTable: table, maxCreditsPerDay }: Settings<'revealsTable' | 'maxCreditsPerDay'>,
  { documents, now }: { documents: DynamoDBDocumentClient; now: () => number },
) {
  const cap = (name: string, mostCredits: number) =>
    new CreditCap({ table, name, mostCredits, expiresAt: expiryOf(now(), sumsAreKeptDays), documents });
  return {
    ofBatch: ({ key, maxCredits }: BatchCap) => cap(`batch#${key}`, maxCredits),
    ofDay: (atMs: number) => {
      const day = new Date(atMs).toISOString().slice(0, 10);
      return maxCreditsPerDay === undefined ? [] : [{ day, cap: cap(day, maxCreditsPerDay) }];
    },
  };
}

/** The sums that the start of a reveal counts against: of the day, and of its batch. */
export function creditCaps(...parts: Parameters<typeof creditSums>) {
  const { ofBatch, ofDay } = creditSums(...parts);
  const [, { now }] = parts;
  return ({ batch }: RevealRecord) => [...(batch ? [ofBatch(batch)] : []), ...ofDay(now()).map(({ cap }) => cap)];
}

/** The sums that the sweeper looks after: a handler that has died since midnight may have counted against the day before. */
export function sweptCaps(...parts: Parameters<typeof creditSums>) {
  const { ofBatch, ofDay } = creditSums(...parts);
  const [, { now }] = parts;
  const day = (atMs: number, isToday: boolean) => ofDay(atMs).map((sum) => ({ ...sum, isToday }));
  return { ofBatch, days: () => [...day(now(), true), ...day(now() - 86_400_000, false)] };
}

/** The sum of the UTC day that it is now, if it has a cap. */
export function capOfDay(...parts: Parameters<typeof creditSums>) {
  const [, { now }] = parts;
  return creditSums(...parts).ofDay(now())[0];
}

/** Who starts tasks at the vendor, at the address that the construct configured. */
export function fiberStarts(
  settings: Settings<'fiberBaseUrl'>,
  { now, proxyEnvironment }: Pick<HandlerContext<HandlerName>, 'now' | 'proxyEnvironment'>,
): FiberStarts {
  return new FiberStarts({ baseUrl: settings.fiberBaseUrl, now, proxyEnvironment });
}

/** Who asks the vendor, at the address that the construct configured. */
export function fiberClient(
  settings: Settings<'fiberBaseUrl'>,
  { now, proxyEnvironment }: Pick<HandlerContext<HandlerName>, 'now' | 'proxyEnvironment'>,
): FiberClient {
  return new FiberClient({ baseUrl: settings.fiberBaseUrl, now, proxyEnvironment });
}

/** The bus that the construct configured, under the relay's name if it has one. */
export function revealBus(settings: Settings<'eventBus' | 'relayName'>, events: EventBridgeClient): RevealBus {
  return new RevealBus(settings.eventBus, events, settings.relayName);
}

/** What ends reveals, on the bus that the construct configured. */
export function settlement(
  settings: Settings<'eventBus' | 'relayName' | 'retentionDays'>,
  {
    reveals,
    documents,
    events,
    now,
  }: { reveals: RevealsTable; documents: DynamoDBDocumentClient; events: EventBridgeClient; now: () => number },
): Settlement {
  return new Settlement({
    reveals,
    lowCredits: new LowCredits(reveals.name, documents),
    bus: revealBus(settings, events),
    retentionDays: settings.retentionDays,
    now,
    measure: metrics(reveals.name, now),
  });
}
