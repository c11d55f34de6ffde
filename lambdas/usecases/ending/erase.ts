import type { RelayItem } from '../../aws/relay-item.ts';
import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import { erasedWith } from '../../reveal/life/erasure.ts';
import { changed, type RevealRecord } from '../../reveal/record.ts';
import { findReveal } from '../showing/find-reveal.ts';
import { personOf } from '../starting/person.ts';
import { type Cancelling, endRunning } from './cancel.ts';
import { keptChanging, mostTries } from './contention.ts';

export interface Erasing extends Cancelling {
  reveals: Pick<RevealsTable, 'get' | 'erase'>;
}

/**
 * The contact data goes, a tombstone stays. A reveal that is running is cancelled first, so that nobody brings back what is to be gone.
 *
 * @returns the tombstone
 * @throws RelayFault; ask again then
 */
export async function erase(id: string, erasing: Erasing): Promise<RevealRecord | 'no-such-reveal'> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const record = await findReveal(id, erasing);
    const held = record && (await endRunning(record, erasing));
    if (!held) return 'no-such-reveal';
    const tombstone = erasedWith(held, erasing.now());
    if (await erasing.reveals.erase(held, tombstone)) return changed(held, tombstone);
  }
  throw keptChanging();
}

/**
 * The same for a person, under the identity that the profile names: another of the same person, such as a former name, that nobody has
 * linked to it is not reached. A start that has not left does not leave any more; what comes of one that has is dropped, but its task and its cost.
 *
 * @param linkedinUrl has been looked at by the door
 * @throws RelayFault; ask again then
 * @throws SaltMissing; nothing is erased
 */
export async function erasePerson(
  linkedinUrl: string,
  erasing: Erasing & { relay: Pick<RelayItem, 'salt'> },
): Promise<RevealRecord | 'no-such-reveal'> {
  const { revealId } = await personOf(linkedinUrl, erasing.relay);
  return erase(revealId, erasing);
}
