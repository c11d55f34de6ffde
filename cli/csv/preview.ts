import type { Wanted } from './people.ts';
import { type Item, inParts, itemsOf } from './relay/batch.ts';
import type { Relay } from './relay/relay.ts';
import { batchBody, type Wish } from './wish.ts';

/** How the people of a list stand before anything is asked for. */
export interface Preview {
  /** Places of those whose reveal is there already: they cost nothing. */
  readonly known: ReadonlySet<number>;
  /** Of these, those whose reveal runs. */
  readonly running: number;
  readonly toStart: number;
  /** What they may cost together, by list price. */
  readonly credits: number;
  /** The relay will not take them. */
  readonly refused: number;
}

/** So many are looked up at once. Nothing is written for it. */
const atOnce = 500;

/** One that the relay is too busy to look up is asked for again, so often. */
const mostTries = 10;
/** In milliseconds. */
const pauseAfterRefusal = 2_000;

interface Asking {
  readonly relay: Relay;
  readonly wish: Wish;
  readonly key: string;
  readonly sinceBegan: number;
  /** For so many milliseconds; rejects when the command is interrupted. */
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** Asks the relay what it knows. Pays for nothing. @param places of those to ask about */
export async function previewOf(
  wanted: readonly Wanted[],
  places: readonly number[],
  asking: Asking,
): Promise<Preview> {
  const { relay, wish, key, sinceBegan, sleep } = asking;
  const known = new Set<number>();
  const counts = { running: 0, toStart: 0, credits: 0, refused: 0 };
  let left = places;
  for (let tries = 1; left.length > 0; tries += 1) {
    const again: number[] = [];
    for (const part of inParts(left, atOnce)) {
      const people = part.map((place) => wanted[place] as Wanted);
      const body = { ...batchBody(people, wish, sinceBegan), dryRun: true };
      const items = itemsOf(await relay.call('POST', '/reveals/batch', body, key), part.length);
      for (const [at, item] of items.entries()) {
        const place = part[at] as number;
        if (item.status >= 500 && tries < mostTries) again.push(place);
        else count(item, place);
      }
    }
    if (again.length > 0) await sleep(pauseAfterRefusal);
    left = again;
  }
  return { known, ...counts };

  function count({ status, reveal, wouldStart }: Item, place: number): void {
    if (reveal) {
      known.add(place);
      if (reveal.status === 'running') counts.running += 1;
    } else if (status >= 400) counts.refused += 1;
    else {
      counts.toStart += 1;
      counts.credits += wouldStart?.credits ?? 0;
    }
  }
}
