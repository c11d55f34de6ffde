/**
 * Every constant of the scheduling: its unit, its reason, and what gets worse without it. That is a test in `test/polling`, or rows of
 * `npm run bench:fleet -- --limiter fixed-window --policy relay --seeds 2`: L4 `exp` is the row of that load and those durations.
 */

// The rate limiter

/**
 * By how much two requests a minute apart may close up on their way, ms: handlers' clocks are off by 0.2 s (standard deviation), and networks jitter.
 * At 240 a minute the interval becomes 256 ms in place of 250 ms, with which the vendor rejects polls: L4.
 */
export const spreadMs = 1_400;
/** Later than this after its slot a poll asks for another one, ms: a part of what `spreadMs` covers. slots.test */
export const voidAfterMs = spreadMs / 2;
/** A slot is granted at most this far ahead, ms. Sleeping until then costs less than a pass through the workflow. */
export const aheadMs = 10_000;
/**
 * And to a reveal in line at most this far, ms, so that one of a priority without a line always finds one in reach. With as much as that one load P starts an
 * interactive one after up to 61 s in place of 7 s. slots.test
 */
export const lineAheadMs = aheadMs / 2;
/** Slots already granted may be this much later by another clock than ours, ms. cool-down.test */
export const clocksDifferMs = 2_000;
/** How many hundredths of a slot a priority may run ahead of its share. slots.test */
export const leadLimit = 400;
/** So many slots that went by unused, and a handler leaves the next one to somebody else; the reveal comes back after a while, ms. */
export const mostSlotsMissed = 2;
export const missedSlotsMs = 5_000;

// Cool-downs: cool-down.test

/** After a 429 without `Retry-After`, ms. */
export const coolMs = 15_000;
/** The interval grows by this part of the base with each episode of 429s, up to twice the base, and shrinks by that part every so many ms. */
export const stretchBy = 1 / 10;
export const easeBy = 1 / 100;
export const easeEveryMs = 60_000;

// The breaker: breaker.test

/** The first probe of a refused key, ms; each wait is twice the one before, up to the cap. */
export const probeFirstMs = 30_000;
export const probeCapMs = 300_000;
/** Waiting reveals come back spread over this time after a probe, ms, and not all at once. */
export const comeBackWithinMs = 60_000;

// Lines: lines.test

/** Step Functions ends a wait up to a second late: who has a turn or a place is woken this long before it, ms. */
export const wakeAheadMs = 1_000;
/** And nobody sooner than this from now, ms: a shorter wait would be over before it began. */
export const soonestWakeMs = 1_000;
/** A line that ends this soon is none, ms: whoever asks may poll. Who joins one as there is nothing to plan does so no sooner. */
export const noLineMs = 8_000;
/** Reveals that are to come back at one moment do so over this time, ms. */
export const spreadOutMs = 2_000;

// Bookings: bookings.test

/** Shorter ones find the planned moment better and make the item larger: with 64 for each priority it has two write units. Stored: never change them. */
export const bucketMs = 5_000;
export const buckets = 64;
/** So many bookings in a bucket poll when they planned to, the others at their place. With 0 L1 takes 27 % more polls; with all, L4 `mix` 41 % more handlers. */
export const aloneInBucket = 2;
/** How often a reveal looks for room when others were faster. Then it takes a place that may be one too many. With 0 L4 `mix` takes 4 times the handlers. */
export const mostTries = 3;

// What is known of durations: durations.test

/** A handler goes by what it read of them for this long, ms. */
export const learnedForMs = 60_000;
/** Past so many detections all counts are halved. */
export const memory = 2_000;
/** How often each count seeps into the bins beside it. With 0 L1 is found 17 % later, L2 11 %, L3 `exp` 4 %, interactive beside bulk 29 %. */
export const smoothings = 4;
/** The prior counts as this many detections at first, and less and less as real ones come in: else L3 `two-sharp` is found 24 % later, `two-far` 11 %. */
export const priorWeight = 60;
/** This share of the prior is memoryless, in case durations are quite different. With 0 L1 and L3 `two-far` are found 6 % later, L3 `three-sharp` 7 %. */
export const otherwise = 0.2;
export const otherwiseMeanSeconds = 90;
/** The rest is usual, by cumulative share: some tasks within seconds, most within 2 to 3 minutes, the worst 4 to 8 minutes, and a thin tail. */
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

// The schedule: schedule.test

/** Seconds of delay that one poll is worth, from 0.1 to about 1,600: a fifth more from one to the next. */
export const prices = Array.from({ length: 54 }, (_, step) => 0.1 * 1.2 ** step);
/** Bins longer than this have their quarters as further moments to poll at. Without them L3 `three-sharp` is found 40 % later, `two-far` 19 %. */
export const longBinSeconds = 5;
/** As often as the vendor advises. Less than that for each is a crowd; nobody alone is polled less often, else L3 `constant` is found 21 % later. */
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
/** Where even polls would be further apart, everybody stands in line. The ring of bookings is as long, and a little longer. */
export const longestWaitSeconds = 300;
/** Waits differ by this share, more or less, so that reveals of one burst drift apart. With 0 L4 `constant` is found 7 % later, `three-sharp` 4 %. */
export const jitter = 0.02;

// The pace: pace.test

/** How long before its poll a reveal is woken, ms. Alone as late as a wait ends on average, else L2 takes 5 % more polls; in a crowd nobody may be late. */
export const wakeEarlyMs = { alone: wakeAheadMs / 2, crowded: wakeAheadMs };
/** A crowd plans with a little more than there is, as some moments find nobody. With 1 L3 `exp-60` is found 4 % later, L4 `exp` 3 %. */
export const overbooking = 1.03;
/**
 * Who once had to do with fewer polls than this is polled every `thinnedOutSeconds` at most when the crowd thins out. With 0 a burst of 1,000 takes
 * 4 % more polls, L4 `exp-150` 1.3 %.
 */
export const pollsWhenScarce = 3;
export const thinnedOutSeconds = 20;
/** About what a reveal alone uses. */
export const mostPollsPerSecond = 0.08;

// Answers that do not help: next-poll.test

/** After an answer that says nothing about the task, ms, twice as long each time up to the cap, give or take a quarter. */
export const retryFirstMs = 5_000;
export const retryCapMs = 60_000;
/** So many of them in a row end a reveal that is past its deadline. */
export const failuresPastDeadline = 5;
/** A refused task is polled again after this long, ms, so that others may have been accepted by then: they are polled every 15 s or so. */
export const refusedAgainMs = (4 / 3) * 1_000 * advisedSeconds;

// Paid starts: starts.test

/**
 * No task is started while each in flight, by belief, has fewer polls than this until it is detected: one poll is the least, and with exactly one a task
 * waits for it as long as the line of polls is. Load P with 60 polls a minute: without it a task is found after 2,942 s in place of 239 s, and with
 * 1.25 after 189 s, but then only 46 are started a minute in place of 52.
 */
export const pollsToStart = 1.1;
/**
 * What a reveal costs in polls where they are scarce, for the guess at the time that a crowd takes: 10,000 profiles at 120 and at 60 polls a minute were
 * through as if each took 1.15. With 1, the guess for them is an eighth too short.
 */
export const pollsToFinish = 1.15;
/** For how long starts then stand still, ms. Longer than two in line ask apart, so that only one of them delays it. */
export const holdMs = 10_000;
/** One whose turn was longer ago than this, ms, is not the head of a line. Waits and cold starts take up to 2 s. */
export const headMs = 5_000;
/** So many starts in a row of which nobody knows what came of them open the breaker of starts. */
export const unknownStartsInARow = 2;
/** A probe of polls that nobody has taken so long after it was due, ms, finds nobody who polls: whoever waits comes back within half of it. start-task.test */
export const unwantedProbeMs = 2 * comeBackWithinMs;
