import { describe, expect, it } from 'vitest';
import { apiKey, openFiber } from './visit.ts';

const linkedinUrl = 'https://www.linkedin.com/in/example-person';

describe('a start', () => {
  it('makes a new paid task every time, for the same profile too', async () => {
    const { fiber, poll, start } = await openFiber();
    const [one, two] = [await start({ linkedinUrl }), await start({ linkedinUrl })];
    expect(one.body).toEqual({
      output: { taskId: expect.any(String) },
      chargeInfo: { method: 'charged-now', creditsCharged: 12 },
      advice: [],
    });
    expect(two.body.output.taskId).not.toBe(one.body.output.taskId);
    expect(fiber.stats()).toMatchObject({ starts: 2, accounts: [{ credits: 100_000 - 24, starts: 2 }] });
    expect((await poll(one.body.output.taskId)).body.output.profile.status).toBe('started');
  });

  it('costs what is asked for, and reveals no more than that', async () => {
    const { pass, poll, start } = await openFiber();
    const off = { getWorkEmails: false, getPersonalEmails: false, getPhoneNumbers: false };
    const asked = [
      {},
      { getPhoneNumbers: false },
      { ...off, getWorkEmails: true },
      { ...off, getPersonalEmails: true },
      { ...off, getPhoneNumbers: true },
    ];
    const prices: number[] = [];
    const kinds: unknown[] = [];
    for (const enrichmentType of asked) {
      const { output, chargeInfo } = (await start({ linkedinUrl, enrichmentType })).body;
      prices.push(chargeInfo.creditsCharged);
      pass(600);
      const { emails, phoneNumbers } = (await poll(output.taskId)).body.output.profile;
      kinds.push([
        emails.some(({ type }: { type: string }) => type === 'work'),
        emails.some(({ type }: { type: string }) => type === 'personal'),
        phoneNumbers.length > 0,
      ]);
    }
    expect(prices).toEqual([12, 9, 5, 5, 4]);
    expect(kinds).toEqual([
      [true, true, true],
      [true, true, false],
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ]);
  });

  it('gives back, once, what was not delivered', async () => {
    const { fiber, pass, poll, start } = await openFiber();
    const { taskId } = (await start({ linkedinUrl: 'empty-1' })).body.output;
    pass(600);
    expect(fiber.stats().accounts[0]?.credits).toBe(100_000 - 12);
    await poll(taskId);
    await poll(taskId);
    expect(fiber.stats().accounts[0]?.credits).toBe(100_000);
  });

  it('is refused when the credits do not cover it', async () => {
    const { fiber, start } = await openFiber({ credits: 11 });
    const { status, body } = await start({ linkedinUrl });
    expect([status, body.outOfCreditsAlert.availableCredits]).toEqual([402, 11]);
    expect((await start({ linkedinUrl, enrichmentType: { getPhoneNumbers: false } })).status).toBe(200);
    expect(fiber.stats().accounts[0]?.credits).toBe(2);
  });

  it('is allowed 120 times in 60 s', async () => {
    const { fiber, pass, start } = await openFiber();
    const all = await Promise.all(Array.from({ length: 121 }, () => start({ linkedinUrl })));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(120);
    expect(all.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('60');
    expect(fiber.stats()).toMatchObject({ starts: 121, rejectedStarts: 1, polls: 0 });
    pass(60);
    expect((await start({ linkedinUrl })).status).toBe(200);
  });

  it('takes a profile URL, a slug, a Sales Navigator URN or a numeric id', async () => {
    const { start } = await openFiber();
    for (const name of [
      linkedinUrl,
      'linkedin.com/in/example-person/',
      'example-person',
      'urn:li:fs_salesProfile:(ACwAAA,NAME_SEARCH,abcd)',
      '123456789',
    ]) {
      expect((await start({ linkedinUrl: name })).status).toBe(200);
    }
  });

  it('is refused when a field is not in order', async () => {
    const { post, start } = await openFiber();
    const statuses = [
      await post('start', '{'),
      await post('start', { linkedinUrl }),
      await start({}),
      await start({ linkedinUrl: '' }),
      await start({ linkedinUrl: 'https://example.com/in/example-person' }),
      await start({ linkedinUrl: 'https://www.linkedin.com/company/example' }),
      await start({ linkedinUrl, enrichmentType: 'all' }),
      await start({ linkedinUrl, enrichmentType: { getWorkEmails: 'yes' } }),
      await start({
        linkedinUrl,
        enrichmentType: { getWorkEmails: false, getPersonalEmails: false, getPhoneNumbers: false },
      }),
      await start({ linkedinUrl }, 'wrong'),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([400, 422, 422, 422, 422, 422, 422, 422, 422, 401]);
  });

  it('is warned of fields that nobody knows', async () => {
    const { post } = await openFiber();
    const { body } = await post('start', { apiKey, linkedinUrl, note: 1, enrichmentType: { getFax: true } });
    expect(body.warnings.map(({ field }: { field: string }) => field)).toEqual(['note', 'enrichmentType.getFax']);
  });
});
