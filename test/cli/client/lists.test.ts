import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientContext, reveal } from '../../../cli/client/client.ts';
import { describeCounts, describeManyDone } from '../../../cli/client/list-text.ts';
import { allEnded } from '../../doors/mixed-starts.ts';
import { startTestRelay, type TestRelay } from '../../support/relay.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay({ httpPort: 0 });
});
afterAll(() => relay.close());

async function run(line: string) {
  const printed = { stdout: '', stderr: '' };
  const screen = (name: keyof typeof printed) => ({
    write: (text: string) => {
      printed[name] += text;
    },
  });
  const context: ClientContext = {
    given: line.split(' '),
    environment: { REVEAL_RELAY_URL: relay.relay.deployment.httpUrl ?? '' },
    stdin: Readable.from([]),
    stdout: screen('stdout'),
    stderr: screen('stderr'),
    credentials: async () => {
      throw new Error('no credentials here');
    },
    interrupted: new AbortController().signal,
  };
  return { code: await reveal(context), ...printed };
}

describe('lists NAME', () => {
  const wanted = Array.from({ length: 36 }, (_, n) => `${n % 3 === 1 ? 'empty' : 'quick'}-${n}`);

  it('takes some dozens from their start to their results, in the order in which they were given, and erases them', async () => {
    expect(await run(`start ${wanted.join(' ')} --list dozens`)).toMatchObject({ code: 0 });
    await allEnded(relay);
    expect(JSON.parse((await run('lists dozens --json')).stdout)).toMatchObject({
      members: 36,
      statuses: { completed: 36 },
      nothingFound: 12,
      secondsLeft: 0,
    });
    const counts = await run('lists dozens');
    expect(counts.stdout).toMatch(
      /^dozens: 36 reveals\n {2}completed +36 \(12 of them found nothing\)\n {2}cost +\d+ credits/,
    );

    const lines = (await run('lists dozens results --json')).stdout.trimEnd().split('\n');
    const found = lines.map((line) => JSON.parse(line));
    expect(found.map(({ revealId }) => revealId)).toEqual(wanted);
    expect(found.map(({ result }) => result.emails.length > 0)).toEqual(wanted.map((id) => id.startsWith('quick')));
    expect((await run('lists dozens results')).stdout).toMatch(/^quick-0: completed\n/);

    const erased = await run('lists dozens erase');
    expect(erased).toMatchObject({ code: 0, stdout: expect.stringMatching(/^dozens: 36 done, 0 left as they are\n/) });
    expect(erased.stdout).toMatch(/erased +36\n/);
    expect((await run('lists dozens results --json')).stdout).not.toContain('@');
  });

  it('cancels what runs and goes on with it, and says whom it has left as they are', async () => {
    await run('start never-1 never-2 --list halted');
    // How far they come by themselves meanwhile is a matter of the machine.
    expect(await run('lists halted cancel')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^halted: 2 done, 0 left as they are\n {2}(cancelled|timed-out) /),
    });
    expect(await run('lists halted resume')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^halted: 2 done/),
    });
    await run('lists halted cancel');
  });

  it('says that there is no such list', async () => {
    expect(await run('lists nobody-knows')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^404: Start reveals/),
    });
  });

  it.each([
    ['lists', 'Give the name of a list'],
    ['lists ada@example.com', 'This is no name of a list'],
    ['lists leads delete', 'lists NAME takes results, cancel, resume, erase'],
    ['lists leads cancel now', 'lists NAME takes'],
    ['lists leads cancel --start-tasks', '--start-tasks is for lists NAME resume'],
    ['lists leads --include lowQualityEmails', '--include is for lists NAME results'],
  ])('refuses wrong usage (%s)', async (line, message) => {
    expect(await run(line)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});

it('tells how a list stands in words', () => {
  const counts = {
    list: 'leads',
    members: 2_000,
    statuses: { running: 1_200, completed: 700, gone: 100 },
    waitingToStart: 300,
    nothingFound: 0,
    erased: 3,
    startUnknown: 2,
    creditsCharged: 8_400,
    creditsRefunded: 24,
  };
  expect(describeCounts({ ...counts, secondsLeft: 1_234 })).toBe(`leads: 2000 reveals
  running          1200 (300 of them not started yet)
  completed        700
  gone             100 (their records have expired)
  erased           3
  to decide        2: nobody knows whether they were paid for
  cost             8400 credits, 24 credits refunded
  left             about 21 minutes
`);
  expect(describeCounts({ ...counts, pausedBecause: 'starts-paused' })).toMatch(/ {2}paused +starts-paused\n$/);
});

it('tells whom it has left as they are, and why', () => {
  const problem = { title: 'Look for the task at the vendor.', status: 409 };
  const done = { list: 'leads', done: 2, statuses: { running: 1, errored: 1 }, erased: 0 };
  expect(
    describeManyDone({ ...done, refused: [{ revealId: 'person-1', problem }] }),
  ).toBe(`person-1: 409: Look for the task at the vendor.
leads: 2 done, 1 left as they are
  running          1
  errored          1
`);
  expect(describeManyDone({ ...done, refused: [{ revealId: 'person-1', problem }] }, 30)).toMatch(
    /^person-1: 409: Look for the\ntask at the vendor\.\nleads:/,
  );
});
