import type { Refusal } from './profile-refusals.ts';

/** What a spelling names a person by, still as it is spelled. */
export type Named =
  /** The part after `/in/`, which may be a member id as well. */
  | { by: 'name'; text: string }
  /** What stands where a member id belongs. */
  | { by: 'id'; text: string }
  | { by: 'number'; text: string };

const mostCharacters = 2_000;

/**
 * Finds what names the person in an address, a URN, a member id, a number or a bare name. It does not go through `URL`, which mends what
 * has to be refused here: it drops line breaks, turns \ into /, maps hosts of other scripts, and goes up where it meets `..`.
 */
export function namedIn(text: string): Named | Refusal {
  if (text.length > mostCharacters) return 'too-long';
  const spelling = withoutWrapping(text);
  if (spelling === '') return 'empty';
  if (isCutOff(spelling)) return 'cut-off';
  if (hidden.test(spelling)) return 'two-parts';
  if (spelling.includes('\\')) return 'not-a-web-address';
  if (/^urn(?::|%3a)/i.test(spelling)) return namedInUrn(spelling);

  const { scheme, rest } = /^(?:(?<scheme>[a-z][a-z0-9+.-]*):)?\/\/(?<rest>.*)$/i.exec(spelling)?.groups ?? {};
  if (rest !== undefined) return namedInAddress(rest, scheme?.toLowerCase());
  if (/^(?:[a-z0-9-]+\.)*linkedin\.com\.?(?:[:/?#]|$)/i.test(spelling)) return namedInAddress(spelling);
  if (/^[a-z][a-z0-9+.-]*:/i.test(spelling)) return 'not-a-web-address';
  if (spelling.includes('@')) return 'mail-or-handle';
  const word = spelling.replace(/\/+$/, '');
  if (word.includes('/')) return namedInPath(spelling);
  return { by: /^\d+$/.test(word) ? 'number' : 'name', text: word };
}

/** White space and characters that nobody sees. A joiner is judged with the emoji that it joins. */
const hidden = /(?!\u200d)[\s\p{Z}\p{Cc}\p{Cf}\p{Cs}]/u;

/** What surrounds an address in a text, a table or a mail: white space, quotes, brackets, and the end of a sentence. */
function withoutWrapping(text: string): string {
  let inner = trimmed(text);
  for (let before = ''; before !== inner; ) {
    before = inner;
    const wrapped = /^(?:<(.*)>|"(.*)"|'(.*)'|“(.*)”|‘(.*)’|\((.*)\))$/su.exec(inner);
    if (wrapped) inner = wrapped.slice(1).find((part) => part !== undefined) ?? '';
    else if (!isCutOff(inner)) inner = inner.replace(/[.,;)!]$/, '');
    inner = trimmed(inner);
  }
  return inner;
}

/** Without white space and characters that nobody sees at either end. */
export function trimmed(text: string): string {
  const isOuter = (character: string | undefined) => character !== undefined && /[\s\p{Z}\p{Cf}]/u.test(character);
  const characters = [...text];
  let from = 0;
  let to = characters.length;
  while (from < to && isOuter(characters[from])) from += 1;
  while (to > from && isOuter(characters[to - 1])) to -= 1;
  return characters.slice(from, to).join('');
}

const isCutOff = (text: string) => /(?:…|\.\.)$/.test(text);

/** Percent-decoding, once. Undefined for what is broken, or was encoded twice. */
export function decoded(text: string): string | undefined {
  try {
    const once = decodeURIComponent(text);
    return once.includes('%') ? undefined : once;
  } catch {
    return undefined;
  }
}

/** @see https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/urns */
function namedInUrn(spelling: string): Named | Refusal {
  const urn = decoded(spelling);
  if (urn === undefined) return 'encoding';
  const [, namespace = '', value = ''] = /^urn:li:([a-z_]+):(.*)$/is.exec(urn) ?? [];
  switch (namespace.toLowerCase()) {
    case 'member':
      return { by: 'number', text: value };
    case 'fsd_profile':
    case 'fs_profile':
    case 'fs_miniprofile':
      return { by: 'id', text: value };
    case 'fs_salesprofile':
      // The parts after the id belong to the search that has found the person.
      return { by: 'id', text: /^\(?([^,()]*)/.exec(value)?.[1] ?? '' };
    case 'person':
      return 'private-id';
    default:
      return 'not-a-person';
  }
}

const portOf: Readonly<Record<string, RegExp>> = { http: /^80$/, https: /^443$/, '': /^(?:80|443)$/ };

function namedInAddress(afterScheme: string, scheme = ''): Named | Refusal {
  const port = Object.hasOwn(portOf, scheme) ? portOf[scheme] : undefined;
  if (!port) return 'not-a-web-address';
  const authority = /^[^/?#]*/.exec(afterScheme)?.[0] ?? '';
  const host = /^(?:[a-z0-9-]+\.)*linkedin\.com\.?(?::(?<port>.*))?$/i.exec(authority);
  if (!host || (host.groups?.port !== undefined && !port.test(host.groups.port))) return 'not-at-linkedin';
  return namedInPath(afterScheme.slice(authority.length));
}

/** What a path begins with, and how what it leads to is called. */
const elsewhere: Readonly<Record<string, Refusal>> = {
  pub: 'old-address',
  profile: 'old-address',
  company: 'not-a-person',
  school: 'not-a-person',
  showcase: 'not-a-person',
  groups: 'not-a-person',
  posts: 'not-a-person',
  pulse: 'not-a-person',
  feed: 'not-a-person',
  jobs: 'not-a-person',
  search: 'not-a-person',
  safety: 'not-at-linkedin',
};

function namedInPath(path: string): Named | Refusal {
  const parts = (path.split(/[?#]/, 1)[0] ?? '').split('/').filter((part) => !/^(?:\.|%2e)?$/i.test(part));
  if (parts.some((part) => /^(?:\.|%2e){2}$/i.test(part))) return 'going-up';
  const isOfAnotherApp = /^(?:mwlite|m|comm)\/in$/i.test(parts.slice(0, 2).join('/'));
  const [room = '', ...rest] = (isOfAnotherApp ? parts.slice(1) : parts).map((part, at) =>
    at === 0 ? part.toLowerCase() : part,
  );
  const [name, ...below] = rest;
  if (room === 'in') {
    if (name === undefined) return 'no-profile';
    // Two persons in one address.
    return below.some((part) => /^(?:in|sales|talent)$|:/i.test(part)) ? 'two-parts' : { by: 'name', text: name };
  }
  if (/^(?:sales\/(?:lead|people|profile)|talent\/profile)$/i.test(`${room}/${name}`)) {
    const id = decoded(below[0] ?? '');
    return id === undefined ? 'encoding' : { by: 'id', text: id.split(',', 1)[0] ?? '' };
  }
  if (room === 'sales' && name?.toLowerCase() === 'company') return 'not-a-person';
  return Object.hasOwn(elsewhere, room) ? (elsewhere[room] ?? 'no-profile') : 'no-profile';
}
