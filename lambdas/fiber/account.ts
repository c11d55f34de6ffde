/** What the vendor says of an account: read tolerantly, since these answers are documented less than any other. */

/** A rate limit of the vendor's. */
export interface VendorLimit {
  /** Requests in a window. */
  max: number;
  windowSeconds: number;
  /** Agreed on for this account alone. */
  isCustom: boolean;
}

/** The limits that concern a reveal. One that is absent was not stated. */
export interface AccountLimits {
  start?: VendorLimit;
  poll?: VendorLimit;
}

export interface AccountCredits {
  /** As they are stated, in `unit`. Absent where nothing is stated. */
  available?: number;
  used?: number;
  max?: number;
  /** The vendor's own text. */
  resetsOn?: string;
  /** What operations cost, in `unit`, by the vendor's names: parts of a nested name are joined by a dot. */
  prices: Readonly<Record<string, number>>;
  /** What all of these count in, as the prices of exhaustive reveals show. */
  unit: CreditUnit;
}

export type CreditUnit = 'credits' | 'hundredths' | 'unknown';

/** An amount in credits. Undefined if nobody knows what it counts in. */
export function inCredits(amount: number, unit: CreditUnit): number | undefined {
  if (unit === 'unknown') return undefined;
  return unit === 'hundredths' ? amount / 100 : amount;
}

/** Reads the answer to `GET /v1/rate-limits`. Undefined if it holds no list of limits. */
export function readLimits(json: unknown): AccountLimits | undefined {
  const output = fieldsOf(json).output;
  const lists = [fieldsOf(output).rateLimits, output, fieldsOf(json).rateLimits, json];
  const list: unknown[] | undefined = lists.find((each) => Array.isArray(each));
  if (!list) return undefined;
  const start = limitIn(list, /\/contact-details\/exhaustive\/start\/?$/i);
  const poll = limitIn(list, /\/contact-details\/exhaustive\/poll\/?$/i);
  return { ...(start && { start }), ...(poll && { poll }) };
}

/** What is agreed on for the account, and else the tightest. */
function limitIn(list: readonly unknown[], path: RegExp): VendorLimit | undefined {
  const limits = list.map(fieldsOf).flatMap((entry): VendorLimit[] => {
    const max = numberOf(entry.max);
    const windowSeconds = numberOf(entry.windowSeconds);
    const isMeant = path.test(textOf(entry.path) ?? '') && /^post$/i.test(textOf(entry.method) ?? 'POST');
    if (!isMeant || max === undefined || windowSeconds === undefined || windowSeconds <= 0) return [];
    return [{ max, windowSeconds, isCustom: entry.isCustom === true }];
  });
  const rank = ({ isCustom, max, windowSeconds }: VendorLimit) => (isCustom ? -1 : max / windowSeconds);
  return limits.sort((one, other) => rank(one) - rank(other))[0];
}

/** Reads the answer to `GET /v1/get-org-credits`. Undefined if it says nothing of credits. */
export function readCredits(json: unknown): AccountCredits | undefined {
  const output = fieldsOf(json).output;
  const places = [...(Array.isArray(output) ? output : [output]), json].map(fieldsOf);
  const stated = places.find(
    (fields) => numberOf(fields.available) !== undefined || numberOf(fields.max) !== undefined,
  );
  if (!stated) return undefined;
  const available = numberOf(stated.available);
  const used = numberOf(stated.used);
  const max = numberOf(stated.max);
  const resetsOn = textOf(stated.usagePeriodResetsOn)?.slice(0, 64).toWellFormed();
  const prices = Object.fromEntries(pricesIn(stated.creditsPerOperation, '', 3));
  return {
    ...(available !== undefined && { available }),
    ...(used !== undefined && { used }),
    ...(max !== undefined && { max }),
    ...(resetsOn !== undefined && { resetsOn }),
    prices,
    unit: unitOf(prices),
  };
}

/** Prices by name, in an object of numbers or of further objects, or in a list whose entries have a name and a price. */
function pricesIn(value: unknown, name: string, levels: number): [string, number][] {
  const price = numberOf(value);
  if (price !== undefined) return name === '' ? [] : [[name, price]];
  if (levels === 0) return [];
  if (Array.isArray(value)) return value.map(fieldsOf).flatMap((entry) => namedPrice(entry, name));
  const below = (field: string) => (name === '' ? field : `${name}.${field}`);
  return Object.entries(fieldsOf(value)).flatMap(([field, each]) => pricesIn(each, below(field), levels - 1));
}

function namedPrice(entry: Fields, outer: string): [string, number][] {
  const name = [entry.operation, entry.operationId, entry.name].map(textOf).find((text) => text !== undefined);
  const price = [entry.credits, entry.cost, entry.price].map(numberOf).find((each) => each !== undefined);
  return name === undefined || price === undefined ? [] : [[outer === '' ? name : `${outer}.${name}`, price]];
}

/** A reveal is listed at 12 credits at most, so a price of 100 or more is none in credits. */
function unitOf(prices: AccountCredits['prices']): CreditUnit {
  const ofReveals = Object.entries(prices).filter(([name, price]) => /exhaustive/i.test(name) && price > 0);
  if (ofReveals.length === 0) return 'unknown';
  return Math.max(...ofReveals.map(([, price]) => price)) >= 100 ? 'hundredths' : 'credits';
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A number, or text that is one in plain digits. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && /^\s*-?\d{1,15}(\.\d{1,15})?\s*$/.test(value) ? Number(value) : undefined;
}
