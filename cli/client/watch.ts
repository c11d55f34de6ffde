import type { Reveal } from '../../lib/client/index.ts';
import { ProgressView, type RevealProgress, type Screen } from '../progress.ts';
import type { ApiAnswer, ApiClient } from './api-client.ts';

/** Milliseconds in which a relay that is being started again comes back. */
const restart = 15_000;

/** A difference between two clocks that says nothing. */
const skew = 5_000;

/**
 * Shows a reveal as it goes, until it has ended.
 *
 * @returns the last answer: the ended reveal, or whatever the API said in its place
 * @throws UnreachableError when the API is gone for longer than a restart takes
 */
export async function watch(api: ApiClient, id: string, screen: Screen): Promise<ApiAnswer> {
  const view = new ProgressView(screen, Date.now);
  try {
    return await api.waitFor(id, { outageMs: restart, onProgress: (reveal) => view.show(progressOf(reveal)) });
  } finally {
    view.stop();
  }
}

function progressOf({ status, createdAt, progress }: Reveal): RevealProgress {
  const { polls, vendorStatus, nextPollAt, pausedBecause, lastNegativeAt } = progress;
  // A local relay with --speed is ahead of this clock: its times say nothing here.
  const isAhead = Date.parse(lastNegativeAt ?? createdAt) > Date.now() + skew;
  return {
    state: status,
    vendorStatus,
    polls,
    nextPollAt: nextPollAt !== undefined && !isAhead ? Date.parse(nextPollAt) : undefined,
    pausedBecause,
  };
}
