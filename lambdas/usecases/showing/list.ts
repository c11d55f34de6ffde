import type { RevealsList } from '../../aws/reveals/reveals-list.ts';
import type { RevealStatus } from '../../contract.ts';

export interface Listing {
  list: Pick<RevealsList, 'page'>;
  /** Unix milliseconds. */
  now: () => number;
}

export interface ListRequest {
  status?: RevealStatus | undefined;
  /** ISO 8601, in any time zone: claimed then or later. */
  since?: string | undefined;
  /** From an earlier page. */
  cursor?: string | undefined;
  /** @default 25 */
  limit?: number | undefined;
}

const usualPage = 25;

/** A page of reveals, newest first, without contact data and without those that have expired. */
export async function listReveals(
  { status, since, cursor, limit = usualPage }: ListRequest,
  { list, now }: Listing,
): ReturnType<RevealsList['page']> {
  return list.page({
    status,
    // The index sorts by text.
    since: since && new Date(since).toISOString(),
    cursor,
    limit,
    nowSeconds: now() / 1_000,
  });
}
