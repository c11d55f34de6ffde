import type { Contacts, Wanted } from '../tasks/contacts.ts';

/**
 * Credits for one reveal, charged when it starts. The vendor lists 12 for everything, 9 for both kinds of e-mail, 5 for
 * either kind, 4 for phone numbers; it lists no price for one kind of e-mail with phone numbers, so that is their sum.
 */
export function priceOf({ workEmails, personalEmails, phoneNumbers }: Wanted): number {
  if (workEmails && personalEmails) return phoneNumbers ? 12 : 9;
  return (workEmails || personalEmails ? 5 : 0) + (phoneNumbers ? 4 : 0);
}

/** What the vendor pays back at the end: all but the price of what it delivered. */
export function refundFor(creditsCharged: number, delivered: Contacts): number {
  const got: Wanted = {
    workEmails: delivered.emails.some(({ type }) => type !== 'personal'),
    personalEmails: delivered.emails.some(({ type }) => type === 'personal'),
    phoneNumbers: delivered.phoneNumbers.length > 0,
  };
  return Math.max(0, creditsCharged - priceOf(got));
}
