import { readDeadLetter } from './dead-letter.ts';
import type { DeadLetterQueue, ReceivedMessage } from './dead-letter-queue.ts';

/** What is to be done beyond sending requests again. */
export interface RedriveChoices {
  readonly dropRejected: boolean;
  readonly dropHealed: boolean;
  readonly dryRun: boolean;
  /** Letters. */
  readonly limit: number;
}

export interface Redriving {
  readonly deadLetters: Pick<
    DeadLetterQueue,
    'receive' | 'remove' | 'release' | 'request' | 'sendBack' | 'isOfReceiver'
  >;
  readonly choices: RedriveChoices;
  /** Told of each letter, in one line without its contents. */
  readonly onLetter: (line: string) => void;
  readonly interrupted: AbortSignal;
}

const fates = ['sent', 'dropped', 'left', 'failed'] as const;
type Fate = (typeof fates)[number];

/** How many letters met which fate. What is left or has failed is in the queue as it was. */
export type Redriven = Record<Fate, number> & {
  /** There may be more letters. */
  readonly limitReached: boolean;
  /** Could not be given back: nobody sees them for a quarter of an hour. */
  readonly hidden: number;
};

/** Goes once through the dead letters: each is looked at once, and sent again, dropped or left. */
export async function redriveLetters(redriving: Redriving): Promise<Redriven> {
  const { deadLetters, choices, onLetter, interrupted } = redriving;
  const totals = { sent: 0, dropped: 0, left: 0, failed: 0 };
  const seen = new Set<string>();
  const kept: ReceivedMessage[] = [];
  let hidden = 0;
  try {
    while (seen.size < choices.limit && !interrupted.aborted) {
      const received = await deadLetters.receive(choices.limit - seen.size);
      // SQS may hand a letter out twice. Where there are no others, everything has been looked at.
      const letters = received.filter(({ id }) => !seen.has(id));
      if (letters.length === 0) break;
      for (const { id } of letters) seen.add(id);
      await Promise.all(
        letters.map(async (letter) => {
          const { fate, line } = await dealWith(letter, redriving);
          if (choices.dryRun || fate === 'left' || fate === 'failed') kept.push(letter);
          totals[fate] += 1;
          onLetter(line);
        }),
      );
    }
  } finally {
    hidden = await giveBack(kept, deadLetters);
  }
  return { ...totals, limitReached: seen.size >= choices.limit, hidden };
}

async function dealWith(
  message: ReceivedMessage,
  { deadLetters, choices }: Redriving,
): Promise<{ fate: Fate; line: string }> {
  const { dropRejected, dropHealed, dryRun } = choices;
  const letter = readDeadLetter(message);
  const about = `${letter.what} (${letter.why})`;
  if (letter.kind === 'request') {
    if (dryRun) return { fate: 'sent', line: `${about}: would be sent again` };
    let id: string;
    try {
      id = await deadLetters.request(letter.request);
    } catch (error) {
      return { fate: 'failed', line: `${about}: could not be sent again, ${faultIn(error)}` };
    }
    const sentAgain = { fate: 'sent', line: `${about}: sent again as ${id}` } as const;
    return remove(message, sentAgain, deadLetters);
  }
  if (letter.kind === 'webhook' && deadLetters.isOfReceiver) {
    if (dryRun) return { fate: 'sent', line: `${about}: would be sent again` };
    try {
      await deadLetters.sendBack(message);
    } catch (error) {
      return { fate: 'failed', line: `${about}: could not be sent again, ${faultIn(error)}` };
    }
    return remove(message, { fate: 'sent', line: `${about}: sent again` }, deadLetters);
  }
  const isToGo = (letter.kind === 'rejected' && dropRejected) || (letter.kind === 'healed' && dropHealed);
  if (!isToGo) return { fate: 'left', line: `${about}: left${letter.kind === 'healed' ? ' to the sweeper' : ''}` };
  if (dryRun) return { fate: 'dropped', line: `${about}: would be dropped` };
  return remove(message, { fate: 'dropped', line: `${about}: dropped` }, deadLetters);
}

async function remove(
  message: ReceivedMessage,
  done: { fate: Fate; line: string },
  deadLetters: Redriving['deadLetters'],
): Promise<{ fate: Fate; line: string }> {
  try {
    await deadLetters.remove(message);
    return done;
  } catch (error) {
    return { fate: 'failed', line: `${done.line}, but could not be deleted, ${faultIn(error)}` };
  }
}

/** @returns how many could not be given back */
async function giveBack(kept: readonly ReceivedMessage[], deadLetters: Redriving['deadLetters']): Promise<number> {
  let hidden = 0;
  for (let at = 0; at < kept.length; at += 10) {
    const released = await Promise.allSettled(kept.slice(at, at + 10).map((letter) => deadLetters.release(letter)));
    hidden += released.filter(({ status }) => status === 'rejected').length;
  }
  return hidden;
}

/** The name of an error: its message may repeat the event that it is about. */
function faultIn(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  return /^[A-Za-z][\w.]{0,63}$/.test(name) ? name : 'UnknownError';
}
