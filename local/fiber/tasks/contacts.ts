import { createHash } from 'node:crypto';
import { integerBetween, type Random, seededRandom, seedFrom } from '../random.ts';
import type { Email, PhoneNumber } from '../wire.ts';
import { type ScenarioName, scenarioNamed, scenarioOf } from './scenarios.ts';

/** What a paid start asks for. */
export interface Wanted {
  readonly workEmails: boolean;
  readonly personalEmails: boolean;
  readonly phoneNumbers: boolean;
}

export const everything: Wanted = { workEmails: true, personalEmails: true, phoneNumbers: true };

/** Everything a task reveals by its end. */
export interface Contacts {
  readonly emails: readonly Email[];
  readonly lowQualityEmails: readonly Email[];
  readonly phoneNumbers: readonly PhoneNumber[];
}

const nothing: Contacts = { emails: [], lowQualityEmails: [], phoneNumbers: [] };

/**
 * The contact data that a task will reveal: the same for a task id every time and on every machine, with the id's own
 * mark in each address, so that a test can search for it. None of it can belong to anybody: the domains are reserved by
 * RFC 2606, the phone numbers (555-0100 to 555-0199 in any area code) for fiction.
 */
export function contactsOf(
  taskId: string,
  scenario: ScenarioName = scenarioOf(taskId) ?? 'completed',
  wanted: Wanted = everything,
): Contacts {
  const found = invent(taskId);
  switch (scenarioNamed(scenario).ending ?? 'found') {
    case 'empty':
    case 'failed':
    case 'failed-not-done':
      return nothing;
    case 'low-quality':
      return { ...nothing, lowQualityEmails: found.lowQualityEmails };
    case 'null-lists':
      return only({ ...found, lowQualityEmails: [] }, wanted);
    case 'new-fields':
      return only(withNewValues(found, taskId), wanted);
    case 'large':
      return only({ ...found, emails: [...found.emails, ...manyEmails(taskId)] }, wanted);
    case 'found':
      return only(found, wanted);
  }
}

function invent(taskId: string): Contacts {
  const random = seededRandom(seedFrom(`contacts of ${taskId}`));
  const mark = markOf(taskId);
  const emails: Email[] = [
    { email: `work.${mark}@example.com`, type: 'work', status: 'valid' },
    // The contract leaves the status out at times.
    { email: `personal.${mark}@example.org`, type: 'personal' },
  ];
  if (random() < 0.5) emails.push({ email: `second.${mark}@example.com`, type: 'work', status: 'unknown' });
  if (random() < 0.3) emails.push({ email: `office.${mark}@example.com`, type: 'generic', status: 'valid' });
  const phoneNumbers: PhoneNumber[] = [{ number: phoneNumber(random), type: 'mobile' }];
  if (random() < 0.4) phoneNumbers.push({ number: phoneNumber(random), type: 'other' });
  return {
    emails,
    phoneNumbers,
    lowQualityEmails: [
      { email: `old.${mark}@example.com`, type: 'work', status: 'invalid' },
      { email: `guessed.${mark}@example.org`, type: 'unknown', status: 'risky' },
    ],
  };
}

function withNewValues(found: Contacts, taskId: string): Contacts {
  const mark = markOf(taskId);
  const random = seededRandom(seedFrom(`new values of ${taskId}`));
  const newEmail = { email: `alumni.${mark}@example.org`, type: 'alumni', status: 'catch-all', confidence: 0.87 };
  const newPhone = { number: phoneNumber(random), type: 'landline', country: 'US' };
  return { ...found, emails: [...found.emails, newEmail], phoneNumbers: [...found.phoneNumbers, newPhone] };
}

/** 3,600 addresses of 240 random letters each: 1 MB, of which no compression gets below half. */
function manyEmails(taskId: string): Email[] {
  const noise = randomLetters(taskId, 3_600 * 240);
  return Array.from({ length: 3_600 }, (_, index) => {
    const letters = noise.slice(index * 240, (index + 1) * 240);
    const labels = [letters.slice(64, 123), letters.slice(123, 182), letters.slice(182)].join('.');
    return { email: `${letters.slice(0, 64)}@${labels}.example.com`, type: 'other', status: 'unknown' };
  });
}

function only(contacts: Contacts, wanted: Wanted): Contacts {
  const isWanted = ({ type }: Email): boolean => {
    if (type === 'work' || type === 'generic') return wanted.workEmails;
    if (type === 'personal') return wanted.personalEmails;
    return wanted.workEmails || wanted.personalEmails;
  };
  return {
    emails: contacts.emails.filter(isWanted),
    lowQualityEmails: contacts.lowQualityEmails.filter(isWanted),
    phoneNumbers: wanted.phoneNumbers ? contacts.phoneNumbers : [],
  };
}

function markOf(taskId: string): string {
  return createHash('sha256').update(taskId).digest('hex').slice(0, 12);
}

/** E.164, such as +14155550123. */
function phoneNumber(random: Random): string {
  const areaCode = integerBetween(random, 201, 989);
  return `+1${areaCode}55501${String(integerBetween(random, 0, 99)).padStart(2, '0')}`;
}

function randomLetters(seed: string, length: number): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  const bytes = createHash('shake256', { outputLength: length }).update(`letters of ${seed}`).digest();
  return Array.from(bytes, (byte) => alphabet[byte & 31]).join('');
}
