import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ManyAnswer, manyAnswer } from '../../../lambdas/http/lists/many-schema.ts';
import { problem, startApi, type TestApi } from '../../support/api.ts';
import { completed } from '../../support/doors.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.forget());

const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${prefix}-${String(n).padStart(3, '0')}`);
const person = (name: string) => ({ linkedinUrl: `https://www.linkedin.com/in/${name}` });

async function start(list: string, reveals: object[]): Promise<string[]> {
  const { body } = await api.call('POST', '/reveals/batch', { reveals, list });
  return body.results.map(({ reveal }: { reveal: { revealId: string } }) => reveal.revealId);
}

/** Calls until there is no cursor, again after a 503. */
async function toTheEnd(path: string, more: object = {}): Promise<{ answers: ManyAnswer[]; faults: number }> {
  const answers: ManyAnswer[] = [];
  let faults = 0;
  let cursor: string | undefined;
  do {
    const answer = await api.call('POST', path, { ...more, ...(cursor !== undefined && { cursor }) });
    if (answer.status === 503) {
      faults += 1;
      continue;
    }
    expect(answer.status).toBe(200);
    answers.push(manyAnswer.parse(answer.body));
    cursor = answer.body.cursor;
  } while (cursor !== undefined || answers.length === 0);
  return { answers, faults };
}

describe('POST /lists/{name}/cancel', () => {
  it('cancels what runs, a hundred at a time, says how far it is, and leaves what has its result', async () => {
    await start(
      'leads',
      ids('cancel', 130).map((taskId) => ({ taskId })),
    );
    await api.put('cancel-done', completed());
    await api.lists.put('leads', 'cancel-done', 0);
    const { answers } = await toTheEnd('/lists/leads/cancel');
    expect(answers).toMatchObject([
      { list: 'leads', done: 100, left: 31 },
      { done: 131, left: 0, statuses: { cancelled: 130, completed: 1 }, refused: [] },
    ]);
    expect(answers[1]).not.toHaveProperty('cursor');
    expect(api.events).toHaveLength(130);
    expect([...api.executions.values()].every(({ stopped }) => stopped)).toBe(true);
  });

  it('finishes what faults have interrupted, and announces each once', async () => {
    await start(
      'faulty',
      ids('faulty', 60).map((taskId) => ({ taskId })),
    );
    api.failing.set('PutEvents', 40);
    const { answers } = await toTheEnd('/lists/faulty/cancel');
    // One that failed twice while others did not has been named, and is done by asking for it again.
    await toTheEnd('/lists/faulty/cancel');
    expect(answers.at(-1)?.done).toBe(60);
    expect((await api.call('GET', '/lists/faulty')).body.statuses).toEqual({ cancelled: 60 });
    const told = api.events.map(({ detail }) => detail.eventId);
    expect([new Set(told).size, told.length]).toEqual([60, 60]);
  });

  it('takes no body at all', async () => {
    await start('bodiless', [{ taskId: 'bodiless' }]);
    expect(await api.call('POST', '/lists/bodiless/cancel')).toMatchObject({ body: { statuses: { cancelled: 1 } } });
  });
});

describe('POST /lists/{name}/erase', () => {
  it('erases the contact data of every member, whatever its state, and says so again when it is asked again', async () => {
    const done = ids('erase', 25);
    for (const id of done) await api.put(id, completed());
    for (const [at, id] of done.entries()) await api.lists.put('erased', id, at);
    const [personId = ''] = await start('erased', [person('erased-by-list'), { taskId: 'erase-running' }]);
    for (const _ of ['once', 'again']) {
      const { answers } = await toTheEnd('/lists/erased/erase');
      expect(answers.at(-1)).toMatchObject({
        done: 27,
        left: 0,
        erased: 27,
        statuses: { completed: 25, cancelled: 2 },
      });
    }
    const items = (await api.everything()).split('\n').filter((item) => /erase-|#list#erased/.test(item));
    expect(items.length).toBeGreaterThan(27);
    for (const item of items) expect(item).not.toMatch(/ada@|15550100|a\.lovelace|erased-by-list/);
    expect(await api.reveals.get(personId)).not.toHaveProperty('linkedinUrl');
  });
});

describe('POST /lists/{name}/resume', () => {
  const published = { publishedAt: '2026-11-27T12:00:00.000Z', settledAt: '2026-11-27T12:00:00.000Z' };
  /** Ends a running reveal in this way. */
  const end = async (id: string, changes: object) => {
    const record = await api.reveals.get(id);
    await api.reveals.whileRunning(record!, { ...published, ...changes });
  };

  it('goes on with what costs nothing, and names and leaves what a person must decide about', async () => {
    await start('resumed', [{ taskId: 'resume-late' }, { taskId: 'resume-running' }]);
    await api.put('resume-done', completed());
    await api.lists.put('resumed', 'resume-done', 9);
    const people = ['unpaid', 'refused', 'unknown', 'paid'].map((name) => person(`resume-${name}`));
    const [unpaid = '', refused = '', unknown = '', paid = ''] = await start('resumed', people);
    await end('resume-late', { status: 'timed-out', reason: 'deadline-passed' });
    await api.reveals.whileRunning((await api.reveals.get('resume-running'))!, { nextPollAt: published.settledAt });
    await end(unpaid, { status: 'errored', reason: 'not-started' });
    await end(refused, { status: 'failed', reason: 'start-refused' });
    await end(unknown, {
      status: 'errored',
      reason: 'start-unknown',
      startIntent: { nonce: 'n', at: '2026-11-27T10:00:00.000Z' },
    });
    await end(paid, { status: 'timed-out', reason: 'deadline-passed', taskId: 'paid-task', startedBy: 'n' });
    api.forget();
    const { answers } = await toTheEnd('/lists/resumed/resume');
    const named = Object.fromEntries(answers[0]!.refused.map(({ revealId, problem: { type } }) => [revealId, type]));
    expect(named).toEqual({
      [unpaid]: '/problems/costs-credits',
      [refused]: '/problems/costs-credits',
      [unknown]: '/problems/start-unknown',
    });
    expect(answers[0]).toMatchObject({ done: 7, statuses: { running: 3, completed: 1, errored: 2, failed: 1 } });
    expect(
      api
        .starts()
        .map(({ revealId }) => revealId)
        .sort(),
    ).toEqual([paid, 'resume-late'].sort());
    expect(await api.reveals.get(paid)).toMatchObject({ generation: 2, taskId: 'paid-task' });

    // Those that would be paid for are started by those who say so; nobody knows of the last one still.
    const paying = await toTheEnd('/lists/resumed/resume', { startTasks: true });
    expect(paying.answers[0]).toMatchObject({ refused: [{ revealId: unknown }], statuses: { running: 5 } });
    expect((await api.reveals.get(unpaid))?.taskId).toBeUndefined();
  });
});

describe('POST /reveals/cancel, /resume and /erase', () => {
  it('do so to the reveals that were started since, or stand like that, and to no other', async () => {
    const at = (minute: number) => `2041-01-01T00:0${minute}:00.000Z`;
    for (const minute of [1, 2, 3]) await api.put(`since-${minute}`, { createdAt: at(minute) });
    await api.put('since-done', { ...completed(), createdAt: at(4) });
    const cancelled = await toTheEnd('/reveals/cancel', { since: at(2) });
    expect(cancelled.answers.at(-1)).toMatchObject({ done: 2, statuses: { cancelled: 2 } });
    expect(cancelled.answers.at(-1)).not.toHaveProperty('left');
    expect(await api.reveals.get('since-1')).toMatchObject({ status: 'running' });

    const resumed = await toTheEnd('/reveals/resume', { status: 'cancelled', since: at(3) });
    expect(resumed.answers.at(-1)).toMatchObject({ done: 1, statuses: { running: 1 } });
    expect(await api.reveals.get('since-3')).toMatchObject({ generation: 2, status: 'running' });

    const erased = await toTheEnd('/reveals/erase', { status: 'completed', since: at(0) });
    expect(erased.answers.at(-1)).toMatchObject({ done: 1, erased: 1 });
    expect(await api.reveals.get('since-done')).not.toHaveProperty('result');
    expect(await api.reveals.get('since-1')).not.toHaveProperty('erasedAt');
  });

  it('come to the end of more than one call takes', async () => {
    for (const id of ids('many', 120)) await api.put(id, { createdAt: '2042-01-01T00:00:00.000Z' });
    const { answers } = await toTheEnd('/reveals/cancel', { since: '2042-01-01T00:00:00Z' });
    expect(answers.map(({ done }) => done)).toEqual([100, 120]);
    expect(answers.at(-1)?.statuses).toEqual({ cancelled: 120 });
  });

  it('erase nothing that was not named', async () => {
    await api.put('unnamed', completed());
    for (const body of [{}, { cursor: 'abc' }, { status: 'done' }, { everything: true }]) {
      expect(await api.call('POST', '/reveals/erase', body)).toMatchObject(problem('invalid-body', 422));
    }
    expect(await api.call('POST', '/reveals/erase')).toMatchObject(problem('not-application-json', 415));
    expect(await api.reveals.get('unnamed')).toHaveProperty('result');
  });
});

it.each(['cancel', 'resume', 'erase'])('there is nothing to %s in a list of which nobody has heard', async (what) => {
  for (const name of ['unheard', 'a:b']) {
    expect(await api.call('POST', `/lists/${name}/${what}`, {})).toMatchObject(problem('no-such-list', 404));
  }
  expect(await api.call('POST', `/lists/unheard/${what}`, { cursor: 'abc' })).toMatchObject(
    problem('invalid-body', 422),
  );
});
