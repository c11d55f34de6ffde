/**
 * What `JSON.parse` does not say of a text that it takes: whether it has kept all that is written there. Everything here goes through the
 * text from left to right, without recursion, so that no nesting is too deep for it.
 */

/** Why what was read of an answer is not exactly what it says. The answer, which is kept as it came, is. */
export type Inexact =
  /** Bytes that are no text in the answer's charset, or half of a surrogate pair. */
  | 'malformed-text'
  /** An object has two fields of one name. */
  | 'duplicate-names'
  /** Whole numbers beyond 2^53, and numbers with more digits, or larger or smaller, than a double holds. */
  | 'inexact-numbers'
  /** Fields of an entry, or of the charge, that cannot be kept beside it: nested too deep, say. */
  | 'fields-left-out';

/**
 * As many lists, objects and fields as fit into the memory of a handler once they are read: in 4 MiB there are this many only where they
 * hold next to nothing, or are nested for no other end than this.
 */
const mostParts = 400_000;

/** Whether a text, JSON or not, holds more parts than can be read. */
export function hasTooManyParts(text: string): boolean {
  // Every part takes a character or more.
  if (text.length <= mostParts) return false;
  let parts = 0;
  for (let at = 0; at < text.length && parts <= mostParts; ) {
    const code = text.charCodeAt(at);
    if (code === colon || opens(code)) parts += 1;
    at = code === quote ? stringEnd(text, at) : at + 1;
  }
  return parts > mostParts;
}

/** @param text one that `JSON.parse` takes  @param value what it makes of it */
export function inexactParts(text: string, value: unknown): Set<Inexact> {
  const { members, hasInexactNumbers, hasHalfPairs } = scan(text);
  const found = new Set<Inexact>();
  if (hasHalfPairs || !text.isWellFormed()) found.add('malformed-text');
  if (members !== countMembers(value)) found.add('duplicate-names');
  if (hasInexactNumbers) found.add('inexact-numbers');
  return found;
}

/**
 * Every value at a path, where names may be there more than once.
 *
 * @param text one that `JSON.parse` takes
 */
export function valuesAt(text: string, path: readonly string[]): unknown[] {
  let objects = [text];
  for (const name of path) objects = objects.flatMap((object) => membersOf(object, name));
  return objects.map((value) => JSON.parse(value));
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const minus = 0x2d;
const isDigit = (code: number) => code >= 0x30 && code <= 0x39;
const opens = (code: number) => code === 0x7b || code === 0x5b;
const closes = (code: number) => code === 0x7d || code === 0x5d;

function scan(text: string) {
  let members = 0;
  let hasInexactNumbers = false;
  let hasHalfPairs = false;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const end = stringEnd(text, at);
      const token = text.slice(at, end);
      hasHalfPairs ||= mayHoldHalfPairs(token) && !JSON.parse(token).isWellFormed();
      at = end;
    } else if (code === minus || isDigit(code)) {
      const end = numberEnd(text, at);
      hasInexactNumbers ||= !isExact(text.slice(at, end));
      at = end;
    } else {
      if (code === colon) members += 1;
      at += 1;
    }
  }
  return { members, hasInexactNumbers, hasHalfPairs };
}

/** Where the string that begins at `at` is over, the end of the text at the latest. */
function stringEnd(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && text.charCodeAt(end) !== quote) end += text.charCodeAt(end) === backslash ? 2 : 1;
  return end + 1;
}

/** Escapes are the only way into a well-formed text. */
const mayHoldHalfPairs = (token: string) => token.includes('\\u');

function numberEnd(text: string, at: number): number {
  let end = at + 1;
  while (/[\d.eE+-]/.test(text.charAt(end))) end += 1;
  return end;
}

/** Whether a double says what the digits say. Up to 15 of them it always does. */
function isExact(token: string): boolean {
  if (/^-?\d{1,15}$/.test(token)) return true;
  const number = Number(token);
  if (/^-?\d+$/.test(token)) return Number.isSafeInteger(number);
  return Number.isFinite(number) && sameNumber(decimalOf(token), decimalOf(String(number)));
}

interface Decimal {
  /** Without zeros at either end. */
  digits: string;
  exponent: number;
}

const sameNumber = (one: Decimal, other: Decimal) =>
  one.digits === other.digits && (one.digits === '' || one.exponent === other.exponent);

/** 0.digits times ten to the exponent; the sign is the same on both sides. */
function decimalOf(token: string): Decimal {
  const [mantissa = '', exponent = '0'] = token.replace(/^-/, '').toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  let first = 0;
  while (all[first] === '0') first += 1;
  let end = all.length;
  while (end > first && all[end - 1] === '0') end -= 1;
  return { digits: all.slice(first, end), exponent: Number(exponent) + whole.length - first };
}

/** The fields of all objects in a value. Fewer than are written in its text means that some were written twice. */
function countMembers(value: unknown): number {
  let members = 0;
  const toVisit: object[] = [[value]];
  for (let next = toVisit.pop(); next !== undefined; next = toVisit.pop()) {
    const items: unknown[] = Array.isArray(next) ? next : Object.values(next);
    if (!Array.isArray(next)) members += items.length;
    for (const item of items) if (typeof item === 'object' && item !== null) toVisit.push(item);
  }
  return members;
}

/** The values, as text, of the fields of that name in an object; of what is none there are none. */
function membersOf(text: string, wanted: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let isWanted = false;
  let from = 0;
  let name = '';
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    const end = code === quote ? stringEnd(text, at) : at + 1;
    const isOver = depth === 1 && (code === 0x2c || closes(code));
    if (isOver && isWanted) found.push(text.slice(from, at));
    if (isOver) isWanted = false;
    if (opens(code)) depth += 1;
    else if (closes(code)) depth -= 1;
    else if (depth === 1 && code === quote && !isWanted) name = text.slice(at, end);
    else if (depth === 1 && code === colon && !isWanted) {
      isWanted = JSON.parse(name) === wanted;
      from = end;
    }
    at = end;
  }
  return found;
}
