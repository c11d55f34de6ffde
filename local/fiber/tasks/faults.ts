/** Answers that no client should have to meet, and does. */
export const brokenAnswers = {
  'malformed-json': 'status 200 whose body breaks off into something that is not JSON',
  'malformed-html': 'status 200 with a web page in place of JSON',
  'malformed-shape': 'status 200 with JSON that has no output',
  'malformed-wrong-type': 'status 200 with done: "true", a string',
  'malformed-truncated': 'status 200, a content length, half of the body, and the connection closes',
  'malformed-huge': 'status 200 with a body that does not end before 64 MiB',
  'malformed-gzip': 'status 200 with a gzip body that nobody asked for',
  'malformed-gzip-bomb': 'status 200 with 64 KiB of gzip that unpack to 64 MiB',
  'slow-body': 'status 200 whose body comes one byte a second',
  'hang-headers': 'no answer at all on a connection that stays open',
  'hang-body': 'status 200, half of the body, and then nothing on a connection that stays open',
  redirect: 'status 307 to another path, which would send the key there',
  reset: 'the connection is reset before any answer',
} as const;

export type BrokenAnswer = keyof typeof brokenAnswers;

/** `status-503` is that status with the vendor's error body. `status-429` has `Retry-After: 5`, `status-429-bare` has none. */
export type Fault = BrokenAnswer | `status-${number}` | 'status-429-bare';

/** Puts a fault at certain polls of one task. Only polls that got as far as the task are counted: see `poll.ts`. */
export interface PlannedFault {
  /** The first poll is 1; `'every'` is all of them; `'done'` is the first poll that comes after the task has ended. */
  readonly atPoll: number | 'every' | 'done';
  /** How many polls in a row from there on, Infinity included. @default 1 */
  readonly times?: number;
  readonly fault: Fault;
}

/** Which poll of its task this is. */
export interface PollOrdinals {
  /** 1 for the first poll. */
  readonly poll: number;
  /** 1 for the first poll since the task ended, 0 while it runs. */
  readonly sinceEnd: number;
}

/** The first planned fault that holds for this poll. */
export function faultAt(plan: readonly PlannedFault[], { poll, sinceEnd }: PollOrdinals): Fault | undefined {
  return plan.find(({ atPoll, times = 1 }) => {
    if (atPoll === 'every') return true;
    if (atPoll === 'done') return sinceEnd >= 1 && sinceEnd <= times;
    return poll >= atPoll && poll < atPoll + times;
  })?.fault;
}

/** The status that a `status-…` fault answers with; undefined for the broken answers. */
export function statusOf(fault: Fault): number | undefined {
  const digits = /^status-(\d{3})(?:-bare)?$/.exec(fault)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function isBroken(fault: Fault): fault is BrokenAnswer {
  return Object.hasOwn(brokenAnswers, fault);
}

/** A patient client can make sense of these, so what they say has to be true. */
export function leavesReadable(fault: BrokenAnswer): boolean {
  return fault === 'malformed-gzip' || fault === 'slow-body';
}

/** A misspelt fault in a test would otherwise pass for a healthy answer. */
export function assertFault(fault: Fault): void {
  const status = statusOf(fault);
  const isErrorStatus = status !== undefined && status >= 400 && status <= 599;
  if (isErrorStatus || isBroken(fault)) return;
  throw new RangeError(
    `"${fault}" is no fault: use status-400 to status-599 or ${Object.keys(brokenAnswers).join(', ')}`,
  );
}
