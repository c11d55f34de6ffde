/** Cursors of lists: opaque to callers, and no secret. Whoever makes up one of his own gets an answer that is as wrong as it. */
import * as z from 'zod/mini';
import { statuses } from '../../contract.ts';
import { positionAt } from '../../reveal/lists/list-cursor.ts';
import { isRevealId } from '../../reveal/task-id.ts';
import type { Counted } from '../../usecases/lists/count-list.ts';

const count = z.number().check(z.gte(0));
const progress = z.strictObject({
  members: count,
  done: count,
  /** A member of a list, or where the list of reveals is gone on with. */
  after: z.string(),
  counts: z.strictObject({
    statuses: z.partialRecord(z.enum([...statuses, 'gone']), count),
    waitingToStart: count,
    nothingFound: count,
    erased: count,
    startUnknown: count,
    creditsCharged: z.number(),
    creditsRefunded: z.number(),
    lastBegunMs: count,
  }),
});

/** How far a list has been gone through, with what has been counted on the way. Undefined at its end. */
export function progressCursor({ members, done, after, counts }: Counted): string | undefined {
  return after === undefined ? undefined : cursorOf(JSON.stringify({ members, done, after, counts }));
}

/** In a list. */
export function progressIn(cursor: string): Counted | undefined {
  return parsed(cursor, isRevealId);
}

/** In the list of all reveals. */
export function filterProgressIn(cursor: string): Counted | undefined {
  return parsed(cursor, (after) => positionAt(after) !== undefined);
}

export const isProgressCursor = (cursor: string) => progressIn(cursor) !== undefined;
export const isFilterCursor = (cursor: string) => filterProgressIn(cursor) !== undefined;

function parsed(cursor: string, isPlace: (after: string) => boolean): Counted | undefined {
  try {
    const found = progress.safeParse(JSON.parse(textIn(cursor) ?? '')).data;
    return found && isPlace(found.after) ? found : undefined;
  } catch {
    return undefined;
  }
}

export const cursorOf = (text: string) => Buffer.from(text).toString('base64url');

/** The text in a cursor; undefined if it is none of ours. */
export function textIn(cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  return cursorOf(text) === cursor ? text : undefined;
}
