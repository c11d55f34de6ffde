/**
 * Reveals under a name that a caller gives them: a list. A reveal may be in many lists. That it is in one is an item of its own, and says nothing of the
 * person and nothing of how the reveal goes: whoever looks at a list reads the records.
 */
import * as z from 'zod/mini';
import { listNameForm } from '../../contract.ts';
import { expiryOf } from '../record.ts';

export const listName = z
  .string('must be a string')
  .check(z.regex(listNameForm.pattern, `must be ${listNameForm.says}, and start with a letter or a digit`));

export const isListName = (text: string) => listName.safeParse(text).success;

const mostPosition = 999_999_999;

/** Where in its list a reveal stands, as its caller counts. */
export const position = z
  .int('must be a whole number')
  .check(z.gte(0, 'must be a whole number from 0 on'), z.lte(mostPosition, 'is too large'));

/** Behind everything that is there, and behind all that has a position of its caller's. */
export function positionBehind(nowMs: number, offset = 0): number {
  return nowMs * 1_000 + offset;
}

/** As the index sorts it, by text; two at one position by their ids. */
export function memberPosition(at: number, revealId: string): string {
  return `${String(at).padStart(16, '0')}#${revealId}`;
}

const memberPositionPattern = /^\d{16}#(.+)$/;

/** The reveal that stands there; undefined if this is no position in a list. */
export function memberAt(listedAt: string): string | undefined {
  return memberPositionPattern.exec(listedAt)?.[1];
}

/**
 * Until when a membership is kept, in Unix seconds: somewhat longer than the record of a reveal that is asked for now. In whole days, so that asking again
 * on the same day changes nothing.
 */
export function membershipExpiry(nowMs: number, retentionDays: number): number {
  return Math.ceil(expiryOf(nowMs, retentionDays + daysLonger) / 86_400) * 86_400;
}

/** A reveal may run for half a day, and have its second looks for a day and a half. */
const daysLonger = 3;
