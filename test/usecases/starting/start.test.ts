import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Executions } from '../../../lambdas/aws/executions.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import { stepFunctions } from '../../../lambdas/runtime/clients.ts';
import { RevealStarter } from '../../../lambdas/usecases/starting/start.ts';
import { type DoorSurroundings, startDoors, stateMachineArn } from '../../support/doors.ts';

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

describe('starting a reveal', () => {
  it('has one claim for a request and its repetitions, and starts it again while nobody knows that it runs', async () => {
    for (const _ of ['once', 'again']) {
      expect(await starter.start({ taskId: 'repeated' }, { claimedBy: 'me' })).toMatchObject({ kind: 'started' });
    }
    expect(starts()).toEqual([2]);
    const record = await doors.reveals.get('repeated');
    await doors.reveals.whileRunning(record!, { nextPollAt: new Date().toISOString() });
    expect(await starter.start({ taskId: 'repeated' }, { claimedBy: 'somebody else' })).toMatchObject({
      kind: 'attached',
    });
    expect(starts()).toEqual([2]);
  });

  it('can be repeated after a fault between claim and start', async () => {
    doors.failing.set('StartExecution', sdkClientOptions.maxAttempts);
    await expect(starter.start({ taskId: 'faulty' }, { claimedBy: 'me' })).rejects.toMatchObject({
      name: 'RelayFault',
    });
    expect(await starter.start({ taskId: 'faulty' }, { claimedBy: 'somebody else' })).toMatchObject({
      kind: 'attached',
    });
    expect(starts()).toEqual([1]);
  });

  it('says which options differ of those that were asked for in so many words', async () => {
    await starter.start({ taskId: 'options', reference: 'first' }, { claimedBy: 'me' });
    const asked = { taskId: 'options', priority: 'bulk', ifDifferent: 'refuse' } as const;
    expect(await starter.start(asked, { claimedBy: 'you' })).toMatchObject({
      kind: 'refused',
      optionsDiffer: ['priority'],
    });
    expect(await starter.start({ ...asked, ifDifferent: 'attach' }, { claimedBy: 'you' })).toMatchObject({
      kind: 'attached',
      optionsDiffer: ['priority'],
    });
    const otherwise = { priority: 'bulk' } as const;
    expect(
      await starter.start({ taskId: 'options', ifDifferent: 'refuse' }, { claimedBy: 'you' }, otherwise),
    ).toMatchObject({
      kind: 'attached',
      optionsDiffer: [],
    });
  });

  it('gives a new reveal the options that its request leaves out', async () => {
    const { record } = await starter.start({ taskId: 'left-out' }, { claimedBy: 'me' }, { priority: 'bulk' });
    expect(record).toMatchObject({ priority: 'bulk' });
  });
});
