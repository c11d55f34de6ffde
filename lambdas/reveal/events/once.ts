/** Where a consumer of our events remembers which it has seen: a table with a conditional put, or a Set in a test. */
export interface SeenEvents {
  /**
   * Notes an event id, in one atomic step.
   * @returns whether it was new
   */
  add(eventId: string): Promise<boolean> | boolean;
  /** Forgets an event id that could not be handled after all. */
  remove(eventId: string): Promise<unknown> | unknown;
}

/**
 * Handles an event unless a copy of it has been handled: events arrive at least once, and all copies have the same `eventId`. A
 * handler that throws is called again for the next copy. Whoever may die in the middle should let `seen` forget an id by itself
 * after a while, or mark it as done only then.
 *
 * @returns whether the handler was called
 */
export async function once<Event extends { detail: { eventId: string } }>(
  event: Event,
  seen: SeenEvents,
  handle: (event: Event) => Promise<unknown> | unknown,
): Promise<boolean> {
  const { eventId } = event.detail;
  if (!(await seen.add(eventId))) return false;
  try {
    await handle(event);
    return true;
  } catch (error) {
    await seen.remove(eventId);
    throw error;
  }
}
