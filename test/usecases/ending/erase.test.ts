import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RevealBus } from '../../../lambdas/aws/event-bus.ts';
import { Executions } from '../../../lambdas/aws/executions.ts';
import { RevealsTable } from '../../../lambdas/aws/reveals/reveals-table.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import type { RevealView } from '../../../lambdas/http/api-schema.ts';
import { revealView } from '../../../lambdas/http/reveal-view.ts';
import { dynamoDB, eventBridge, stepFunctions } from '../../../lambdas/runtime/clients.ts';
import { cancel } from '../../../lambdas/usecases/ending/cancel.ts';
import { erase } from '../../../lambdas/usecases/ending/erase.ts';
import { Settlement } from '../../../lambdas/usecases/ending/settle.ts';
import { reread } from '../../../lambdas/usecases/showing/reread.ts';
import { showAnswer, showReveal } from '../../../lambdas/usecases/showing/show.ts';
import { RevealStarter } from '../../../lambdas/usecases/starting/start.ts';
import { answer, completed, type DoorSurroundings, planted, startDoors, stateMachineArn } from '../../support/doors.ts';
import { runs } from '../../support/more.ts';

/** Schedules in one test; `fast-check` draws others for each of them. */
const { numRuns, seed } = runs(10, 500);
const tests = [1, 2, 3, 4, 5, 6];
let doors: DoorSurroundings;
beforeAll(async () => {
  doors = await startDoors();
});
afterAll(() => doors[Symbol.asyncDispose]());

/** Every request to a service waits for its turn, and the scheduler decides whose is next: each is one atomic step. */
async function inTurns(scheduler: fc.Scheduler, during: () => Promise<unknown>): Promise<void> {
  const spies = [DynamoDBDocumentClient, SFNClient, EventBridgeClient].map(({ prototype }) => {
    const send = prototype.send as (this: unknown, command: unknown) => Promise<unknown>;
    return vi.spyOn(prototype as { send: typeof send }, 'send').mockImplementation(async function (
      this: unknown,
      command,
    ) {
      // The scheduler must not see a rejection: nobody would handle it there.
      const settle = () =>
        send.call(this, command).then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        );
      const settled: { value: unknown } | { error: unknown } = await scheduler.scheduleFunction(settle)();
      if ('error' in settled) throw settled.error;
      return settled.value;
    });
  });
  try {
    await scheduler.waitFor(during());
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
/** After each step everybody goes on to their next request, before anything is chosen. */
const scheduler = fc.scheduler({
  act: async (step) => {
    await step();
    await new Promise(setImmediate);
  },
});

describe('erasing while a poll is in flight', () => {
  /** How the reveals had ended that were read after they were erased. */
  const outcomes = new Set<string>();

  it.each(tests)(
    'leaves no contact data, in whatever order the two come through (schedules, part %i)',
    async (part) => {
      const { reveals } = doors;
      /** Puts into parts what is longer than a few bytes. */
      const inParts = new RevealsTable(reveals.name, dynamoDB(sdkClientOptions), 10);
      const executions = new Executions(stateMachineArn, stepFunctions(sdkClientOptions));
      const now = Date.now;
      const settlement = new Settlement({
        lowCredits: doors.lowCredits,
        reveals,
        bus: new RevealBus('Bus', eventBridge(sdkClientOptions)),
        retentionDays: 30,
        now,
        measure: () => undefined,
      });
      const ending = { reveals, executions, settlement, now };
      const starter = new RevealStarter({ reveals, executions, relay: doors.relay, lists: doors.lists, now });
      let played = 0;
      const others = fc.subarray(['cancel', 'start again', 'read', 'read again', 'erase again'] as const);
      await fc.assert(
        fc.asyncProperty(scheduler, others, fc.boolean(), async (scheduler, also, isInParts) => {
          played += 1;
          const id = `raced-${part}-${played}`;
          const record = await doors.put(id);
          const { answer: _, ...settled } = completed();

          const seen: RevealView[] = [];
          let isErased = false;
          const read = async () => {
            const afterErasing = isErased;
            const shown = await showReveal(id, { ...doors, now });
            if (afterErasing && typeof shown !== 'string') {
              seen.push(revealView(shown.record, shown.result, { withLowQualityEmails: true }));
            }
            const original = await showAnswer(id, { reveals, now });
            if (afterErasing) expect(original).not.toHaveProperty('bytes');
          };
          const poll = async () => {
            const current = await reveals.get(id);
            if (current?.status !== 'running') return;
            await (isInParts ? inParts : reveals).keepAnswer(record, answer, {
              ...settled,
              expiresAt: settled.expiresAt ?? 0,
            });
          };
          const actors: Record<(typeof also)[number], () => Promise<unknown>> = {
            cancel: () => cancel(id, ending),
            'erase again': () => erase(id, ending),
            'read again': () =>
              reread(id, { reveals: isInParts ? inParts : reveals, settlement, retentionDays: 30, now }),
            read,
            'start again': async () => {
              const { record } = await starter.start({ taskId: id }, { claimedBy: `start of ${id}` });
              await reveals.resultOf(record);
            },
          };
          const eraseAndRead = async () => {
            expect(await erase(id, ending)).toHaveProperty('erasedAt');
            isErased = true;
            await read();
          };
          await inTurns(scheduler, () => Promise.all([poll(), eraseAndRead(), ...also.map((name) => actors[name]())]));

          for (const { status } of seen) outcomes.add(status);
          expect(seen.length).toBeGreaterThan(0);
          const isOver = !also.includes('start again');
          for (const view of seen) {
            expect(view).not.toHaveProperty('result');
            if (isOver) expect(view.erasedAt).toEqual(expect.any(String));
          }
        }),
        { numRuns, ...(seed !== undefined && { seed: seed + part }) },
      );
      const items = await doors.everything();
      expect(items).toContain(`raced-${part}-${played}`);
      expect(items).not.toMatch(new RegExp(Object.values(planted).join('|').replaceAll('+', '\\+')));
      expect(items).not.toContain('answer#');
    },
  );

  it('was met by either of them first', () => {
    expect([...outcomes].sort()).toEqual(['cancelled', 'completed']);
  });
});
