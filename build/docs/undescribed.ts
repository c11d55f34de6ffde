import type { Member } from './declarations.ts';
import type { Entry } from './entries.ts';
import { docOf } from './reference-page.ts';

/** What is public and has no word of description, by its name. What is made from something else is described there. */
export function undescribed(entries: readonly Entry[]): string[] {
  const described = new Map(entries.flatMap(({ exported }) => exported.map((one) => [one.name, one])));
  // What is said of an object holds for what is in it.
  const silent = (within: string, members: readonly Member[]): string[] =>
    members.filter((member) => !docOf(member, described)).map((member) => `${within}.${member.name}`);
  return entries
    .flatMap(({ exported }) => exported)
    .filter(({ isGenerated }) => !isGenerated)
    .flatMap(({ name, doc, members }) => [...(doc.text ? [] : [name]), ...silent(name, members)]);
}
