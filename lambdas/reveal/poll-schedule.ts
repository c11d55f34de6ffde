/** When a reveal is polled: for now at a fixed pace. Pure, because what replaces it learns. */
export interface PollSchedule {
  firstWaitMs: number;
  pollEveryMs: number;
}

export function firstPollAt(schedule: PollSchedule, nowMs: number): number {
  return nowMs + schedule.firstWaitMs;
}

/** The vendor's own advice on when to come back is kept, if it is later than ours. */
export function nextPollAt(schedule: PollSchedule, nowMs: number, retryAfterMs = 0): number {
  return nowMs + Math.max(schedule.pollEveryMs, retryAfterMs);
}
