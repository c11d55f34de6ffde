import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { metricNames, metricNamespace } from '../../lambdas/contract.ts';
import { metrics } from '../../lambdas/runtime/metrics.ts';
import { printed } from '../support/doors.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');

describe('a measurement', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'FATAL');
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  });
  afterEach(() => vi.unstubAllEnvs());

  it('is a line in the embedded metric format, of the level that no log level leaves out', async () => {
    const measure = metrics('Reveals', () => noon);
    const output = await printed(async () => measure({ openReveals: 3, unhealedReveals: 0 }));
    expect(JSON.parse(output)).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: metricNamespace,
            Dimensions: [['service']],
            Metrics: [
              { Name: 'OpenReveals', Unit: 'Count' },
              { Name: 'UnhealedReveals', Unit: 'Count' },
            ],
          },
        ],
      },
      service: 'Reveals',
      OpenReveals: 3,
      UnhealedReveals: 0,
      level: 'FATAL',
      timestamp: '2026-11-23T12:00:00.000Z',
    });
  });

  it('keeps nothing of the one before it', async () => {
    const measure = metrics('Reveals', () => noon);
    const output = await printed(async () => {
      measure({ vendorFailures: 1 });
      measure({ vendorFailures: 0 });
    });
    const values = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).VendorFailures);
    expect(values).toEqual([1, 0]);
  });
});

/** What a relay has measured, by metric, in the order in which it was printed. */
function measured({ logs }: TestRelay): Record<string, number[]> {
  const found: Record<string, number[]> = Object.fromEntries(Object.values(metricNames).map((name) => [name, []]));
  for (const { line } of logs) {
    if (!line.includes('CloudWatchMetrics')) continue;
    const figures = JSON.parse(line) as Record<string, number>;
    for (const name of Object.values(metricNames)) if (name in figures) found[name]?.push(Number(figures[name]));
  }
  return found;
}
const distinct = (values: readonly number[] | undefined) => [...new Set(values)].toSorted();

describe('a relay measures', () => {
  it('that a reveal has its result, and that the vendor answers', async () => {
    await using test = await startTestRelay();
    await test.play('completed-1');
    await expect.poll(() => measured(test).RevealsEndedWithoutResult).toEqual([0]);
    await expect.poll(() => distinct(measured(test).VendorFailures)).toEqual([0]);
  });

  it('that a reveal ends without one, and that the vendor fails', async () => {
    await using test = await startTestRelay({ maxWaitSeconds: 60 });
    await test.play('error-500-1');
    await expect.poll(() => measured(test).RevealsEndedWithoutResult).toEqual([1]);
    await expect.poll(() => distinct(measured(test).VendorFailures)).toEqual([1]);
  });

  it.each([
    ['a key that is not there', 'RevealsWaitingForKey', '', {}],
    ['a key that is refused', 'RevealsWaitingForKey', 'the-old-key', {}],
    ['credits', 'RevealsWaitingForCredits', 'the-new-key', { credits: 0 }],
  ])('that reveals wait for %s, and no such thing before there are any', async (_what, metric, key, fiber) => {
    await using test = await startTestRelay({ fiber: { apiKey: 'the-new-key', ...fiber } });
    test.relay.secrets.put(String(test.relay.outputs.ApiKeySecretArn), key);
    await test.relay.handlers.get('Sweep')?.invoke({});
    // Lines come through a pipe, a little later than the answer.
    await expect.poll(() => measured(test)[metric]).toEqual([0]);
    // Time goes on as long as somebody waits for one of them; until they end is longer than this takes.
    for (const nth of [1, 2, 3]) test.play(`completed-${nth}`).catch(() => {});
    await expect.poll(() => distinct(measured(test)[metric])).toContain(3);
  });
});

it('prints the id of the invocation on every line of a bundled handler but those that Lambda reads as metrics', async () => {
  await using test = await startTestRelay();
  await test.play('completed-1');
  const lines = test.logs.map(({ line }) => JSON.parse(line)).filter((line) => !('_aws' in line));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toMatchObject({ requestId: expect.stringMatching(/^[\w-]{36}$/) });
});
