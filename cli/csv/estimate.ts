import { relayDefaults } from '../../lambdas/contract.ts';

/** Polls that a reveal takes where many run at once. @see docs/polling.md */
const pollsPerReveal = 2;
/** How long the vendor takes for the last one, in seconds. @see docs/polling.md */
const lastOneTakes = 180;

/**
 * How long it will take, in seconds, by the vendor's usual limits: 120 starts and 240 polls a minute. A relay that is set to less, or is busy with
 * others, takes longer.
 */
export function secondsFor({ starts, polled }: { readonly starts: number; readonly polled: number }): number {
  if (starts + polled === 0) return 0;
  const { startsPerMinute, pollsPerMinute } = relayDefaults;
  const minutes = Math.max(starts / startsPerMinute, ((starts + polled) * pollsPerReveal) / pollsPerMinute);
  return Math.round(minutes * 60 + lastOneTakes);
}

/** From so many on, and after so many seconds, what was measured says more than the rule. */
const measuredFrom = { ended: 20, seconds: 20 } as const;

/** What is left, in seconds, by how it has gone so far. */
export function secondsLeft(ended: number, toGo: number, elapsedSeconds: number): number {
  const isMeasured = ended >= measuredFrom.ended && elapsedSeconds >= measuredFrom.seconds;
  return isMeasured ? Math.round((toGo / ended) * elapsedSeconds) : secondsFor({ starts: toGo, polled: 0 });
}

/** `16 minutes`, `3 hours`: a length of time that somebody plans by. */
export function roughly(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 2) return 'a minute';
  return minutes <= 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
