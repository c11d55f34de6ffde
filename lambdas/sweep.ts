import type { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { envNames, metricNames, metricNamespace } from './contract.ts';
import { ApiKey } from './outbound/api-key.ts';
import { Executions } from './outbound/executions.ts';
import { openReveals } from './outbound/open-reveals.ts';
import { relayHandler } from './outbound/relay-handler.ts';
import { RevealsTable } from './outbound/reveals-table.ts';
import { sdkClientOptions } from './outbound/sdk.ts';
import { type Look, type Looking, lookAgain } from './outbound/second-look.ts';
import type { Settlement } from './outbound/settlement.ts';
import { fiberClient, pollBudget, settlement } from './outbound/wiring.ts';
import { safeErrorName } from './reveal/errors.ts';
import { endingOfExecution } from './reveal/execution-ended.ts';
import type { RevealRecord } from './reveal/record.ts';
import { type Remedy, remedyFor } from './reveal/sweep.ts';

/** Stops before Lambda stops it; what is left is there for the next sweep. */
const longestMs = 90_000;
/** Each look takes a poll from reveals that are running. */
const mostLooks = 20;

export interface Sweeping {
  open: () => AsyncIterable<RevealRecord[]>;
  settlement: Pick<Settlement, 'settle' | 'announce'>;
  executions: Pick<Executions, 'start' | 'statusOf' | 'arnFor'>;
  lookAgain: (record: RevealRecord) => Promise<Look>;
  log: Pick<Logger, 'error'>;
  now: () => number;
}

interface SweepReport {
  /** Open records looked at. */
  open: number;
  /** Ended and announced now. */
  announced: number;
  /** Said running while their execution had ended: settled now. */
  settled: number;
  /** Claimed but never started: started now. */
  started: number;
  /** Given up on, and finished at the vendor since: stored and announced now. */
  late: number;
  /** Could not be healed this time. */
  failed: number;
}

/** Every five minutes: finds what the workflow and its events have left undone, and does it by the same code. */
export async function sweepReveals(sweeping: Sweeping): Promise<SweepReport> {
  const report: SweepReport = { open: 0, announced: 0, settled: 0, started: 0, late: 0, failed: 0 };
  const until = sweeping.now() + longestMs;
  const toLookAt: RevealRecord[] = [];
  const heal = async (record: RevealRecord, remedy: Exclude<Remedy, 'leave'>): Promise<Healed> => {
    try {
      const healed = await healBy(remedy, record, sweeping);
      if (healed !== 'nothing' && healed !== 'not-now') report[healed] += 1;
      return healed;
    } catch (error) {
      // One record that cannot be healed must not stand before all the others for ever.
      sweeping.log.error('not healed', { revealId: record.revealId, remedy, errorName: safeErrorName(error) });
      report.failed += 1;
      return 'nothing';
    }
  };

  for await (const records of sweeping.open()) {
    for (const record of records) {
      if (sweeping.now() > until) return report;
      report.open += 1;
      const remedy = remedyFor(record, sweeping.now());
      if (remedy === 'look-again') toLookAt.push(record);
      else if (remedy !== 'leave') await heal(record, remedy);
    }
  }
  // At last: a vendor that does not answer must not keep the sweeper from what it can do without.
  for (const record of toLookAt.slice(0, mostLooks)) {
    if (sweeping.now() > until || (await heal(record, 'look-again')) === 'not-now') break;
  }
  return report;
}

type Healed = 'announced' | 'settled' | 'started' | 'late' | 'nothing' | 'not-now';

async function healBy(remedy: Exclude<Remedy, 'leave'>, record: RevealRecord, sweeping: Sweeping): Promise<Healed> {
  const { settlement } = sweeping;
  switch (remedy) {
    case 'announce':
      await settlement.announce(record);
      return 'announced';
    case 'inspect':
      return inspect(record, sweeping);
    case 'look-again': {
      const look = await sweeping.lookAgain(record);
      if (typeof look === 'string') return look;
      await settlement.announce(look);
      return 'late';
    }
  }
}

/** A record that says running, and is overdue. */
async function inspect(record: RevealRecord, { settlement, executions }: Sweeping): Promise<Healed> {
  const { revealId, executionArn } = record;
  const status = await executions.statusOf(executionArn);
  // Held up, by a backlog or by retries: it has its own deadline.
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return 'nothing';
  if (status === undefined && executionArn === executions.arnFor(record)) {
    await executions.start(record);
    return 'started';
  }
  await settlement.settle(revealId, executionArn, endingOfExecution(status === 'ABORTED' ? status : 'FAILED'));
  return 'settled';
}

export const handler = relayHandler('sweep', ({ environment, now, log }) => {
  const table = environment.text(envNames.revealsTable);
  const reveals = new RevealsTable(table);
  const retentionDays = environment.positive(envNames.retentionDays);
  // The dimension that tells this relay's figures from another's in the same account.
  const metrics = new Metrics({ namespace: metricNamespace, serviceName: table, singleMetric: false });
  const looking: Looking = {
    reveals,
    budget: pollBudget(environment, now),
    fiber: fiberClient(environment, now),
    apiKey: new ApiKey(environment.text(envNames.apiKeySecret)),
    retentionDays,
    now,
  };
  const sweeping: Sweeping = {
    open: () => openReveals(table),
    settlement: settlement(environment, now),
    executions: new Executions(environment.text(envNames.stateMachine), sdkClientOptions),
    lookAgain: (record) => lookAgain(record, looking),
    log,
    now,
  };
  return async () => {
    const report = await sweepReveals(sweeping);
    log.info('swept', { ...report });
    const healed = report.announced + report.settled + report.started;
    metrics.addMetric(metricNames.openReveals, MetricUnit.Count, report.open);
    metrics.addMetric(metricNames.healedReveals, MetricUnit.Count, healed);
    metrics.addMetric(metricNames.lateReveals, MetricUnit.Count, report.late);
    metrics.addMetric(metricNames.unhealedReveals, MetricUnit.Count, report.failed);
    metrics.publishStoredMetrics();
    return report;
  };
});
