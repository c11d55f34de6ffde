import type { List, ManyDone } from './api-types.ts';
import type { CallOptions } from './client.ts';

/** What a call takes that goes through many reveals, a bounded number in each request. */
export interface ManyOptions extends CallOptions {
  /** Where an earlier call had come to: the `cursor` that `onProgress` was last told. @default - from the beginning */
  readonly cursor?: string | undefined;
  /** Told how far it is, after each request but the last one. @default - nobody is told */
  readonly onProgress?: ((soFar: ManyDone) => void) | undefined;
}

/** Counts all members of a list, however many requests that takes. */
export async function counted(count: (cursor: string | undefined) => Promise<List>): Promise<List> {
  let list = await count(undefined);
  while (list.cursor !== undefined) list = await count(list.cursor);
  return list;
}

/**
 * Does something to many, until nobody is left. What an answer says of them counts on from the one before, but for those it has left as they are: here
 * these are all of them.
 */
export async function doneToAll(
  act: (more: { readonly cursor?: string }) => Promise<ManyDone>,
  { cursor: from, onProgress }: ManyOptions,
): Promise<ManyDone> {
  const refused: ManyDone['refused'] = [];
  for (let cursor = from; ; ) {
    const answer = await act(cursor === undefined ? {} : { cursor });
    refused.push(...answer.refused);
    if (answer.cursor === undefined) return { ...answer, refused };
    onProgress?.({ ...answer, refused: [...refused] });
    cursor = answer.cursor;
  }
}
