import type { Email, PhoneNumber } from '../vendor-schema.ts';
import { keepable } from './keepable.ts';

/** What could be read of a list of contact data. */
export interface ReadList<Entry> {
  entries: Entry[];
  /** Entries that could not be read. The others do not suffer for them. */
  unreadable: number;
  /** Some entries have lost fields that cannot be kept. */
  hasLeftOut: boolean;
}

export const readEmails = (list: unknown) => readList<Email>(list, (entry) => ({ email: textOf(entry.email) }));
export const readPhoneNumbers = (list: unknown) =>
  readList<PhoneNumber>(list, (entry) => ({ number: textOf(entry.number) ?? digitsOf(entry.number) }));

type Fields = Record<string, unknown>;

/** No list is one without entries; anything else that is no list may be the only entry, without the list around it. */
function readList<Entry>(list: unknown, mustHave: (entry: Fields) => Fields): ReadList<Entry> {
  const read: ReadList<Entry> = { entries: [], unreadable: 0, hasLeftOut: false };
  if (list === undefined || list === null) return read;
  for (const entry of Array.isArray(list) ? list : [list]) {
    const typed = isFields(entry) ? withTexts(entry, mustHave(entry)) : undefined;
    if (typed === undefined) {
      read.unreadable += 1;
      continue;
    }
    const kept = keepable(typed);
    read.hasLeftOut ||= Object.keys(kept).length < Object.keys(entry).length;
    read.entries.push(kept as Entry);
  }
  return read;
}

/**
 * The vendor's own object, unless a text in it came as something else: then a copy that has the text, or lacks the field. Undefined if
 * what it must have is missing.
 */
function withTexts(entry: Fields, mustHave: Fields): Fields | undefined {
  if (Object.values(mustHave).includes(undefined)) return undefined;
  const texts: Fields = { ...mustHave };
  for (const field of ['type', 'status']) if (entry[field] !== undefined) texts[field] = wordOf(entry[field]);
  if (Object.entries(texts).every(([field, text]) => entry[field] === text)) return entry;
  return Object.fromEntries(Object.entries({ ...entry, ...texts }).filter(([, value]) => value !== undefined));
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text that says something, and is as it came. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' && value.isWellFormed() ? value : undefined;
}

/** The digits of a phone number that came as a JSON number. Of one that was rounded, or is none that counts, nobody knows them. */
function digitsOf(value: unknown): string | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? String(value) : undefined;
}

/** A known word, whose absence the vendor may spell as null. */
function wordOf(value: unknown): string | null | undefined {
  if (value === null || typeof value === 'string') return value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}
