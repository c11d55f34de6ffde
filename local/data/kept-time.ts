import { readFileSync } from 'node:fs';
import type { RelayClock } from '../time/relay-time.ts';
import { replaceFile } from './journal.ts';

/** Real time may go back by as much when a machine sets its clock. */
const tolerance = 60_000;

/**
 * Keeps relay time from going back when a relay is started again in the same folder: at a speed above 1 it is ahead of the
 * machine's, and so is every time in the records and in the poll budget.
 *
 * @returns to be called whenever the clock has jumped
 * @throws TimeAheadError in real time, which cannot be put forward
 */
export function keepTime(clock: RelayClock, folder: string): () => void {
  const path = `${folder}/relay-time`;
  const ahead = readTime(path) - clock.now();
  if (ahead > 0 && !clock.isReal) clock.jump(ahead);
  else if (ahead > tolerance) throw new TimeAheadError(folder, ahead);
  return () => replaceFile(path, new Date(clock.now()).toISOString());
}

/** Milliseconds since 1970; 0 where no time was kept. */
function readTime(path: string): number {
  try {
    return Date.parse(readFileSync(path, 'utf8')) || 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** The records in a folder are from a time that is still to come. */
export class TimeAheadError extends Error {
  override readonly name = 'TimeAheadError';

  constructor(folder: string, milliseconds: number) {
    const minutes = Math.ceil(milliseconds / 60_000);
    super(
      `The records in ${folder} are ${minutes} minutes ahead: they were made with --speed. Give --speed again, or another folder with --data.`,
    );
  }
}
