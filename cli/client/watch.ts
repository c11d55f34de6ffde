import { setTimeout as sleep } from 'node:timers/promises';
import { ProgressView, type RevealProgress, type Screen } from '../progress.ts';
import { type ApiAnswer, type ApiClient, UnreachableError } from './api-client.ts';
import type { Json } from './client-text.ts';

/** How often the API is asked, in milliseconds. */
const askEvery = 1_000;
/** A relay that is being started again comes back within this many questions. */
const mostUnanswered = 15;

/** A difference between two clocks that says nothing. */
const skew = 5_000;

/**
 * Shows a reveal as it goes, until it has ended.
 *
 * @returns the last answer: the ended reveal, or whatever the API said in its place
 * @throws UnreachableError when the API is gone for longer than a restart takes
 */
export async function watch(
  api: ApiClient,
  path: string,
  screen: Screen,
  interrupted: AbortSignal,
): Promise<ApiAnswer> {
  const view = new ProgressView(screen, Date.now);
  let unanswered = 0;
  try {
    for (;;) {
      const answer = await api.call('GET', path).catch((error: unknown) => {
        unanswered += 1;
        if (!(error instanceof UnreachableError) || unanswered > mostUnanswered) throw error;
        return undefined;
      });
      const isBusy = answer?.status === 503 && unanswered < mostUnanswered;
      if (answer && !isBusy) {
        unanswered = 0;
        if (answer.status !== 200 || answer.body.status !== 'running') return answer;
        view.show(progressOf(answer.body));
      } else if (isBusy) unanswered += 1;
      await sleep(askEvery, undefined, { signal: interrupted });
    }
  } finally {
    view.stop();
  }
}

function progressOf({ status, createdAt, progress }: Json): RevealProgress {
  const { polls, vendorStatus, nextPollAt, pausedBecause, lastNegativeAt } = (progress ?? {}) as Json;
  // A local relay with --speed is ahead of this clock: its times say nothing here.
  const isAhead = Date.parse(String(lastNegativeAt ?? createdAt)) > Date.now() + skew;
  return {
    state: String(status),
    vendorStatus: vendorStatus as string | undefined,
    polls: Number(polls ?? 0),
    nextPollAt: typeof nextPollAt === 'string' && !isAhead ? Date.parse(nextPollAt) : undefined,
    pausedBecause: pausedBecause as string | undefined,
  };
}
