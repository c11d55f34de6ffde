import { text } from 'node:stream/consumers';
import { isRevealId } from '../reveal-id.ts';
import { UsageError } from '../usage-error.ts';
import type { ApiAnswer } from './api-client.ts';

/** How many requests are under way at a time. */
const mostAtATime = 8;

/** The ids that were given, or `-` for those on stdin. */
export type GivenIds = readonly string[] | '-';

/**
 * The ids on stdin, one a line.
 *
 * @throws UsageError before anything is done, if one of them is no id, or there are none
 */
export async function idsFrom(stdin: AsyncIterable<Uint8Array | string>): Promise<string[]> {
  const lines = (await text(stdin)).split('\n').map((line) => line.trim());
  const wrong = lines.findIndex((line) => line !== '' && !isRevealId(line));
  if (wrong >= 0) throw new UsageError(`Line ${wrong + 1} of stdin is no id: nothing was done.`);
  const ids = [...new Set(lines.filter((line) => line !== ''))];
  if (ids.length === 0) throw new UsageError('There is no id on stdin: give one a line.');
  return ids;
}

/** What came of each, in order and as soon as it is known. The first that nobody answers ends it. */
export async function* eachOf(
  ids: readonly string[],
  ask: (id: string) => Promise<ApiAnswer>,
): AsyncGenerator<{ id: string; answer: ApiAnswer }> {
  for (let from = 0; from < ids.length; from += mostAtATime) {
    const asked = ids.slice(from, from + mostAtATime).map(async (id) => ({ id, answer: await ask(id) }));
    const answers = await Promise.allSettled(asked);
    for (const settled of answers) {
      if (settled.status === 'rejected') throw settled.reason;
      yield settled.value;
    }
  }
}
