import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CreditCap } from '../../lambdas/aws/credit-cap.ts';
import { sdkClientOptions } from '../../lambdas/aws/sdk.ts';
import { envNames, relayItemKey } from '../../lambdas/contract.ts';
import { startsView } from '../../lambdas/http/api-schema.ts';
import { dynamoDB } from '../../lambdas/runtime/clients.ts';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  process.env[envNames.maxCreditsPerDay] = '120';
  api = await startApi();
});
afterAll(async () => {
  delete process.env[envNames.maxCreditsPerDay];
  await api[Symbol.asyncDispose]();
});
beforeEach(() => api.forget());

const profile = 'https://www.linkedin.com/in/braked-person';

describe('the brake', () => {
  it('stops all spending until it is let go, and a reveal that waits for it says so', async () => {
    const started = await api.call('POST', '/reveals', { linkedinUrl: profile });
    expect(started.body.progress).toEqual({ polls: 0 });
    const path = started.headers.location ?? '';

    const paused = { status: 200, body: { paused: true, pausedBecause: 'starts-paused' } };
    expect(await api.call('POST', '/starts/pause')).toMatchObject(paused);
    expect(await api.call('GET', '/starts')).toMatchObject(paused);
    const saysSo = { body: { progress: { pausedBecause: 'starts-paused' } } };
    expect(await api.call('GET', path)).toMatchObject(saysSo);
    expect(await api.call('POST', '/reveals', { linkedinUrl: profile })).toMatchObject({ status: 200, ...saysSo });

    const going = await api.call('POST', '/starts/go');
    expect(going.body).toMatchObject({ paused: false });
    expect(startsView.parse(going.body)).toEqual(going.body);
    expect((await api.call('GET', path)).body.progress).toEqual({ polls: 0 });
  });

  it('is let go of in a table that was restored from a backup too, where it is on by itself', async () => {
    await api.relay.salt();
    await dynamoDB(sdkClientOptions).send(
      new UpdateCommand({
        TableName: api.reveals.name,
        Key: relayItemKey,
        UpdateExpression: 'SET startsIn = :other',
        ExpressionAttributeValues: { ':other': 'TheTableBefore' },
      }),
    );
    expect(await api.call('GET', '/starts')).toMatchObject({ body: { pausedBecause: 'table-restored' } });
    expect(await api.call('POST', '/starts/go')).toMatchObject({ body: { paused: false } });
  });
});

describe('GET /starts', () => {
  it('says what starts have cost today, with what is set aside, and what they may cost', async () => {
    const day = new Date().toISOString().slice(0, 10);
    const documents = dynamoDB(sdkClientOptions);
    const expiresAt = Math.floor(Date.now() / 1_000) + 86_400;
    const cap = new CreditCap({ table: api.reveals.name, name: day, mostCredits: 120, expiresAt, documents });
    await cap.reserve({ nonce: 'one', credits: 12, revealId: 'task-1', atMs: Date.now() });
    expect((await api.call('GET', '/starts')).body).toEqual({ paused: false, credits: { day, spent: 12, most: 120 } });
  });

  it.each([
    ['the vendor refuses the key for starts', 'startBudget', 'starts-unknown'],
    ['nobody could poll for what is started', 'budget', 'out-of-credits'],
  ] as const)('says that starts wait while %s', async (_what, item, reason) => {
    const pause = (broken: number) =>
      api[item].apply([
        {
          name: 'pause',
          when: [],
          set: [
            { attr: 'broken', to: broken },
            { attr: 'reason', to: reason },
          ],
        },
      ]);
    await pause(1);
    expect((await api.call('GET', '/starts')).body).toMatchObject({ paused: true, pausedBecause: reason });
    await pause(0);
    expect((await api.call('GET', '/starts')).body).toMatchObject({ paused: false });
  });
});
