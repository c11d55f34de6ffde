import type { RelayItem } from '../../aws/relay-item.ts';
import { personIdOf } from '../../reveal/person/person-id.ts';
import { profileOf } from '../../reveal/person/profile.ts';

/** A person whom this relay can name. */
export interface Person {
  /** Of the person's reveal. */
  revealId: string;
  /** As it is sent to the vendor. Contact data. */
  linkedinUrl: string;
}

/**
 * The person whom a profile names, whatever it is spelled like.
 *
 * @param linkedinUrl has been looked at by the door
 * @throws SaltMissing
 */
export async function personOf(linkedinUrl: string, relay: Pick<RelayItem, 'salt'>): Promise<Person> {
  const profile = profileOf(linkedinUrl);
  if (!profile.ok) throw new Error('A request for nobody: doors check that before.');
  const { canonical, linkedinUrl: spelled } = profile.value;
  return { revealId: personIdOf(canonical, await relay.salt()), linkedinUrl: spelled };
}
