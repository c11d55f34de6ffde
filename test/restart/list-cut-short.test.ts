import { expect, it } from 'vitest';
import { type LocalRelay, startLocalRelay } from '../support/local-relay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const members = 130;

async function call(url: string, path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
}

it('a list that was being cancelled when the relay was killed is cancelled to its end with the last cursor', async () => {
  const data = await temporaryFolder();
  let relay: LocalRelay = startLocalRelay({ data, speed: 1 });
  try {
    let { url } = await relay.listening;
    const reveals = Array.from({ length: members }, (_, n) => ({ taskId: `never-${n}` }));
    // On a busy machine an answer may say of some that they are not known to be started.
    for (let refused: unknown = members; refused !== 0; ) {
      ({ refused } = await call(url, '/reveals/batch', { reveals, list: 'cut-short' }));
    }
    const first = await call(url, '/lists/cut-short/cancel', {});
    expect(first.done).toBeLessThan(members);
    const cut = call(url, '/lists/cut-short/cancel', { cursor: first.cursor }).catch(() => undefined);
    await new Promise(setImmediate);
    await relay.kill();
    await cut;

    relay = startLocalRelay({ data, speed: 1 });
    ({ url } = await relay.listening);
    let answer = first;
    while (answer.cursor !== undefined) {
      const next = await call(url, '/lists/cut-short/cancel', { cursor: answer.cursor });
      if (next.status === undefined) answer = next;
    }
    expect(answer).toMatchObject({ done: members, left: 0 });
    // What had been counted before the kill stands as it did then: the list as it is now has the last word.
    const counts = await (await fetch(`${url}/lists/cut-short`)).json();
    expect(counts).toMatchObject({ statuses: { cancelled: members } });
  } finally {
    await relay.kill();
  }
});
