import type { Json, Relay } from './relay.ts';

/** A reveal that this run waits for. */
export interface Awaited {
  readonly revealId: string;
  readonly generation: number;
}

/** How many reveals a page of the list holds at the most. */
const pageSize = 100;
/** So few are asked for one by one. */
const fewEnough = 10;
/** Reveals that others have started lie between ours: the list is read this many pages further. */
const pagesBeyond = 4;
/** So many of those that the list did not show are asked for in one round. */
const askedOneByOne = 50;

/**
 * Which of the awaited reveals may have ended: by the list, a hundred for each request. What it does not show is asked for by its id, some in each round.
 *
 * @param round counts the rounds, so that each asks for others
 */
export async function mayHaveEnded<One extends Awaited>(
  relay: Relay,
  awaited: readonly One[],
  round: number,
): Promise<One[]> {
  if (awaited.length <= fewEnough) return [...awaited];
  const unseen = new Map(awaited.map((one) => [one.revealId, one]));
  const ended: One[] = [];
  let cursor: string | undefined;
  const mostPages = Math.ceil(awaited.length / pageSize) + pagesBeyond;
  for (let page = 0; page < mostPages && unseen.size > 0; page += 1) {
    const query = new URLSearchParams({ limit: String(pageSize), ...(cursor !== undefined && { cursor }) });
    const { body } = await relay.call('GET', `/reveals?${query}`);
    for (const { revealId, status, generation } of body.reveals as Json[]) {
      const one = unseen.get(String(revealId));
      if (!one) continue;
      unseen.delete(one.revealId);
      // The list may lag behind what was just started over.
      if (status !== 'running' && Number(generation) >= one.generation) ended.push(one);
    }
    if (typeof body.cursor !== 'string') break;
    cursor = body.cursor;
  }
  const others = [...unseen.values()];
  const from = others.length > askedOneByOne ? (round * askedOneByOne) % others.length : 0;
  return [...ended, ...[...others.slice(from), ...others.slice(0, from)].slice(0, askedOneByOne)];
}

/** A reveal as it is now: `running`, `gone` where the relay keeps it no more, or what the API shows of one that has ended. */
export async function readReveal(
  relay: Relay,
  { revealId, generation }: Awaited,
  withLowQuality: boolean,
): Promise<'running' | 'gone' | Json> {
  const query = withLowQuality ? '?include=lowQualityEmails' : '';
  const { status, body } = await relay.call('GET', `/reveals/${encodeURIComponent(revealId)}${query}`);
  if (status === 404) return 'gone';
  return body.status === 'running' || Number(body.generation) < generation ? 'running' : body;
}
