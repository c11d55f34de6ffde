import { findKinds, listPrices } from '../../lambdas/contract.ts';
import { type AccountCredits, inCredits } from '../../lambdas/fiber/account.ts';
import { mostCredits } from '../../lambdas/fiber/prices.ts';
import type { Finding, RelaySettings } from './finding.ts';

/** Few credits, where no cap says what a day may cost. */
const fewCredits = 100;

/** Whether the account has enough left for what the relay may spend. */
export function creditFinding(
  { available, unit, resetsOn }: AccountCredits,
  { maxCreditsPerDay }: Pick<RelaySettings, 'maxCreditsPerDay'>,
): Finding {
  const subject = 'credits';
  if (available === undefined) return { subject, kind: 'note', text: 'The vendor does not state how many are left.' };
  const left = inCredits(available, unit);
  if (left === undefined) {
    const text = `The vendor states ${available}, and no price that shows whether these are credits or hundredths: look at its billing page.`;
    return { subject, kind: 'note', text };
  }
  const starts = Math.floor(left / mostCredits);
  if (left < mostCredits) {
    const text = `Top up the account: ${left} credits are left, and a start costs up to ${mostCredits}.`;
    return { subject, kind: 'change', text };
  }
  if (left < (maxCreditsPerDay ?? fewCredits)) {
    const less =
      maxCreditsPerDay === undefined
        ? `enough for ${starts} ${starts === 1 ? 'start' : 'starts'}`
        : `less than the ${maxCreditsPerDay} that a day may cost (maxCreditsPerDay)`;
    return { subject, kind: 'change', text: `Top up the account: ${left} credits are left, ${less}.` };
  }
  const until = resetsOn === undefined ? '' : `; the period ends on ${resetsOn.slice(0, 10)}`;
  return {
    subject,
    kind: 'fine',
    text: `${left} credits are left, enough for ${starts} starts of everything${until}.`,
  };
}

/** What bounds the spending of a day. */
export function capFinding({ maxCreditsPerDay, startsPerMinute, keyShare }: RelaySettings): Finding {
  const subject = 'cap';
  if (maxCreditsPerDay === undefined) {
    const aMinute = Math.floor(startsPerMinute * keyShare * mostCredits);
    const text = `maxCreditsPerDay is not set: starts may spend up to ${aMinute} credits a minute, until none are left.`;
    return { subject, kind: 'note', text };
  }
  if (maxCreditsPerDay < mostCredits) {
    const text = `Set maxCreditsPerDay to ${mostCredits} or more: at ${maxCreditsPerDay}, no start of everything fits into a day.`;
    return { subject, kind: 'change', text };
  }
  const starts = Math.floor(maxCreditsPerDay / mostCredits);
  return {
    subject,
    kind: 'fine',
    text: `A day costs ${maxCreditsPerDay} credits at most, which is ${starts} starts of everything.`,
  };
}

/** Whether the account pays what the relay sets aside for a start. */
export function priceFindings({ prices, unit }: AccountCredits): Finding[] {
  const subject = 'prices';
  const known = Object.entries(prices).flatMap(([name, price]) => {
    const credits = inCredits(price, unit);
    const bundle = bundleOf(name);
    return bundle && credits !== undefined ? [{ ...bundle, paid: credits }] : [];
  });
  if (known.length === 0) {
    const text = 'The price list names no exhaustive reveal: the relay reckons with list prices.';
    return [{ subject, kind: 'note', text }];
  }
  const others = known.filter(({ paid, listed }) => paid !== listed);
  if (others.length > 0) return others.map(otherPrice);
  const list = known.map(({ what, paid }) => `${paid} for ${what}`).join(', ');
  const stated = unit === 'hundredths' ? ', stated in hundredths' : '';
  return [{ subject, kind: 'fine', text: `As the relay reckons: ${list}${stated}.` }];
}

function otherPrice({ what, listed, paid }: { what: string; listed: number; paid: number }): Finding {
  const subject = 'prices';
  const differs = `the account pays ${paid} credits for ${what}, the relay sets ${listed} aside`;
  return paid > listed
    ? { subject, kind: 'change', text: `Update the relay, or lower maxCreditsPerDay by as much: ${differs}.` }
    : { subject, kind: 'note', text: `Caps are reached sooner than need be: ${differs}.` };
}

/** The bundle that a price is for. The vendor does not document its names, so those that say too little are passed over. */
function bundleOf(name: string): { what: string; listed: number } | undefined {
  if (!/exhaustive/i.test(name)) return undefined;
  const ends = name.replace(/^.*exhaustive/i, '');
  const kinds = findKinds.filter((kind) => ends.toLowerCase().includes(kind.split('-')[0] ?? kind));
  if (/all.?e?.?mail/i.test(ends)) kinds.push('work-emails', 'personal-emails');
  const find = kinds.length === 0 && /(all|everything|full)\W*$/i.test(ends) ? findKinds : kinds;
  const wanted = new Set(find);
  const bundle = listPrices.find(
    (each) => each.find.length === wanted.size && each.find.every((kind) => wanted.has(kind)),
  );
  if (!bundle) return undefined;
  const what = wanted.size === findKinds.length ? 'everything' : bundle.find.join(' and ');
  return { what, listed: bundle.credits };
}
