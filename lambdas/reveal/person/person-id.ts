import { createHmac } from 'node:crypto';

/** Of the rules by which a profile becomes an identity: see `profile.ts`. Changed rules make everybody a new person, who is paid for again. */
export const identityVersion = 1;

/** How long the secret is from which ids are made, in bytes: as long as the hash. */
export const saltBytes = 32;

/**
 * The id of a person's reveal: the same person always has the same, and nobody without the relay's salt can go from it to the person, or
 * try out who it is. Its length and its beginning keep it apart from the ids of the vendor's tasks.
 *
 * @param canonical the identity, as `profileOf` answers it
 */
export function personIdOf(canonical: string, salt: Uint8Array, version = identityVersion): string {
  const hash = createHmac('sha256', salt).update(`${version}\n${canonical}`).digest('hex');
  return `${personIdStart}${version}-${hash.slice(0, 40)}`;
}

const personIdStart = 'person-';

/** Whether an id is one that a relay makes for a person. */
export function isPersonId(revealId: string): boolean {
  return /^person-\d+-[0-9a-f]{40}$/.test(revealId);
}
