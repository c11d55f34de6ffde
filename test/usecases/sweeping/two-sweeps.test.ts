import { afterAll, beforeAll, expect, it } from 'vitest';
import { RevealBus } from '../../../lambdas/aws/event-bus.ts';
import { Executions } from '../../../lambdas/aws/executions.ts';
import { unfinishedReveals } from '../../../lambdas/aws/reveals/unfinished-reveals.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import { executionArn, executionName } from '../../../lambdas/reveal/life/admission.ts';
import type { RecordChanges } from '../../../lambdas/reveal/record.ts';
import { dynamoDB, eventBridge, stepFunctions } from '../../../lambdas/runtime/clients.ts';
import { Settlement } from '../../../lambdas/usecases/ending/settle.ts';
import { type Sweeping, sweepReveals } from '../../../lambdas/usecases/sweeping/sweep.ts';
import { type DoorSurroundings, startDoors, stateMachineArn } from '../../support/doors.ts';

let doors: DoorSurroundings;
let sweeping: Sweeping;
beforeAll(async () => {
  doors = await startDoors();
  const { reveals } = doors;
  const documents = dynamoDB(sdkClientOptions);
  const now = () => Date.now() + 3_600_000;
  sweeping = {
    unfinished: () => unfinishedReveals(reveals.name, documents),
    reveals,
    settlement: new Settlement({
      lowCredits: doors.lowCredits,
      reveals,
      bus: new RevealBus('Bus', eventBridge(sdkClientOptions)),
      retentionDays: 30,
      now,
      measure: () => undefined,
    }),
    executions: new Executions(stateMachineArn, stepFunctions(sdkClientOptions)),
    lookAgain: async () => 'nothing',
    sweepCaps: async () => ({ reservations: 0, failed: 0 }),
    maxWaitMs: 7_200_000,
    log: { error: (...line) => expect(line).toEqual('nothing that cannot be healed') },
    now,
  };
});
afterAll(() => doors[Symbol.asyncDispose]());

it('two sweeps at once come to what one comes to: each start under one name, each event under one id', async () => {
  const ids = Array.from({ length: 20 }, (_, n) => `swept-${n}`);
  for (const [n, id] of ids.entries()) {
    const createdAt = new Date().toISOString();
    const claimed = executionArn(stateMachineArn, executionName({ revealId: id, createdAt, generation: 1 }));
    // A third was never started, a third has an execution that is gone, a third was not announced.
    const left: RecordChanges[] = [
      { createdAt, executionArn: claimed },
      { executionArn: `${stateMachineArn.replace('stateMachine', 'execution')}:gone-${n}` },
      { status: 'timed-out', reason: 'deadline-passed', settledAt: createdAt },
    ];
    await doors.put(id, left[n % 3]);
  }
  const reports = await Promise.all([sweepReveals(sweeping), sweepReveals(sweeping)]);
  expect(reports.map(({ open, failed }) => ({ open, failed }))).toEqual([
    { open: 20, failed: 0 },
    { open: 20, failed: 0 },
  ]);
  const idsOfEvents = new Map<string, Set<string>>();
  for (const { detail } of doors.events) {
    const of = String(detail.revealId);
    idsOfEvents.set(of, (idsOfEvents.get(of) ?? new Set()).add(String(detail.eventId)));
  }
  expect([...idsOfEvents.values()].map((same) => same.size)).toEqual(Array.from(idsOfEvents, () => 1));
  expect(doors.executions.size).toBe(7);
  const records = await Promise.all(ids.map((id) => doors.reveals.get(id)));
  expect(records.filter((record) => record?.status === 'running')).toHaveLength(7);
  expect(records.filter((record) => record?.publishedAt)).toHaveLength(13);
});
