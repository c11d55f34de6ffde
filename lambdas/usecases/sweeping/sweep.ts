import type { Executions } from '../../aws/executions.ts';
import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import type { BatchCap } from '../../reveal/claim-request.ts';
import { isThrottle, loggedFacts } from '../../reveal/errors.ts';
import { endingOfExecution } from '../../reveal/life/ending.ts';
import type { RevealRecord } from '../../reveal/record.ts';
import {
  longestUninspectedFirst,
  type Standing,
  type SweepAction,
  standingOf,
  sweepActionFor,
} from '../../reveal/sweep.ts';
import type { Settlement } from '../ending/settle.ts';
import type { Look } from './look-again.ts';
import type { CapReport } from './sweep-caps.ts';

/** Stops before Lambda stops it; what is left is there for the next sweep. */
const longestMs = 90_000;
/** Each second look takes a poll from reveals that are running. */
const mostSecondLooks = 20;

export interface Sweeping {
  unfinished: () => AsyncIterable<RevealRecord[]>;
  reveals: Pick<RevealsTable, 'whileRunning'>;
  settlement: Pick<Settlement, 'settle' | 'announce'>;
  executions: Pick<Executions, 'start' | 'statusOf' | 'arnFor'>;
  lookAgain: (record: RevealRecord) => Promise<Look>;
  /** Looks after the sums of credits, and those of these batches. */
  sweepCaps: (batches: readonly BatchCap[]) => Promise<CapReport>;
  maxWaitMs: number;
  log: { error(message: string, facts: Record<string, unknown>): void };
  now: () => number;
}

export type SweepReport = Record<Standing, number> & {
  /** Unfinished records that this sweep has come to. */
  open: number;
  /** Ended and announced now. */
  announced: number;
  /** Said running while their execution had ended: settled now. */
  settled: number;
  /** Claimed but never started: started now. */
  started: number;
  /** Given up on, and finished at the vendor since: stored and announced now. */
  late: number;
  /** Credits that a handler had set aside that has died: counted as spent, or given back. */
  reservations: number;
  /** Could not be healed this time. */
  failed: number;
  /** Overdue, and left to the next sweep because Step Functions wants to be asked less often. */
  postponed: number;
};

type Healing = Exclude<SweepAction, 'leave'>;
type Healed = 'announced' | 'settled' | 'started' | 'late' | 'nothing' | 'not-now' | 'failed';

/**
 * Finds what the workflow and its events have left unfinished, and finishes it with the same code. Safe beside another sweep: what both
 * find, both do, and doing it twice is doing it once.
 */
export async function sweepReveals(sweeping: Sweeping): Promise<SweepReport> {
  const report = { ...nothingDone };
  const until = sweeping.now() + longestMs;
  const isTimeUp = () => sweeping.now() > until;
  const heal = async (record: RevealRecord, action: Healing) => {
    const healed = await healBy(action, record, sweeping);
    if (healed !== 'nothing' && healed !== 'not-now') report[healed] += 1;
    return healed;
  };

  const toInspect: RevealRecord[] = [];
  const toLookAt: RevealRecord[] = [];
  const batches = new Map<string, BatchCap>();
  for await (const records of sweeping.unfinished()) {
    for (const record of records) {
      if (isTimeUp()) return report;
      const standing = standingOf(record, { nowMs: sweeping.now(), maxWaitMs: sweeping.maxWaitMs });
      if (standing) report[standing] += 1;
      report.open += 1;
      if (record.batch) batches.set(record.batch.key, record.batch);
      const action = sweepActionFor(record, sweeping.now());
      if (action === 'announce') await heal(record, action);
      else if (action === 'inspect') toInspect.push(record);
      // A record may hold an answer of hundreds of kilobytes: no more are kept than are looked at.
      else if (action === 'look-again' && toLookAt.length < mostSecondLooks) toLookAt.push(record);
    }
  }
  for (const [at, record] of longestUninspectedFirst(toInspect).entries()) {
    if (isTimeUp()) return report;
    if ((await heal(record, 'inspect')) !== 'not-now') continue;
    report.postponed = toInspect.length - at;
    break;
  }
  if (isTimeUp()) return report;
  const caps = await sweeping.sweepCaps([...batches.values()]);
  report.reservations = caps.reservations;
  report.failed += caps.failed;
  // Only then: a vendor that does not answer must not keep the sweeper from what it can do without.
  for (const record of toLookAt) {
    if (isTimeUp() || (await heal(record, 'look-again')) === 'not-now') break;
  }
  return report;
}

const nothingDone: SweepReport = {
  open: 0,
  announced: 0,
  settled: 0,
  started: 0,
  late: 0,
  reservations: 0,
  failed: 0,
  postponed: 0,
  waitingForKey: 0,
  waitingForCredits: 0,
  waitingForBrake: 0,
  overdue: 0,
};

/** One record that cannot be healed must not keep the sweeper from all the others. */
async function healBy(action: Healing, record: RevealRecord, sweeping: Sweeping): Promise<Healed> {
  try {
    switch (action) {
      case 'announce':
        await sweeping.settlement.announce(record);
        return 'announced';
      case 'inspect':
        return await inspect(record, sweeping);
      case 'look-again':
        return await look(record, sweeping);
      default:
        return action satisfies never;
    }
  } catch (error) {
    // The limit is the account's, and others use it too: the rest would meet it as well.
    if (action === 'inspect' && isThrottle(error)) return 'not-now';
    sweeping.log.error('not healed', { revealId: record.revealId, action, ...loggedFacts(error) });
    return 'failed';
  }
}

async function look(record: RevealRecord, { lookAgain, settlement }: Sweeping): Promise<Healed> {
  const found = await lookAgain(record);
  if (typeof found === 'string') return found;
  await settlement.announce(found);
  return 'late';
}

/** A record that says running, and is overdue. */
async function inspect(record: RevealRecord, sweeping: Sweeping): Promise<Healed> {
  const { reveals, settlement, executions } = sweeping;
  const { revealId, executionArn } = record;
  const status = await executions.statusOf(executionArn);
  // Held up, by a backlog or by retries: it has its own deadline. Next time others come first.
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') {
    await reveals.whileRunning(record, { inspectedAt: new Date(sweeping.now()).toISOString() });
    return 'nothing';
  }
  if (status === undefined && executionArn === executions.arnFor(record)) {
    await executions.start(record);
    return 'started';
  }
  await settlement.settle(revealId, executionArn, endingOfExecution(status === 'ABORTED' ? status : 'FAILED'));
  return 'settled';
}
