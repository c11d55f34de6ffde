import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiClient, UnreachableError } from '../../../../cli/client/api-client.ts';
import { PatientRelay } from '../../../../cli/csv/relay/patient-relay.ts';
import { mayHaveEnded, readReveal } from '../../../../cli/csv/relay/reading.ts';
import { listenOnLoopback, stopListening } from '../../../../local/services/loopback.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** An API that answers as it is told, path by path. */
async function api(answer: (path: string, nth: number) => { status: number; body?: object }) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const { status, body = {} } = answer(path, asked.length);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const url = await listenOnLoopback(server);
  const close = () => stopListening(server);
  closing.push(() => close().catch(() => {}));
  const slept: number[] = [];
  const client = new ApiClient(
    { url, token: undefined },
    async () => {
      throw new Error('no credentials here');
    },
    new AbortController().signal,
  );
  const relay = new PatientRelay(
    client,
    (error) => error instanceof UnreachableError,
    async (ms) => {
      slept.push(ms);
    },
  );
  return { relay, asked, slept, close };
}

describe('a relay that is busy', () => {
  it('is asked again after waits that grow, and answers in the end', async () => {
    const { relay, slept } = await api((_path, nth) => ({ status: [429, 503, 500, 502][nth - 1] ?? 200 }));
    expect(await relay.call('GET', '/starts')).toMatchObject({ status: 200 });
    expect(slept).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it('is given up after a quarter of an hour, in its own words', async () => {
    const { relay, slept } = await api(() => ({ status: 503, body: { title: 'Ask again.' } }));
    await expect(relay.call('GET', '/starts')).rejects.toThrow('503: Ask again.');
    const minutes = slept.reduce((sum, ms) => sum + ms, 0) / 60_000;
    expect(minutes).toBeGreaterThan(13);
    expect(minutes).toBeLessThan(15);
  });

  it('is waited for when it goes away, but not when it was never there', async () => {
    const { relay, slept, close } = await api(() => ({ status: 200 }));
    await relay.call('GET', '/starts');
    await close();
    await expect(relay.call('GET', '/starts')).rejects.toThrow(/Nobody answers/);
    expect(slept.length).toBeGreaterThan(20);

    const other = await api(() => ({ status: 200 }));
    await other.close();
    await expect(other.relay.call('GET', '/starts')).rejects.toThrow(/Nobody answers/);
    expect(other.slept).toEqual([]);
  });

  it('is not asked again for what waiting does not mend', async () => {
    const { relay, asked } = await api(() => ({ status: 403, body: { message: 'Forbidden' } }));
    await expect(relay.call('GET', '/starts')).rejects.toThrow(/^403: Forbidden API Gateway lets principals in/);
    expect(asked).toEqual(['/starts']);
  });
});

describe('finding out what has ended', () => {
  const awaited = (count: number, generation = 1) =>
    Array.from({ length: count }, (_, n) => ({ revealId: `r-${n}`, generation }));
  const page = (from: number, to: number, status: string, generation = 1) =>
    awaited(to, generation)
      .slice(from)
      .map((one) => ({ ...one, status }));

  it('reads a hundred for each request, and goes no further than it has to', async () => {
    const { relay, asked } = await api((path) => {
      const isSecond = path.includes('cursor=c2');
      const reveals = isSecond ? page(100, 150, 'completed') : page(0, 100, 'running');
      return { status: 200, body: { reveals, cursor: isSecond ? 'c3' : 'c2' } };
    });
    const ended = await mayHaveEnded(relay, awaited(150), 0);
    expect(ended.map(({ revealId }) => revealId)).toEqual(page(100, 150, '').map(({ revealId }) => revealId));
    expect(asked).toEqual(['/reveals?limit=100', '/reveals?limit=100&cursor=c2']);
  });

  it('asks for those that the list does not show by their ids, others in each round', async () => {
    const { relay, asked } = await api(() => ({ status: 200, body: { reveals: [], cursor: 'more' } }));
    const seen = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      for (const { revealId } of await mayHaveEnded(relay, awaited(120), round)) seen.add(revealId);
    }
    expect(seen.size).toBe(120);
    expect(asked).toHaveLength(3 * 6);
  });

  it('is not misled by a list that does not know of the next generation yet', async () => {
    const { relay } = await api((path) =>
      path.startsWith('/reveals?')
        ? { status: 200, body: { reveals: page(0, 20, 'failed', 1) } }
        : { status: 200, body: { status: 'failed', generation: 1 } },
    );
    expect(await mayHaveEnded(relay, awaited(20, 2), 0)).toEqual([]);
    expect(await readReveal(relay, { revealId: 'r-1', generation: 2 }, false)).toBe('running');
  });

  it('says of one that is kept no more that it is gone', async () => {
    const { relay, asked } = await api(() => ({ status: 404 }));
    expect(await readReveal(relay, { revealId: 'r-1', generation: 1 }, true)).toBe('gone');
    expect(asked).toEqual(['/reveals/r-1?include=lowQualityEmails']);
  });
});
