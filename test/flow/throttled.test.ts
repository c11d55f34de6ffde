import { expect, it } from 'vitest';
import { FunctionError } from '../../local/functions/handlers.ts';
import { some } from '../support/more.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

/** Lambda refuses the next invocations of a handler, or fails at them, without the handler having run. */
function refuse(test: TestRelay, name: string, times: number, errorType: string): void {
  const handler = test.relay.handlers.get(name);
  if (!handler) throw new Error(`no handler ${name}`);
  const invoke = handler.invoke.bind(handler);
  let left = times;
  handler.invoke = async (payload) => {
    if (left-- > 0) throw new FunctionError(name, { errorType, errorMessage: 'Rate Exceeded.' });
    return invoke(payload);
  };
}

it.each(['Admit', 'Poll', 'Settle'])(
  'loses no reveal whose %s finds no concurrency for more than an hour',
  async (name) => {
    await using test = await startTestRelay();
    refuse(test, name, 200, 'Lambda.TooManyRequestsException');
    const { execution, record } = await test.play({ durationMs: 20_000 });
    expect(execution.status).toBe('SUCCEEDED');
    expect(record).toMatchObject({ status: 'completed', publishedAt: expect.any(String) });
    const hours = (Number(execution.stopDate) - execution.startDate) / 3_600_000;
    expect(hours).toBeGreaterThan(1);
    expect(hours).toBeLessThan(12);
  },
);

it('goes on settling for longer than anything else, as nobody catches what fails there', async () => {
  await using test = await startTestRelay();
  refuse(test, 'Settle', 14, 'Lambda.SomethingNew');
  const { execution, record } = await test.play({ durationMs: 20_000 });
  expect(execution.status).toBe('SUCCEEDED');
  expect(record).toMatchObject({ status: 'completed', publishedAt: expect.any(String) });
});

it.each(
  some(
    [
      [2, 8],
      [2, 20],
      [3, 20],
    ] as const,
    ([, reveals]) => reveals === 8,
  ),
)(
  'through a Lambda concurrency of %i reveals %i at once: late, but none is lost, and no poll is rejected',
  async (concurrency, reveals) => {
    let throttles = 0;
    await using test = await startTestRelay({
      concurrency,
      onHistory: (_execution, event) => {
        if (JSON.stringify(event).includes('Lambda.TooManyRequestsException')) throttles += 1;
      },
    });
    const tasks = Array.from({ length: reveals }, () => test.fiber.addTask({ scenario: 'completed' }).taskId);
    const played = await Promise.all(tasks.map((taskId) => test.play(taskId)));
    for (const { execution, record } of played) {
      expect(execution.status).toBe('SUCCEEDED');
      expect(record).toMatchObject({
        status: 'completed',
        result: { emails: expect.any(Array) },
        publishedAt: expect.any(String),
      });
    }
    expect(new Set(test.relay.published.map(({ detail }) => detail.taskId))).toEqual(new Set(tasks));
    expect(test.fiber.stats().rejectedPolls).toBe(0);
    expect(throttles).toBeGreaterThan(0);
  },
);
