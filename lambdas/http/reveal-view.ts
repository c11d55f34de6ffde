import { listPrice } from '../fiber/prices.ts';
import type { RevealResult } from '../fiber/vendor-answer.ts';
import { creditsOf } from '../reveal/credits.ts';
import { foundNothing, type ListedReveal, type RevealRecord } from '../reveal/record.ts';
import type { EarlierResult } from '../usecases/showing/show.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import type { ListedView, RevealView } from './api-schema.ts';

/** The path of a reveal, for a `Location` header. */
export const revealLocation = (revealId: string) => `/reveals/${revealId}`;

/** A reveal in a list: no contact data. */
export function listedView(record: ListedReveal): ListedView {
  const { revealId, status, reason, generation, priority, reference, createdAt } = record;
  const { settledAt, erasedAt, expiresAt, found } = record;
  return {
    revealId,
    status,
    ...(reason && { reason }),
    generation,
    priority,
    ...(reference && { reference }),
    createdAt,
    ...(settledAt && { settledAt }),
    ...(erasedAt && { erasedAt }),
    ...(expiresAt && { expiresAt: new Date(expiresAt * 1_000).toISOString() }),
    ...(found && { found }),
  };
}

/**
 * A reveal as its readers see it. E-mail addresses that failed the vendor's validation are shown only to those who ask for them.
 *
 * @param result the contact data that goes with the record; left out where it is not to be shown
 */
export function revealView(
  record: RevealRecord,
  result?: RevealResult,
  {
    withLowQualityEmails = false,
    earlier = [],
    deliveries = [],
  }: {
    withLowQualityEmails?: boolean;
    earlier?: readonly EarlierResult[];
    deliveries?: readonly Delivery[];
  } = {},
): RevealView {
  const { taskId, polls, vendorStatus, lastNegativeAt, lastError, nextPollAt, pausedBecause, charge } = record;
  const { late, lookAgainAt, unreadable, lossy, failure, custom } = record;
  return {
    ...listedView(record),
    ...(taskId !== undefined && { taskId }),
    ...(custom && { custom }),
    ...(late && { late }),
    progress: {
      polls,
      ...(vendorStatus !== undefined && { vendorStatus }),
      ...(lastNegativeAt && { lastNegativeAt }),
      ...(lastError && { lastError }),
      ...(nextPollAt && { nextPollAt }),
      ...(pausedBecause && { pausedBecause }),
      ...(lookAgainAt && { lookAgainAt }),
    },
    ...(foundNothing(record) && { nothingFound: true }),
    ...(unreadable && { unreadable }),
    ...(lossy && { lossy }),
    ...(failure !== undefined && { failure }),
    ...startIn(record),
    ...(charge && { charge }),
    ...creditsOf(record),
    ...(result && !record.erasedAt && { result: contactsIn(result) }),
    ...(earlier.length > 0 && !record.erasedAt && { earlier: earlier.map(earlierView) }),
    ...(deliveries.length > 0 && { deliveries: deliveries.map(deliveryView) }),
  };

  function contactsIn({ emails, phoneNumbers, lowQualityEmails }: RevealResult) {
    return { emails, phoneNumbers, ...(withLowQualityEmails && { lowQualityEmails }) };
  }

  function earlierView({ record: { find = [], ...kept }, result: before }: EarlierResult) {
    const { generation, settledAt, expiresAt, found } = listedView(kept);
    return {
      generation,
      find: [...find],
      ...(settledAt && { settledAt }),
      ...(expiresAt && { expiresAt }),
      ...(found && { found }),
      result: contactsIn(before),
    };
  }
}

function deliveryView({ receiver, type, eventId, state, attempts }: Delivery) {
  return { receiver, event: type, eventId, state, attempts: [...attempts] };
}

/** How the start of the task stands that the relay makes itself. */
function startIn(record: RevealRecord): Pick<RevealView, 'start' | 'linkedinUrl'> {
  const { find, linkedinUrl, startedAt, startProblem, startCreditsCharged } = record;
  if (find === undefined) return {};
  const price = listPrice(find);
  return {
    start: {
      state: stateOfStart(record),
      find: [...find],
      ...(price !== undefined && { listPrice: price }),
      ...(startedAt !== undefined && { startedAt }),
      ...(startProblem !== undefined && { problem: startProblem }),
      ...(startCreditsCharged !== undefined && { creditsCharged: startCreditsCharged }),
    },
    ...(linkedinUrl !== undefined && { linkedinUrl }),
  };
}

function stateOfStart({ taskId, startIntent, status }: RevealRecord) {
  if (taskId !== undefined) return 'started';
  if (status === 'running') return startIntent ? 'under-way' : 'waiting';
  return startIntent ? 'unknown' : 'none';
}
