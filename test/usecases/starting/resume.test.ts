import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Executions } from '../../../lambdas/aws/executions.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import { stepFunctions } from '../../../lambdas/runtime/clients.ts';
import { resume } from '../../../lambdas/usecases/starting/resume.ts';
import { RevealStarter } from '../../../lambdas/usecases/starting/start.ts';
import { completed, type DoorSurroundings, startDoors, stateMachineArn } from '../../support/doors.ts';

let doors: DoorSurroundings;
let starter: RevealStarter;
beforeAll(async () => {
  doors = await startDoors();
  const executions = new Executions(stateMachineArn, stepFunctions(sdkClientOptions));
  starter = new RevealStarter({
    reveals: doors.reveals,
    executions,
    relay: doors.relay,
    lists: doors.lists,
    now: Date.now,
  });
});
afterAll(() => doors[Symbol.asyncDispose]());
beforeEach(() => doors.executions.clear());

const starts = () => [...doors.executions.values()].map(({ starts }) => starts);

describe('resuming a reveal', () => {
  const resumed = (id: string, options = {}) =>
    resume(id, options, 'me', {
      reveals: doors.reveals,
      starter,
      starts: doors.paidStarts,
      retentionDays: 30,
      now: Date.now,
    });

  it('keeps the options that it had, but those that are given', async () => {
    const given = { ...completed(), status: 'errored', priority: 'bulk', reference: 'crm/7' } as const;
    await doors.put('resumed', { ...given, result: undefined });
    const started = await resumed('resumed', { reference: 'crm/8' });
    expect(started).toMatchObject({
      kind: 'started',
      record: { generation: 2, priority: 'bulk', reference: 'crm/8' },
    });
  });

  it('leaves one that has its result, and knows none that has expired', async () => {
    await doors.put('has-result', completed());
    expect(await resumed('has-result')).toMatchObject({ kind: 'attached', record: { generation: 1 } });
    await doors.put('expired', { ...completed(), expiresAt: 1 });
    expect(await resumed('expired')).toBe('no-such-reveal');
    expect(starts()).toEqual([]);
  });
});
