import { ApiKey } from './aws/api-key.ts';
import { Executions } from './aws/executions.ts';
import { RevealsTable } from './aws/reveals/reveals-table.ts';
import { unfinishedReveals } from './aws/reveals/unfinished-reveals.ts';
import { sdkClientOptions } from './aws/sdk.ts';
import { dynamoDB, eventBridge, secretsManager, stepFunctions } from './runtime/clients.ts';
import { type Measure, metrics } from './runtime/metrics.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { fiberClient, pollBudget, revealBus, settlement, sweptCaps } from './runtime/wiring.ts';
import { type Looking, lookAgain } from './usecases/sweeping/look-again.ts';
import { type Sweeping, type SweepReport, sweepReveals } from './usecases/sweeping/sweep.ts';
import { sweepCaps } from './usecases/sweeping/sweep-caps.ts';

/** Every five minutes: what the workflow and its events have left unfinished, and the figures that alarms look at. */
export const handler = relayHandler('sweep', ({ settings, proxyEnvironment, now, log }) => {
  const table = settings.revealsTable;
  const documents = dynamoDB(sdkClientOptions);
  const reveals = new RevealsTable(table, documents);
  const looking: Looking = {
    reveals,
    budget: pollBudget(settings, { documents, now }),
    fiber: fiberClient(settings, { now, proxyEnvironment }),
    apiKey: new ApiKey(settings.apiKeySecret, { client: secretsManager(sdkClientOptions), now }),
    retentionDays: settings.retentionDays,
    now,
  };
  const events = eventBridge(sdkClientOptions);
  const bus = revealBus(settings, events);
  const caps = { ...sweptCaps(settings, { documents, now }), reveals, bus, log, now };
  const sweeping: Sweeping = {
    unfinished: () => unfinishedReveals(table, documents),
    reveals,
    settlement: settlement(settings, { reveals, documents, events, now }),
    executions: new Executions(settings.stateMachine, stepFunctions(sdkClientOptions)),
    lookAgain: (record) => lookAgain(record, looking),
    sweepCaps: (batches) => sweepCaps(batches, caps),
    maxWaitMs: settings.maxWaitSeconds * 1_000,
    log,
    now,
  };
  const measure = metrics(table, now);
  return async () => {
    const report = await sweepReveals(sweeping);
    log.info('swept', { ...report });
    measureSweep(report, measure);
    return report;
  };
});

/** All of them each time, even if nothing is unfinished: a sweep that does not report is missing. */
function measureSweep(report: SweepReport, measure: Measure): void {
  measure({
    openReveals: report.open,
    healedReveals: report.announced + report.settled + report.started,
    lateReveals: report.late,
    unhealedReveals: report.failed,
    waitingForKey: report.waitingForKey,
    waitingForCredits: report.waitingForCredits,
    overdueReveals: report.overdue,
  });
}
