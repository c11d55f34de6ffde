import { expect, it } from 'vitest';
import type { RequestedReveal } from '../../../cli/redrive/dead-letter.ts';
import type { ReceivedMessage } from '../../../cli/redrive/dead-letter-queue.ts';
import { type RedriveChoices, redriveLetters } from '../../../cli/redrive/redrive.ts';

const request = (taskId: string) => ({ 'detail-type': 'Contact Reveal Requested', source: 'crm', detail: { taskId } });
const rejected = {
  requestContext: { condition: 'RequestRejected' },
  requestPayload: {},
  responsePayload: { errorMessage: 'taskId is missing' },
};
const healed = { source: 'aws.scheduler' };

/** A queue that hides what it has given out, and a bus that takes everything, unless told otherwise. */
function play(bodies: object[], choices: Partial<RedriveChoices> = {}, interrupted = new AbortController().signal) {
  const queue = bodies.map((body, at) => ({
    id: String(at),
    receipt: String(at),
    body: JSON.stringify(body),
    attributes: {},
  }));
  const hidden = new Set<ReceivedMessage>();
  const sent: RequestedReveal[] = [];
  const lines: string[] = [];
  const deadLetters = {
    receive: async (atMost: number) => {
      const given = queue.filter((letter) => !hidden.has(letter)).slice(0, Math.min(atMost, 10));
      for (const letter of given) hidden.add(letter);
      return given;
    },
    remove: async (letter: ReceivedMessage) => void queue.splice(queue.indexOf(letter), 1),
    release: async (letter: ReceivedMessage) => void hidden.delete(letter),
    request: async (asked: RequestedReveal) => `new-${sent.push(asked)}`,
    sendBack: async () => {},
    isOfReceiver: false,
  };
  const run = () =>
    redriveLetters({
      deadLetters,
      choices: { dropRejected: false, dropHealed: false, dryRun: false, limit: 1_000, ...choices },
      onLetter: (line) => lines.push(line),
      interrupted,
    });
  const visible = () => queue.filter((letter) => !hidden.has(letter)).map(({ body }) => JSON.parse(body));
  return { deadLetters, sent, lines, run, visible, queue };
}

it('sends requests again and deletes them, and leaves all else as it was', async () => {
  const { run, sent, lines, visible } = play([request('a'), rejected, healed, { other: 1 }, request('b')]);
  expect(await run()).toEqual({ sent: 2, dropped: 0, left: 3, failed: 0, limitReached: false, hidden: 0 });
  expect(sent.map(({ detail }) => detail)).toEqual([{ taskId: 'a' }, { taskId: 'b' }]);
  expect(lines).toContain('a request for a (no reason given): sent again as new-1');
  expect(lines).toContain('a request (rejected: taskId is missing): left');
  expect(lines).toContain('a sweep that was not started (no reason given): left to the sweeper');
  expect(visible()).toEqual([rejected, healed, { other: 1 }]);
});

it('drops what it is told to drop, and never what it does not know', async () => {
  const letters = [rejected, healed, { other: 1 }];
  const some = play(letters, { dropRejected: true });
  expect(await some.run()).toMatchObject({ dropped: 1, left: 2 });
  expect(some.visible()).toEqual([healed, { other: 1 }]);
  const all = play(letters, { dropRejected: true, dropHealed: true });
  expect(await all.run()).toMatchObject({ dropped: 2, left: 1 });
  expect(all.visible()).toEqual([{ other: 1 }]);
});

it('says in a dry run what it would do, and does nothing', async () => {
  const { run, sent, lines, visible } = play([request('a'), rejected], { dryRun: true, dropRejected: true });
  expect(await run()).toMatchObject({ sent: 1, dropped: 1, left: 0 });
  expect(lines).toEqual([
    'a request for a (no reason given): would be sent again',
    'a request (rejected: taskId is missing): would be dropped',
  ]);
  expect(sent).toEqual([]);
  expect(visible()).toHaveLength(2);
});

it('keeps a letter that could not be sent, names the fault without its words, and goes on', async () => {
  const { run, deadLetters, lines, visible } = play([request('a'), request('b')]);
  const { request: send } = deadLetters;
  deadLetters.request = async (asked) => {
    if (JSON.stringify(asked).includes('"a"')) throw Object.assign(new Error('ada@example.com'), { name: 'Throttled' });
    return send(asked);
  };
  expect(await run()).toMatchObject({ sent: 1, failed: 1, left: 0 });
  expect(lines).toContain('a request for a (no reason given): could not be sent again, Throttled');
  expect(visible()).toEqual([request('a')]);
});

it('counts a letter that was sent and not deleted as failed: the next run sends it once more', async () => {
  const { run, deadLetters, lines, visible } = play([request('a')]);
  deadLetters.remove = async () => {
    throw Object.assign(new Error(), { name: 'AccessDenied' });
  };
  expect(await run()).toMatchObject({ sent: 0, failed: 1 });
  expect(lines).toEqual([
    'a request for a (no reason given): sent again as new-1, but could not be deleted, AccessDenied',
  ]);
  expect(visible()).toHaveLength(1);
});

it('looks at each letter once, though the queue hands it out again', async () => {
  const { run, deadLetters, lines } = play(Array.from({ length: 12 }, () => rejected));
  const { receive, release } = deadLetters;
  deadLetters.receive = async (atMost) => {
    const given = await receive(atMost);
    for (const letter of given) await release(letter);
    return given;
  };
  // The first ten come back before the other two are reached: a queue that hides nothing is not gone through.
  expect(await run()).toMatchObject({ left: 10 });
  expect(lines).toHaveLength(10);
});

it('stops at its limit, and says so', async () => {
  const { run, visible } = play(
    Array.from({ length: 25 }, (_, n) => request(`t${n}`)),
    { limit: 12 },
  );
  expect(await run()).toMatchObject({ sent: 12, limitReached: true });
  expect(visible()).toHaveLength(13);
});

it('gives back what it holds when it is interrupted, or the queue fails in the middle', async () => {
  const interruption = new AbortController();
  const stopped = play(
    [...Array(20)].map(() => rejected),
    {},
    interruption.signal,
  );
  const { receive } = stopped.deadLetters;
  stopped.deadLetters.receive = async (atMost) => {
    interruption.abort();
    return receive(atMost);
  };
  expect(await stopped.run()).toMatchObject({ left: 10, limitReached: false });
  expect(stopped.visible()).toHaveLength(20);

  const broken = play([rejected]);
  const { receive: first } = broken.deadLetters;
  let calls = 0;
  broken.deadLetters.receive = async (atMost) => {
    calls += 1;
    if (calls > 1) throw new Error('gone');
    return first(atMost);
  };
  await expect(broken.run()).rejects.toThrow('gone');
  expect(broken.visible()).toHaveLength(1);
});

it('counts the letters that it could not give back', async () => {
  const { run, deadLetters } = play([rejected, rejected]);
  deadLetters.release = async () => {
    throw new Error('gone');
  };
  expect(await run()).toMatchObject({ left: 2, hidden: 2 });
});
