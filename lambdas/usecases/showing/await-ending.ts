import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import { nextReadAt } from '../../reveal/next-read.ts';
import type { RevealRecord } from '../../reveal/record.ts';
import { type Showing, type ShownReveal, showReveal } from './show.ts';

export interface Awaiting extends Showing {
  reveals: Showing['reveals'] & Pick<RevealsTable, 'glance'>;
  /** For so many milliseconds. */
  sleep: (ms: number) => Promise<unknown>;
}

/**
 * A reveal as soon as it has ended. One that cannot have ended by then is shown as it is, without waiting for nothing.
 *
 * @param untilMs Unix milliseconds: when the wait ends
 * @throws RelayFault; ask again then
 */
export async function awaitEnding(
  id: string,
  untilMs: number,
  awaiting: Awaiting,
): Promise<ShownReveal | 'no-such-reveal'> {
  for (;;) {
    const shown = await showReveal(id, awaiting);
    if (typeof shown === 'string' || shown.record.status !== 'running') return shown;
    if (!(await hasNews(shown.record, untilMs, awaiting))) return shown;
  }
}

/** Sleeps from read to read until the reveal has ended, or the wait is over. @returns whether the record has been read since, and so is to be shown anew */
async function hasNews(record: RevealRecord, untilMs: number, { reveals, now, sleep }: Awaiting): Promise<boolean> {
  let known = record;
  for (;;) {
    const readAt = nextReadAt(known, now(), untilMs);
    if (readAt === undefined) return known !== record;
    await sleep(readAt - now());
    const found = await reveals.glance(record.revealId);
    if (found?.status !== 'running') return true;
    known = found;
  }
}
