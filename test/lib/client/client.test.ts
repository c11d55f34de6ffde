import { afterAll, beforeAll, expect, it } from 'vitest';
import { RevealRelayClient, type RevealRelayProblem } from '../../../lib/client/index.ts';
import { startTestRelay, type TestRelay } from '../../support/relay.ts';

let test: TestRelay;
let relay: RevealRelayClient;
beforeAll(async () => {
  test = await startTestRelay({ httpPort: 0, speed: 2_000 });
  relay = new RevealRelayClient({ url: test.relay.deployment.httpUrl ?? '' });
});
afterAll(() => test.close());

const problemOf = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error: RevealRelayProblem) => error,
  );

it('starts a reveal of a person, waits for its end, and has what was found', async () => {
  const linkedinUrl = 'https://www.linkedin.com/in/quick-client-1';
  const { started, reveal } = await relay.start({ linkedinUrl, find: ['work-emails'], reference: 'lead-7' });
  expect(started).toBe(true);
  expect(reveal).toMatchObject({ status: 'running', start: { listPrice: 5 } });

  const seen: string[] = [];
  const ended = await relay.waitFor(reveal.revealId, { onProgress: ({ status }) => seen.push(status) });
  expect(ended).toMatchObject({ status: 'completed', reference: 'lead-7' });
  expect(ended.result?.emails[0]?.email).toContain('@');
  expect(ended.result).not.toHaveProperty('lowQualityEmails');
  // How often it was seen running depends on how soon it has ended.
  expect(seen.filter((status) => status !== 'running')).toEqual([]);

  const again = await relay.start({ linkedinUrl });
  expect(again).toMatchObject({ started: false, reveal: { revealId: reveal.revealId, status: 'completed' } });
  const shown = await relay.get(reveal.revealId, { include: 'lowQualityEmails' });
  expect(shown.result?.lowQualityEmails).toBeDefined();
});

it('is answered when a reveal has ended, and not before the relay expects news', async () => {
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const answer = await globalThis.fetch(url, init);
    const { status } = (await answer.clone().json()) as { status: string };
    asked.push(`${new URL(String(url)).search} ${answer.status} ${status}`);
    return answer;
  };
  const patient = new RevealRelayClient({ url: test.relay.deployment.httpUrl ?? '', fetch });
  await relay.start({ taskId: 'quick-patient' });
  await patient.waitFor('quick-patient');
  expect(asked.pop()).toBe('?wait=25 200 completed');
  expect(asked.filter((question) => question !== '?wait=25 202 running')).toEqual([]);
});

it('asks for a new result once under a key', async () => {
  const linkedinUrl = 'https://www.linkedin.com/in/quick-client-2';
  const { reveal } = await relay.start({ linkedinUrl });
  await relay.waitFor(reveal.revealId);
  const newest = { linkedinUrl, maxAge: 0 };
  expect(await problemOf(relay.start(newest))).toMatchObject({ status: 422, type: '/problems/key-missing' });
  expect(await relay.start(newest, { idempotencyKey: 'k-1' })).toMatchObject({ started: true });
  await relay.waitFor(reveal.revealId);
  expect(await relay.start(newest, { idempotencyKey: 'k-1' })).toMatchObject({ started: false });
});

it('starts many, and pages through the list of them', async () => {
  const ids = ['quick-p1', 'quick-p2', 'quick-p3'];
  const { started, results } = await relay.startBatch({ reveals: [...ids, 'not an id'].map((taskId) => ({ taskId })) });
  expect([started, results.at(-1)?.problem?.type]).toEqual([3, '/problems/invalid-body']);
  const listed: string[] = [];
  for await (const { revealId } of relay.list({ limit: 2 })) listed.push(revealId);
  expect(listed).toEqual(expect.arrayContaining(ids));
  expect(new Set(listed).size).toBe(listed.length);
  expect((await relay.listPage({ limit: 1 })).cursor).toEqual(expect.any(String));
});

it('pages through what a list has led to', async () => {
  const ids = ['quick-l1', 'quick-l2', 'quick-l3'];
  await relay.startBatch({ list: 'leads', reveals: ids.map((taskId) => ({ taskId })) });
  for (const id of ids) await relay.waitFor(id);
  const found: string[] = [];
  for await (const result of relay.results('leads', { limit: 2 })) {
    if ('status' in result && result.result) found.push(result.revealId);
  }
  expect(found.toSorted()).toEqual(ids);
});

it('counts a list, cancels it, starts it over and erases it', async () => {
  const reveals = ['never-m1', 'never-m2', 'quick-m3'].map((taskId) => ({ taskId }));
  await relay.startBatch({ list: 'mixed', reveals });
  await relay.waitFor('quick-m3');
  expect(await relay.getList('mixed')).toMatchObject({ members: 3, done: 3, statuses: { completed: 1 } });
  const cancelled = await relay.cancelList('mixed');
  expect(cancelled).toMatchObject({ list: 'mixed', done: 3, left: 0 });
  // How far they come by themselves meanwhile is a matter of the machine.
  expect(cancelled.statuses).not.toHaveProperty('running');
  expect(await relay.resumeList('mixed')).toMatchObject({ statuses: { completed: 1 }, refused: [] });
  expect(await relay.get('never-m2')).toMatchObject({ generation: 2 });
  expect(await relay.eraseList('mixed')).toMatchObject({ left: 0, erased: 3, refused: [] });
  for await (const result of relay.results('mixed')) expect(result).toHaveProperty('erasedAt');
  expect(await problemOf(relay.getList('none-such'))).toMatchObject({ status: 404, type: '/problems/no-such-list' });
});

it('cancels, starts over and erases what a filter finds', async () => {
  const since = new Date(test.clock.now()).toISOString();
  const ids = ['never-f1', 'never-f2', 'quick-f3'];
  await relay.startBatch({ reveals: ids.map((taskId) => ({ taskId })) });
  // What was started within the last second may be missed, and this one takes longer.
  await relay.waitFor('quick-f3');
  expect((await relay.cancelReveals({ since })).statuses).not.toHaveProperty('running');
  await relay.resumeReveals({ status: 'cancelled', since });
  await relay.resumeReveals({ status: 'timed-out', since });
  expect(await relay.get('never-f1')).toMatchObject({ generation: 2 });
  expect(await relay.eraseReveals({ since })).toMatchObject({ done: 3, erased: 3 });
});

it('hands on the answer of the vendor byte for byte, and has it read again', async () => {
  await relay.start({ taskId: 'quick-bytes' });
  await relay.waitFor('quick-bytes');
  const answer = JSON.parse(new TextDecoder().decode(await relay.answer('quick-bytes')));
  expect(answer.output.done).toBe(true);
  expect(await relay.reread('quick-bytes')).toMatchObject({ status: 'completed' });
});

it('cancels, starts over, and erases', async () => {
  await relay.start({ taskId: 'never-c1' });
  expect(await relay.cancel('never-c1')).toMatchObject({ status: 'cancelled' });
  expect(await relay.waitFor('never-c1')).toMatchObject({ status: 'cancelled' });
  expect(await relay.resume('never-c1')).toMatchObject({ started: true, reveal: { generation: 2 } });
  expect(await relay.erase('never-c1')).toMatchObject({ erasedAt: expect.any(String) });
  const { reveal } = await relay.start({ linkedinUrl: 'quick-client-3' });
  await relay.waitFor(reveal.revealId);
  const erased = await relay.eraseProfile('https://linkedin.com/in/Quick-Client-3/');
  expect(erased.revealId).toBe(reveal.revealId);
  expect(erased).not.toHaveProperty('result');
});

it('puts on the brake and lets go of it', async () => {
  expect(await relay.pauseStarts()).toMatchObject({ paused: true });
  expect(await relay.starts()).toMatchObject({ pausedBecause: 'starts-paused' });
  expect(await relay.letStartsGo()).toEqual({ paused: false });
});

it('throws what the API refuses, as it says it', async () => {
  const nobody = await problemOf(relay.get('nobody'));
  expect(nobody).toMatchObject({ name: 'RevealRelayProblem', status: 404, type: '/problems/no-such-reveal' });
  expect(nobody?.message).toMatch(/^404: Start the reveal first/);
  await relay.start({ taskId: 'never-o1', priority: 'interactive' });
  const different = relay.start({ taskId: 'never-o1', priority: 'bulk', ifDifferent: 'refuse' });
  expect(await problemOf(different)).toMatchObject({
    type: '/problems/options-differ',
    revealId: 'never-o1',
    body: { optionsDiffer: ['priority'] },
  });
});
