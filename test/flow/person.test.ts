import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

let test: TestRelay;
beforeAll(async () => {
  test = await startTestRelay({ httpPort: 0 });
});
afterAll(() => test.close());

/** A slug names the vendor's scenario, and stands for the person. */
const profile = (slug: string) => `https://www.linkedin.com/in/${slug}`;

async function post(body: object, path = '/reveals', headers: Record<string, string> = {}) {
  const response = await fetch(`${test.relay.deployment.httpUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Asks for a person and waits until the reveal has ended. */
async function reveal(body: object) {
  const { status, body: view } = await post(body);
  expect(status).toBe(202);
  const record = await test.relay.record(String(view.revealId));
  const execution = await test.relay.ended(String(record?.executionArn));
  return { view, execution, record: await test.relay.record(String(view.revealId)) };
}

describe('a reveal of a person', () => {
  it('goes from a profile to a stored contact and an event, with one paid start', async () => {
    const before = test.fiber.stats().starts;
    const { view, execution, record } = await reveal({ linkedinUrl: `${profile('Completed-1')}/?trk=x` });

    expect(execution.status).toBe('SUCCEEDED');
    expect(view).toMatchObject({
      revealId: expect.stringMatching(/^person-1-[0-9a-f]{40}$/),
      start: { state: 'waiting' },
    });
    expect(record).toMatchObject({
      status: 'completed',
      linkedinUrl: profile('completed-1'),
      startCreditsCharged: 12,
      taskId: expect.any(String),
    });
    expect(test.fiber.stats().starts - before).toBe(1);
    const outside = JSON.stringify([
      test.relay.history(String(record?.executionArn)),
      execution,
      test.relay.events,
      test.logs,
    ]);
    expect(outside).not.toMatch(/completed-1|Completed-1/);
  });
});
