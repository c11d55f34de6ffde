import { describeProblem } from '../client/client-text.ts';
import { type Findings, findingsOf, hasContacts, withoutReveal } from './findings.ts';
import type { Taken } from './journal.ts';
import type { Wanted } from './people.ts';
import { itemsOf } from './relay/batch.ts';
import { mayHaveEnded, readReveal } from './relay/reading.ts';
import type { Relay } from './relay/relay.ts';
import { batchBody, type Wish } from './wish.ts';

/** How far a run is, in people. */
export interface Tally {
  readonly total: number;
  readonly found: number;
  /** Completed, and there was nothing to find. */
  readonly nothing: number;
  /** Without a result, for whatever reason. */
  readonly failed: number;
  /** Credits that this list has cost so far. */
  readonly credits: number;
}

export interface RunParts {
  readonly relay: Relay;
  readonly wish: Wish;
  /** Names the run. */
  readonly key: string;
  readonly withLowQuality: boolean;
  /** Milliseconds since the first run began. */
  readonly sinceBegan: () => number;
  /** Keeps what the relay has taken on. Resolves when it cannot be lost any more. */
  readonly keep: (taken: readonly Taken[]) => Promise<void>;
  readonly show: (tally: Tally) => void;
  /** For so many milliseconds; rejects when the command is interrupted. */
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** So many are sent at once: the answer takes a second or two, and no body comes near the limit. */
const atOnce = 200;
/**
 * So many may be unfinished. The vendor takes 120 a minute, so nobody waits for longer than some minutes, and the relay is not filled with a list that takes a
 * day: what waits for its start for longer than the relay's longest wait is given up.
 */
const mostUnfinished = 1_000;
/** Results that are read at a time. */
const readAtATime = 8;
/** Between two rounds, in milliseconds: for each hundred that are waited for, so that a round of many requests comes less often. */
const [pausePerPage, longestPause, pauseAfterRefusal] = [1_000, 10_000, 5_000];
/** By so much a pause is longer than the one before it, where nothing has ended in between. */
const patience = 1.5;
/** An item that the relay says to send again is sent so often. */
const mostAttempts = 20;

/**
 * Reveals everybody in a list, some at a time, until each has ended.
 *
 * @param known places of those that cost this list nothing
 * @param taken what an earlier run has asked for: it is waited for and not asked for again
 * @returns for each what has come of it
 */
export async function runList(
  wanted: readonly Wanted[],
  { known, taken }: { readonly known: ReadonlySet<number>; readonly taken: readonly Taken[] },
  parts: RunParts,
): Promise<Findings[]> {
  const { relay, withLowQuality, sleep } = parts;
  const findings: Findings[] = [];
  const unfinished = new Map(taken.map((one) => [one.person, one]));
  const paid = new Set<number>();
  const attempts = new Map<number, number>();
  let waiting = wanted.map((_, person) => person).filter((person) => !unfinished.has(person));
  // Read without looking them up in the list first: they had ended before, and may be far down in it.
  const ready = taken.filter(({ person }) => known.has(person));
  const counts = { found: 0, nothing: 0, failed: 0, credits: 0 };

  let pause = 0;
  for (let round = 0; ; round += 1) {
    let isBusy = false;
    while (waiting.length > 0 && unfinished.size < mostUnfinished && !isBusy) isBusy = await ask();
    show();
    const unfinishedBefore = unfinished.size;
    const first = ready.splice(0);
    const isFirst = new Set(first);
    const others = [...unfinished.values()].filter((one) => !isFirst.has(one));
    const ended = [...first, ...(await mayHaveEnded(relay, others, round))];
    await Promise.all(Array.from({ length: readAtATime }, () => readFrom(ended)));
    if (waiting.length + unfinished.size === 0) break;
    const hasNews = unfinished.size < unfinishedBefore;
    const usual = Math.ceil(unfinished.size / 100) * pausePerPage;
    pause = Math.min(longestPause, hasNews ? usual : Math.max(usual, pause * patience));
    await sleep(isBusy ? pauseAfterRefusal : pause);
  }
  return findings;

  function show(): void {
    parts.show({ total: wanted.length, ...counts });
  }

  /** Asks for the next ones. @returns whether the relay wants to be asked again later */
  async function ask(): Promise<boolean> {
    const part = waiting.slice(0, atOnce);
    const body = batchBody(
      part.map((person) => wanted[person] as Wanted),
      parts.wish,
      parts.sinceBegan(),
    );
    const items = itemsOf(await relay.call('POST', '/reveals/batch', body, parts.key), part.length);
    const accepted: Taken[] = [];
    const instant = new Set<number>();
    const again: number[] = [];
    for (const [at, { status, reveal, missing = [], problem = {} }] of items.entries()) {
      const person = part[at] as number;
      const tries = (attempts.get(person) ?? 0) + 1;
      if (reveal) {
        accepted.push({ person, revealId: reveal.revealId, generation: reveal.generation, missing });
        if (status === 202) paid.add(person);
        if (reveal.status !== 'running') instant.add(person);
      } else if (status >= 500 && tries < mostAttempts) {
        attempts.set(person, tries);
        again.push(person);
      } else note(person, withoutReveal('refused', describeProblem(status, problem).trimEnd()));
    }
    await parts.keep(accepted);
    for (const one of accepted) unfinished.set(one.person, one);
    ready.push(...accepted.filter(({ person }) => instant.has(person)));
    waiting = [...again, ...waiting.slice(part.length)];
    return again.length > 0;
  }

  async function readFrom(ended: Taken[]): Promise<void> {
    for (let one = ended.pop(); one !== undefined; one = ended.pop()) {
      const view = await readReveal(relay, one, withLowQuality);
      if (view === 'running') continue;
      unfinished.delete(one.person);
      if (view === 'gone')
        note(one.person, withoutReveal('expired', 'the relay keeps the result no more', one.revealId));
      else note(one.person, findingsOf(view, one.missing));
    }
  }

  function note(person: number, of: Findings): void {
    // What was there before this list has cost somebody something, and this list nothing.
    const credits = known.has(person) && !paid.has(person) ? 0 : of.credits;
    findings[person] = { ...of, credits };
    counts.credits += credits ?? 0;
    if (hasContacts(of)) counts.found += 1;
    else if (of.status === 'completed') counts.nothing += 1;
    else counts.failed += 1;
    show();
  }
}
