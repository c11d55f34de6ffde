import type { Checked } from '../checked.ts';
import { type Refusal, refusals } from './profile-refusals.ts';
import { decoded, namedIn, trimmed } from './profile-spelling.ts';

/** One identity, whatever it was spelled like. Contact data. */
export interface Profile {
  /** `in:<name>`, `id:<member id>` or `member:<number>`: the same for every spelling of one identity. */
  canonical: string;
  /** What is sent to the vendor. It is a spelling of the same identity. */
  linkedinUrl: string;
}

/** Which person a text names. The problem says what to give instead and repeats nothing of the text. */
export function profileOf(text: string): Checked<Profile> {
  const named = namedIn(text);
  const profile = typeof named === 'string' ? named : readers[named.by](named.text);
  return typeof profile === 'string' ? { ok: false, problem: refusals[profile] } : { ok: true, value: profile };
}

const readers = { name: profileByName, id: profileById, number: profileByNumber } as const;

/** Always an address: a bare name of digits would be read as a member's number. */
function profileByName(text: string): Profile | Refusal {
  const plain = decoded(text);
  if (plain === undefined) return 'encoding';
  const spelled = trimmed(plain).normalize('NFC');
  if (isMemberId.test(spelled) || isPartOfMemberId.test(spelled)) return profileById(spelled);
  // Neither a locale nor case folding: ß is not ss, and the dotted İ keeps its dot.
  const name = spelled.toLowerCase().normalize('NFC');
  if (isLowerCaseMemberId.test(name)) return 'damaged-id';
  if (standsForNobody.has(name)) return 'nobody';
  if (!isName(name)) return 'name';
  const { length } = [...name];
  if (length < 3 || length > 100) return 'name-length';
  return { canonical: `in:${name}`, linkedinUrl: `https://www.linkedin.com/in/${encodeURIComponent(name)}` };
}

/** A member id is known by itself, whatever stands around it, and its case is part of it. Each LinkedIn product has a prefix. */
const isMemberId = /^A(?:Co|Cw|EM)AA[A-Za-z0-9_-]{34}$/;
const isPartOfMemberId = /^A(?:Co|Cw|EM)AA/;
const isLowerCaseMemberId = /^a(?:co|cw|em)aa[a-z0-9_-]{34}$/;

function profileById(id: string): Profile | Refusal {
  if (isMemberId.test(id)) return { canonical: `id:${id}`, linkedinUrl: `https://www.linkedin.com/in/${id}` };
  return isPartOfMemberId.test(id) || isLowerCaseMemberId.test(id.toLowerCase()) ? 'damaged-id' : 'no-id';
}

function profileByNumber(digits: string): Profile | Refusal {
  return /^[1-9]\d{0,11}$/.test(digits) ? { canonical: `member:${digits}`, linkedinUrl: digits } : 'number';
}

/** Whoever is signed in, and what exports and empty variables leave behind. */
const standsForNobody = new Set(['me', 'unknown', 'undefined', 'null', 'none', 'nil', 'nan']);

/**
 * Letters and digits of any script, emoji, and the two signs that a name may hold. No more is published; what is refused costs nothing.
 */
function isName(name: string): boolean {
  const withoutEmoji = name.replace(emoji, '');
  return isMadeOfLetters.test(withoutEmoji) && /[\p{L}\p{N}]/u.test(withoutEmoji);
}

const emoji =
  /(?!\p{ASCII})\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?(?:\u200d\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?)*/gu;
/** Some letters and marks are there to be ignored, and seen by nobody. */
const isMadeOfLetters = /^(?:(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}\p{Regional_Indicator}_-])+$/u;
