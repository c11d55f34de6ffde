import { type Finding, findReveal } from './find-reveal.ts';
import type { RevealOptions, RevealStarter, Started } from './start.ts';

export interface Resuming extends Finding {
  starter: Pick<RevealStarter, 'start'>;
}

/**
 * Starts another generation of a reveal that ended without a result, with the options it had unless others are given. A reveal
 * that runs or has its result stays as it is.
 *
 * @param claimedBy names this very request, and its repetitions
 * @throws RelayFault; ask again then
 */
export async function resume(
  id: string,
  options: RevealOptions,
  claimedBy: string,
  resuming: Resuming,
): Promise<Started | 'no-such-reveal'> {
  const record = await findReveal(id, resuming);
  if (!record) return 'no-such-reveal';
  const { taskId, priority, reference } = record;
  return resuming.starter.start({ taskId, ...options }, claimedBy, { priority, reference });
}
