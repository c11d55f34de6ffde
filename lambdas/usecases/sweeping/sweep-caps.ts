import type { CreditCap, Reservation } from '../../aws/credit-cap.ts';
import type { RevealBus } from '../../aws/event-bus.ts';
import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import type { BatchCap } from '../../reveal/claim-request.ts';
import { loggedFacts } from '../../reveal/errors.ts';
import { creditCapNear } from '../../reveal/events/credit-cap-near.ts';
import { callMayLastMs, reservationCameTo } from '../../reveal/life/paid-start.ts';

type SweptCap = Pick<CreditCap, 'standing' | 'commit' | 'release' | 'warned'>;

export interface CapSweeping {
  /** The sums of today and of the day before, by UTC; none where a day has no cap. */
  days: () => readonly { day: string; isToday: boolean; cap: SweptCap }[];
  ofBatch: (batch: BatchCap) => SweptCap;
  reveals: Pick<RevealsTable, 'get' | 'name'>;
  bus: Pick<RevealBus, 'publish'>;
  log: { error(message: string, facts: Record<string, unknown>): void };
  /** Unix milliseconds. */
  now: () => number;
}

export interface CapReport {
  /** Reservations of handlers that have died: settled now, by what the record says. */
  reservations: number;
  /** Sums that could not be looked after this time. */
  failed: number;
}

/** What of the batches a sweep looks after. */
const mostBatches = 20;

/**
 * Settles what handlers have set aside that have died, and warns once when a day's cap is near. A reservation that is left over makes
 * the sum too high, never too low: so those of a batch are looked for only where a reveal names the batch that is unfinished, or has left one over.
 *
 * @param batches of reveals that are unfinished
 */
export async function sweepCaps(batches: readonly BatchCap[], sweeping: CapSweeping): Promise<CapReport> {
  const { log } = sweeping;
  const report: CapReport = { reservations: 0, failed: 0 };
  const named = new Map(batches.map((batch) => [batch.key, batch]));
  const look = async (name: string, lookAfter: () => Promise<BatchCap[]>) => {
    try {
      for (const batch of await lookAfter()) named.set(batch.key, batch);
    } catch (error) {
      report.failed += 1;
      log.error('sum of credits not looked after', { sum: name, ...loggedFacts(error) });
    }
  };
  for (const { day, isToday, cap } of sweeping.days()) {
    await look(day, async () => {
      if (isToday) await warn(day, cap, sweeping);
      return settleLeft(cap, report, sweeping);
    });
  }
  for (const batch of [...named.values()].slice(0, mostBatches)) {
    await look('batch', () => settleLeft(sweeping.ofBatch(batch), report, sweeping));
  }
  return report;
}

/** @returns the batches of the reveals that had something left over */
async function settleLeft(cap: SweptCap, report: CapReport, sweeping: CapSweeping): Promise<BatchCap[]> {
  const { held } = await cap.standing();
  const batches: BatchCap[] = [];
  // Whoever has set it aside may be about to call.
  for (const left of held.filter(({ atMs }) => sweeping.now() > atMs + callMayLastMs)) {
    const batch = await settleOne(cap, left, sweeping);
    if (batch === 'left') continue;
    report.reservations += 1;
    if (batch) batches.push(batch);
  }
  return batches;
}

async function settleOne(
  cap: SweptCap,
  left: Reservation,
  { reveals }: CapSweeping,
): Promise<BatchCap | 'left' | undefined> {
  const record = await reveals.get(left.revealId);
  const came = reservationCameTo(record, left);
  switch (came.kind) {
    case 'spent':
      await cap.commit(left, came.credits);
      break;
    case 'not-spent':
      await cap.release(left);
      break;
    case 'unknown-yet':
      return 'left';
    default:
      return came satisfies never;
  }
  return record?.batch;
}

async function warn(day: string, cap: SweptCap, { reveals, bus, now }: CapSweeping): Promise<void> {
  const standing = await cap.standing();
  const warning = creditCapNear({ table: reveals.name, day, nowMs: now() }, standing);
  if (!warning || standing.isWarned) return;
  await bus.publish(warning);
  await cap.warned(now());
}
