/**
 * Every constant of the scheduling, with its unit, its reason, and the test or row of `npm run bench:fleet` that gets worse without it.
 */

// The rate limiter

/**
 * By how much two requests a minute apart may close up on their way, ms: handlers' clocks are off by 0.2 s (standard deviation), and networks jitter.
 * At 240 a minute the interval becomes 256 ms. With 0, which makes it 250 ms, the vendor rejects polls: L4 `mix`.
 */
export const spreadMs = 1_400;
/** A slot is granted at most this far ahead, ms. Sleeping until then costs less than a pass through the workflow. */
export const aheadMs = 10_000;
/** Slots already granted may be this much later by another clock than ours, ms. */
export const clocksDifferMs = 2_000;
/** A poll that is later than this after its slot must ask for another one, ms. A part of `spreadMs`, which has to cover it. */
export const voidAfterMs = spreadMs / 2;
/** How many hundredths of a slot a priority may run ahead of its share. */
export const leadLimit = 400;

// Cool-downs

/** After a 429 without `Retry-After`, ms: as the vendor advises between polls. */
export const coolMs = 15_000;
/** How much the interval grows with each episode of 429s, as a part of the base interval, up to twice the base. */
export const stretchBy = 1 / 10;
/** And how much it shrinks each time. */
export const easeBy = 1 / 100;
export const easeEveryMs = 60_000;

// The breaker

/** The first probe of a refused key, ms; each next one waits twice as long, up to the cap. */
export const probeFirstMs = 30_000;
export const probeCapMs = 300_000;
/** Waiting reveals come back spread over this time after a probe, ms. */
export const comeBackWithinMs = 60_000;

// Lines

/** Step Functions ends a wait up to a second late, so a reveal that has a turn or a place is woken this long before it, ms. */
export const wakeAheadMs = 1_000;
/** A line that ends this soon is none, ms: whoever asks may poll. */
export const noLineMs = 8_000;
/** The first wait of someone who joins a line at once, ms. */
export const soonestMs = noLineMs;
/** Those that come back at one moment do so over this time, ms. */
export const spreadOutMs = 2_000;

// Bookings

/** Shorter ones find the planned moment better, and make the item larger: with 64 for each priority it has at most two write units. Stored. */
export const bucketMs = 5_000;
export const buckets = 64;
/** So many bookings in a bucket poll when they planned to, and the others at their place. */
export const aloneInBucket = 2;
/** How often a reveal looks for another bucket when others were faster. Then it takes a place that may be one too many. */
export const mostTries = 3;

// What is known of durations

/** Past so many detections all counts are halved. */
export const memory = 2_000;
/** How often each count seeps into the neighbouring bins. */
export const smoothings = 4;
/** The prior counts as this many detections at first, and less and less as real ones come in. */
export const priorWeight = 60;
/** The share of the prior that is memoryless, and its mean: with durations of which nothing is known, polls spaced evenly are best. */
export const otherwise = 0.2;
export const otherwiseMeanSeconds = 90;
/** What is usual, by cumulative share: some tasks within seconds, most within 2 to 3 minutes, the worst 4 to 8 minutes, and a thin tail. */
export const usualPoints: readonly (readonly [seconds: number, share: number])[] = [
  [0, 0],
  [4, 0.01],
  [8, 0.05],
  [16, 0.1],
  [40, 0.12],
  [60, 0.21],
  [80, 0.36],
  [100, 0.52],
  [120, 0.65],
  [150, 0.79],
  [180, 0.87],
  [240, 0.94],
  [360, 0.97],
  [480, 0.995],
  [7_200, 1],
];

// The schedule

/** Seconds of delay that one poll is worth, from 0.1 to about 1,600: a fifth more from one to the next. */
export const prices = Array.from({ length: 54 }, (_, step) => 0.1 * 1.2 ** step);
/** Bins longer than this have their quarters as further moments to poll at. */
export const longBinSeconds = 5;
/** As often as the vendor advises: a budget of less than that for each is a crowd, and nobody alone is asked for less often. */
export const advisedSeconds = 15;
/** Alone, a reveal need not be found sooner than this on average: polls then cost more than they bring. */
export const delayWhenIdleSeconds = 6;
/** With a budget of fewer polls per reveal than this there is nothing left to schedule. */
export const pollsWhenOverloaded = 1.25;
/**
 * Even spacing needs no knowledge. What was learned must promise to beat it by this factor, or it is likely to be noise: by more, the fewer detections it
 * rests on, and the prior alone is never enough.
 */
export const worthKnowing = (observations: number) => 1.035 + 0.25 / Math.sqrt(observations);
export const shortestWaitSeconds = 5;
export const longestWaitSeconds = 300;
/** Waits differ by this much around the chosen one, ± share, so that reveals of one burst drift apart. */
export const jitter = 0.02;

// The pace

/** How long before its poll a reveal is woken, ms: alone as late as a wait allows on average, in a crowd so that nobody misses its place. */
export const wakeEarlyMs = { alone: wakeAheadMs / 2, crowded: wakeAheadMs };
/** A crowd plans with a little more than there is: some moments find nobody who wants to poll. */
export const overbooking = 1.03;
/** Whoever once had to do with fewer polls than this is asked for every `thinnedOutSeconds` at most when the crowd thins out. */
export const pollsWhenScarce = 3;
export const thinnedOutSeconds = 20;
/** About what a reveal alone uses. */
export const mostPollsPerSecond = 0.08;

// Answers that do not help

/** After an answer that says nothing about the task, ms, doubling up to the cap, ± a quarter. */
export const retryFirstMs = 5_000;
export const retryCapMs = 60_000;
/** So many of them in a row give a reveal up that is past its deadline. */
export const failuresPastDeadline = 5;
/** A refused task is asked for again after this long, ms, so that others may have been accepted by then. */
export const refusedAgainMs = 20_000;

// Paid starts

/** A task is not started while polls stand in a line longer than this, ms: one that nobody has a poll for only waits to be found. Test `starts.test.ts`. */
export const longestPollLineMs = 60_000;
/** So many starts in a row of which nobody knows what came of them open the breaker of starts. */
export const unknownStartsInARow = 2;
