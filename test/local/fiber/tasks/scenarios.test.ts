import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contactsOf, scenarioOf, scenarios } from '../../../../local/fiber/index.ts';
import { openFiber } from '../visit.ts';

/** Polls a task of that scenario once while it runs and once ten minutes later. */
async function play(scenario: string) {
  const { pass, poll } = await openFiber();
  const running = (await poll(`${scenario}-1`)).body;
  pass(600);
  const ended = (await poll(`${scenario}-1`)).body;
  return { running, ended, contacts: contactsOf(`${scenario}-1`) };
}

describe('the list of scenarios', () => {
  it('has a line about each, and each is known by its name and by ids that begin with it', async () => {
    const { fiber, poll } = await openFiber();
    for (const { name, description } of scenarios) {
      expect(description).toMatch(/^[^\n]{5,100}$/);
      expect([scenarioOf(name), scenarioOf(`${name}-7`)]).toEqual([name, name]);
      expect(fiber.addTask({ scenario: name }).taskId.startsWith(`${name}-`)).toBe(true);
    }
    expect((await poll('completed')).status).toBe(200);
  });
});

describe('contact data', () => {
  it('is the same for an id every time, its own, and nobody’s', () => {
    const contacts = contactsOf('completed-1');
    expect(contactsOf('completed-1')).toEqual(contacts);
    const other = new Set(contactsOf('completed-2').emails.map(({ email }) => email));
    expect(contacts.emails.some(({ email }) => other.has(email))).toBe(false);
    for (const { email } of [...contacts.emails, ...contacts.lowQualityEmails])
      expect(email).toMatch(/@example\.(com|org)$/);
    for (const { number } of contacts.phoneNumbers) expect(number).toMatch(/^\+1\d{3}55501\d\d$/);
  });
});

describe('a scenario', () => {
  it('quick is done within seconds, slow only after seven minutes', async () => {
    const { pass, poll } = await openFiber();
    const done = async (id: string) => (await poll(id)).body.output.done;
    expect([await done('quick-1'), await done('slow-1')]).toEqual([false, false]);
    pass(6);
    expect([await done('quick-1'), await done('slow-1')]).toEqual([true, false]);
    pass(420);
    expect(await done('slow-1')).toBe(false);
    pass(60);
    expect(await done('slow-1')).toBe(true);
  });

  it('partial shows e-mails and then phone numbers before it is done', async () => {
    const { fiber, pass, poll } = await openFiber();
    const { contacts } = fiber.addTask({ taskId: 'partial-1', durationMs: 100_000 });
    const found: unknown[] = [];
    for (const seconds of [39, 1, 30, 30]) {
      pass(seconds);
      const { profile, done } = (await poll('partial-1')).body.output;
      found.push([profile.emails.length, profile.phoneNumbers.length, done]);
    }
    const { emails, phoneNumbers } = contacts;
    expect(found).toEqual([
      [0, 0, false],
      [1, 0, false],
      [1, 1, false],
      [emails.length, phoneNumbers.length, true],
    ]);
  });

  it('low-quality finds only e-mails that failed validation, for free', async () => {
    const { ended, contacts } = await play('low-quality');
    expect(ended.output.profile).toMatchObject({ emails: [], phoneNumbers: [] });
    expect(ended.output.profile.lowQualityEmails).toEqual(contacts.lowQualityEmails);
    expect(contacts.lowQualityEmails).not.toHaveLength(0);
    expect(ended.chargeInfo).toEqual({ method: 'free', message: expect.any(String) });
  });

  it('empty is done with nothing and gives the credits back', async () => {
    const { ended } = await play('empty');
    expect(ended.output).toEqual({
      profile: { status: 'completed', emails: [], phoneNumbers: [], lowQualityEmails: [], exhaustive: true },
      done: true,
    });
    expect(ended.chargeInfo).toEqual({ method: 'credits-refunded', creditsRefunded: 12, message: expect.any(String) });
  });

  it('failed is done, failed-not-done is not, and both say why', async () => {
    const failed = { status: 'failed', error: expect.any(String), emails: [], phoneNumbers: [] };
    expect((await play('failed')).ended.output).toMatchObject({ profile: failed, done: true });
    expect((await play('failed-not-done')).ended.output).toMatchObject({ profile: failed, done: false });
  });

  it('never is never done', async () => {
    const { ended } = await play('never');
    expect(ended.output).toEqual({
      profile: { status: 'grabbing-contact-info', emails: [], phoneNumbers: [] },
      done: false,
    });
  });

  it('new-fields speaks of things that the contract does not have', async () => {
    const { fiber, pass, poll } = await openFiber();
    fiber.addTask({ taskId: 'new-fields-1', durationMs: 100_000 });
    pass(70);
    expect((await poll('new-fields-1')).body.output.profile.status).toBe('cross-checking');
    pass(30);
    const { output, chargeInfo, requestId } = (await poll('new-fields-1')).body;
    expect(output.profile.foundOtherTypes).toEqual({ workEmails: 2, personalEmails: 0, phoneNumbers: 1 });
    expect(output.profile.emails).toContainEqual(expect.objectContaining({ type: 'alumni', status: 'catch-all' }));
    expect(output.profile.phoneNumbers).toContainEqual(expect.objectContaining({ type: 'landline' }));
    expect([output.done, chargeInfo.method, requestId]).toEqual([true, 'charged-to-subscription', 'request-0001']);
  });

  it('low-credits warns with every answer', async () => {
    const { running, ended } = await play('low-credits');
    const alert = { getMoreCreditsUrl: expect.any(String), message: expect.any(String), availableCredits: 9 };
    expect([running.chargeInfo.lowCreditAlert, ended.chargeInfo.lowCreditAlert]).toEqual([alert, alert]);
  });

  it('large cannot be squeezed into the 400 KB of one DynamoDB item', async () => {
    const text = Buffer.from(JSON.stringify((await play('large')).ended));
    expect(text.length).toBeGreaterThan(1_000_000);
    expect(text.length).toBeLessThan(1_500_000);
    expect(gzipSync(text).length).toBeGreaterThan(450_000);
    const quickly = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };
    expect(brotliCompressSync(text, quickly).length).toBeGreaterThan(450_000);
  });

  it('null-lists has null wherever the contract allows it', async () => {
    const { ended } = await play('null-lists');
    expect(ended.output.profile).toMatchObject({ exhaustive: null, lowQualityEmails: null });
    expect([ended.chargeInfo.lowCreditAlert, ended.warnings]).toEqual([null, null]);
  });

  it('reaches every way of charging', async () => {
    const methods = new Set<string>();
    for (const name of ['completed', 'quick', 'slow', 'low-quality', 'empty']) {
      const { running, ended } = await play(name);
      methods.add(running.chargeInfo.method).add(ended.chargeInfo.method);
    }
    expect([...methods].sort()).toEqual([
      'charged-for-async-process',
      'charged-now',
      'charging-later',
      'credits-refunded',
      'free',
    ]);
  });

  it.each([400, 401, 402, 403, 404, 422, 429, 500, 503])('error-%i answers so for ever', async (status) => {
    const { pass, poll } = await openFiber();
    for (const seconds of [0, 60, 600]) {
      pass(seconds);
      const answer = await poll(`error-${status}`);
      expect(answer.status).toBe(status);
      expect(answer.body.message).toEqual(expect.any(String));
      expect(answer.body.outOfCreditsAlert !== undefined).toBe(status === 402);
      expect(answer.headers.get('retry-after')).toBe(status === 429 ? '5' : null);
    }
  });

  it.each([
    ['flaky-500', 500, null],
    ['rate-limited', 429, '5'],
    ['rate-limited-bare', 429, null],
  ])('%s fails twice and then goes on', async (scenario, status, retryAfter) => {
    const { fiber, poll } = await openFiber();
    const answers = [await poll(scenario), await poll(scenario), await poll(scenario), await poll(scenario)];
    expect(answers.map((each) => each.status)).toEqual([status, status, 200, 200]);
    expect(answers[0]?.headers.get('retry-after')).toBe(retryAfter);
    expect(fiber.stats().rejectedPolls).toBe(0);
  });
});
