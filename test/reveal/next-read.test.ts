import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextReadAt, retryAfterSeconds } from '../../lambdas/reveal/next-read.ts';

const polledAt = (ms: number) => ({ nextPollAt: new Date(ms).toISOString() });

describe('reading a running record again', () => {
  it('waits for the next poll to be over', () => {
    expect(nextReadAt(polledAt(3_000), 0, 25_000)).toBe(4_000);
    expect(nextReadAt(polledAt(200), 0, 25_000)).toBe(1_200);
  });

  it('happens every second while a poll is under way, or the reveal has only begun', () => {
    expect(nextReadAt(polledAt(3_000), 4_000, 25_000)).toBe(5_000);
    expect(nextReadAt(polledAt(3_000), 9_000, 25_000)).toBe(10_000);
    expect(nextReadAt({}, 0, 25_000)).toBe(1_000);
  });

  it('happens every five seconds before that, since a caller may cancel the reveal at any time', () => {
    expect(nextReadAt(polledAt(12_000), 0, 25_000)).toBe(5_000);
    expect(nextReadAt(polledAt(12_000), 10_000, 25_000)).toBe(13_000);
  });

  it('never happens where the wait is over before there can be news', () => {
    expect(nextReadAt(polledAt(120_000), 0, 25_000)).toBeUndefined();
    expect(nextReadAt(polledAt(24_001), 0, 25_000)).toBeUndefined();
    expect(nextReadAt({}, 24_500, 25_000)).toBeUndefined();
    expect(nextReadAt({}, 0, 0)).toBeUndefined();
  });

  it('tells whoever does not wait when there will be news, in whole seconds', () => {
    expect(retryAfterSeconds(polledAt(120_000), 0)).toBe(121);
    expect(retryAfterSeconds(polledAt(1_100), 0)).toBe(3);
    expect(retryAfterSeconds(polledAt(0), 60_000)).toBe(1);
    expect(retryAfterSeconds({}, 0)).toBe(1);
  });

  it('comes within a second of any news that a poll brings, and at most 25 times in 25 seconds', () => {
    const polls = fc.array(fc.record({ afterMs: fc.nat(12_000), takesMs: fc.integer({ min: 100, max: 11_000 }) }), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(polls, (planned) => {
        const news = newsOf(planned);
        const recordAt = (ms: number) => news.findLast(({ at }) => at <= ms) as (typeof news)[number];
        let reads = 0;
        let nowMs = 0;
        for (let next = nextReadAt(recordAt(0), 0, 25_000); next !== undefined; ) {
          const missed = news.find(({ at }) => at > nowMs && at <= next!);
          if (missed) expect(next - missed.at).toBeLessThanOrEqual(1_000);
          nowMs = next;
          reads += 1;
          next = nextReadAt(recordAt(nowMs), nowMs, 25_000);
        }
        expect(reads).toBeLessThanOrEqual(25);
      }),
    );
  });
});

/** What the record says, from when on, as one poll after the other is planned and answered. */
function newsOf(planned: readonly { afterMs: number; takesMs: number }[]) {
  let at = 0;
  const [first = { afterMs: 1_000, takesMs: 1 }, ...others] = planned;
  let wake = first;
  const news = [{ at, ...polledAt(wake.afterMs) }];
  for (const next of others) {
    at += wake.afterMs + wake.takesMs;
    wake = next;
    news.push({ at, ...polledAt(at + wake.afterMs) });
  }
  return news;
}
