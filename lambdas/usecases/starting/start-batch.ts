import type { Caller, RevealOptions, Started, StartRequest, WouldStart } from './start.ts';

/** How one start of a batch went. `late`: it is not known to be started; asking again is safe. */
export type BatchedStart = Started | WouldStart | { kind: 'failed'; error: unknown } | { kind: 'late' };

export interface BatchStarting {
  /** Starts, or says what a start would come to. */
  starter: {
    start(request: StartRequest, caller: Caller, otherwise: RevealOptions): Promise<Started | WouldStart>;
  };
  /** Names one start, unlike any other. */
  newClaimant: () => string;
  /** Unix milliseconds. */
  now: () => number;
  /** Calls back in so many milliseconds. It runs beside the starts: whoever sleeps does nothing else. @returns calls it off */
  callLater: (callback: () => void, ms: number) => () => void;
}

/** How many starts are under way at a time: as many as one connection pool carries without queueing. */
const mostAtATime = 25;

/** Nobody in particular waits for one reveal out of many. */
const batchOptions = { priority: 'bulk' } as const;

/**
 * Starts many reveals, each by itself. Whoever waits for the answer gets one in time: what is not known to be started by then is
 * `late`.
 *
 * @param deadlineMs Unix milliseconds: when the answer is due
 * @returns how each start went, in the order of the requests
 */
export async function startBatch(
  requests: readonly StartRequest[],
  caller: Omit<Caller, 'claimedBy'>,
  deadlineMs: number,
  { starter, newClaimant, now, callLater }: BatchStarting,
): Promise<BatchedStart[]> {
  const starts: BatchedStart[] = requests.map(() => ({ kind: 'late' }));
  const waiting = requests.entries();
  const worker = async () => {
    for (const [index, request] of waiting) {
      if (now() >= deadlineMs) return;
      starts[index] = await starter
        .start(request, { ...caller, claimedBy: newClaimant() }, batchOptions)
        .catch((error: unknown) => ({ kind: 'failed', error }) as const);
    }
  };
  const everything = Promise.all(Array.from({ length: Math.min(mostAtATime, requests.length) }, worker));
  let callOff = () => {};
  const timeIsUp = new Promise<void>((resolve) => {
    callOff = callLater(resolve, Math.max(0, deadlineMs - now()));
  });
  await Promise.race([everything, timeIsUp]);
  callOff();
  // A copy: what is still under way goes on writing into the list.
  return [...starts];
}
