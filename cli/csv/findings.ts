import type { Json } from './relay/relay.ts';

/** What has become of a row. */
export interface Findings {
  /** A status of the API, or `refused`, `expired`, `erased`. */
  readonly status: string;
  readonly reason: string;
  readonly workEmails: readonly string[];
  readonly personalEmails: readonly string[];
  /** Of a kind that the vendor does not name. */
  readonly otherEmails: readonly string[];
  /** Mobile numbers first. */
  readonly phones: readonly string[];
  readonly lowQualityEmails: readonly string[];
  /** What was charged for it less what came back. Undefined where the vendor has stated nothing. */
  readonly credits: number | undefined;
  readonly revealId: string;
}

const nothing = { workEmails: [], personalEmails: [], otherEmails: [], phones: [], lowQualityEmails: [] };

/** Of a row that no reveal stands behind. */
export function withoutReveal(status: 'refused' | 'expired', reason: string, revealId = ''): Findings {
  return { ...nothing, status, reason, revealId, credits: status === 'refused' ? 0 : undefined };
}

/**
 * Reads a reveal that has ended, as `GET /reveals/{id}` answers it.
 *
 * @param missing kinds that a stored result was not asked for
 */
export function findingsOf(view: Json, missing: readonly string[]): Findings {
  const results = [view.result, ...objects(view.earlier).map(({ result }) => result)].map(object);
  const emails = results.flatMap(({ emails }) => objects(emails));
  const phones = results.flatMap(({ phoneNumbers }) => objects(phoneNumbers));
  const ofType = (is: (type: string) => boolean) =>
    unique(emails.filter(({ type }) => is(text(type))).map(({ email }) => text(email)));
  return {
    status: view.erasedAt === undefined ? text(view.status) : 'erased',
    reason: reasonOf(view, missing),
    workEmails: ofType((type) => type === 'work'),
    personalEmails: ofType((type) => type === 'personal'),
    otherEmails: ofType((type) => type !== 'work' && type !== 'personal'),
    phones: unique(
      [...phones.filter(isMobile), ...phones.filter((phone) => !isMobile(phone))].map(({ number }) => text(number)),
    ),
    lowQualityEmails: unique(
      results.flatMap(({ lowQualityEmails }) => objects(lowQualityEmails)).map(({ email }) => text(email)),
    ),
    credits: creditsIn(view),
    revealId: text(view.revealId),
  };
}

/** Whether there is something to write to somebody, or to call. */
export function hasContacts({ workEmails, personalEmails, otherEmails, phones }: Findings): boolean {
  return [workEmails, personalEmails, otherEmails, phones].some(({ length }) => length > 0);
}

function reasonOf({ reason, failure, nothingFound }: Json, missing: readonly string[]): string {
  return [
    [text(reason), text(failure)].filter(Boolean).join(': '),
    nothingFound === true ? 'nothing-found' : '',
    missing.length > 0 ? `not asked for ${missing.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join('; ');
}

function creditsIn({ creditsCharged, creditsRefunded }: Json): number | undefined {
  if (typeof creditsCharged !== 'number' && typeof creditsRefunded !== 'number') return undefined;
  return Number(creditsCharged ?? 0) - Number(creditsRefunded ?? 0);
}

const isMobile = ({ type }: Json) => type === 'mobile';
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.map(object) : []);
const unique = (values: readonly string[]) => [...new Set(values.filter(Boolean))];
