import type { RevealRecord } from '../record.ts';
import { taskId } from '../task-id.ts';

/** Where a reveal stands in the list: by the time of its claim, and where two have the same, by id. */
export function listPosition({ createdAt, revealId }: Pick<RevealRecord, 'createdAt' | 'revealId'>): string {
  return `${createdAt}#${revealId}`;
}

const positionPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)#([^#]+)$/;

/**
 * A cursor is the position of the last reveal that was looked at, so that what is claimed meanwhile, which is newer, shifts no
 * page. Opaque to callers, and not a secret: whoever may list sees positions anyway.
 */
export function cursorAt(position: string): string {
  return Buffer.from(position).toString('base64url');
}

/** The position in a cursor, and whose it is; undefined if it is not one of ours. */
export function positionAt(cursor: string): { position: string; revealId: string } | undefined {
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  const revealId = positionPattern.exec(position)?.[2];
  if (cursorAt(position) !== cursor || !taskId.safeParse(revealId).success) return undefined;
  return { position, revealId: revealId as string };
}
