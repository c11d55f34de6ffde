import type { Charge } from '../vendor-schema.ts';
import { keepable } from './keepable.ts';

/** A charge is a few fields. Of one that is more, the record has what is known of it; the answer has all of it. */
const longestCharge = 8_000;

/**
 * What the vendor says of the cost, with amounts that came as text as the numbers that they are. Undefined if it says nothing.
 */
export function readCharge(chargeInfo: unknown): { charge?: Charge; hasLeftOut: boolean } {
  if (!isFields(chargeInfo)) return { hasLeftOut: chargeInfo !== undefined && chargeInfo !== null };
  const alert = isFields(chargeInfo.lowCreditAlert) ? chargeInfo.lowCreditAlert : undefined;
  const keptAlert = alert && keepable(withNumbers(alert, ['availableCredits']));
  const amounts = withNumbers(chargeInfo, ['creditsCharged', 'creditsRefunded']);
  const kept = keepable({ ...amounts, ...(keptAlert && { lowCreditAlert: keptAlert }) });
  const isShort = JSON.stringify(kept).length <= longestCharge;
  const hasLeftOut = !isShort || isShorter(kept, chargeInfo) || isShorter(keptAlert ?? {}, alert ?? {});
  return { charge: isShort ? kept : knownOf(kept), hasLeftOut };
}

/** What a warning about credits says, as far as somebody can act on it. */
export interface CreditAlert {
  availableCredits?: number;
  /** Where to get more: an https address. */
  getMoreCreditsUrl?: string;
}

/** Reads the vendor's `lowCreditAlert` or `outOfCreditsAlert`. Undefined if it says nothing. */
export function readCreditAlert(alert: unknown): CreditAlert | undefined {
  if (!isFields(alert)) return undefined;
  const availableCredits = numberIn(alert.availableCredits);
  const url = alert.getMoreCreditsUrl;
  const isAddress = typeof url === 'string' && url.length <= 500 && /^https:\/\/\S+$/i.test(url) && URL.canParse(url);
  if (typeof availableCredits !== 'number' && !isAddress) return undefined;
  return {
    ...(typeof availableCredits === 'number' && { availableCredits }),
    ...(isAddress && { getMoreCreditsUrl: url }),
  };
}

const isShorter = (one: object, other: object) => Object.keys(one).length < Object.keys(other).length;

function knownOf({ method, creditsCharged, creditsRefunded, lowCreditAlert }: Record<string, unknown>): Charge {
  const availableCredits = isFields(lowCreditAlert) ? lowCreditAlert.availableCredits : undefined;
  return {
    ...(typeof method === 'string' && { method: method.slice(0, 64).toWellFormed() }),
    ...(typeof creditsCharged === 'number' && { creditsCharged }),
    ...(typeof creditsRefunded === 'number' && { creditsRefunded }),
    ...(typeof availableCredits === 'number' && { lowCreditAlert: { availableCredits } }),
  };
}

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same object, unless one of these fields is a number in the shape of a text. */
function withNumbers(fields: Fields, names: string[]): Fields {
  const read = names.map((name) => [name, numberIn(fields[name])] as const);
  const changed = read.filter(([name, number]) => number !== fields[name]);
  return changed.length === 0 ? fields : { ...fields, ...Object.fromEntries(changed) };
}

/** An amount in plain digits, as "12" or "7.50". What can be read in two ways, as "1,200", stays as it is. */
function numberIn(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*-?\d{1,15}(\.\d{1,15})?\s*$/.test(value)) return value;
  return Number(value);
}
