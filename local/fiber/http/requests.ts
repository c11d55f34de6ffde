import { everything, type Wanted } from '../tasks/contacts.ts';
import type { Warning } from '../wire.ts';
import { isProfileReference } from './linkedin.ts';

/** A request body that was read, or the status and message that refuse it. */
export type Read<T> =
  | { readonly ok: true; readonly request: T; readonly warnings: readonly Warning[] }
  | { readonly ok: false; readonly status: 400 | 422; readonly message: string };

export interface PollRequest {
  readonly apiKey: string;
  readonly taskId: string;
}

export interface StartRequest {
  readonly apiKey: string;
  readonly linkedinUrl: string;
  readonly wanted: Wanted;
}

type Fields = Readonly<Record<string, unknown>>;

const wantedNames = {
  getWorkEmails: 'workEmails',
  getPersonalEmails: 'personalEmails',
  getPhoneNumbers: 'phoneNumbers',
} as const;

export function readPoll(body: Uint8Array): Read<PollRequest> {
  const fields = parse(body);
  if ('ok' in fields) return fields;
  const { apiKey, taskId } = fields.value;
  // The contract asks for a string here and not for a length: an empty key is a wrong key.
  if (typeof apiKey !== 'string') return invalid('apiKey must be a string');
  if (typeof taskId !== 'string') return invalid('taskId must be a string');
  if (taskId === '') return invalid('taskId must have at least 1 character');
  return { ok: true, request: { apiKey, taskId }, warnings: extra(fields.value, ['apiKey', 'taskId']) };
}

export function readStart(body: Uint8Array): Read<StartRequest> {
  const fields = parse(body);
  if ('ok' in fields) return fields;
  const { apiKey, linkedinUrl, enrichmentType } = fields.value;
  if (typeof apiKey !== 'string') return invalid('apiKey must be a string');
  if (typeof linkedinUrl !== 'string') return invalid('linkedinUrl must be a string');
  if (!isProfileReference(linkedinUrl)) return invalid('linkedinUrl must name a LinkedIn profile');
  const warnings = extra(fields.value, ['apiKey', 'linkedinUrl', 'enrichmentType']);
  if (enrichmentType === undefined) return { ok: true, request: { apiKey, linkedinUrl, wanted: everything }, warnings };
  if (!isFields(enrichmentType)) return invalid('enrichmentType must be an object');
  const wanted: Record<keyof Wanted, boolean> = { ...everything };
  for (const [field, name] of Object.entries(wantedNames)) {
    const value = enrichmentType[field];
    if (value !== undefined && typeof value !== 'boolean') return invalid(`enrichmentType.${field} must be a boolean`);
    wanted[name] = value ?? true;
  }
  if (!Object.values(wanted).includes(true)) return invalid('enrichmentType must ask for something');
  const nested = extra(enrichmentType, Object.keys(wantedNames), 'enrichmentType.');
  return { ok: true, request: { apiKey, linkedinUrl, wanted }, warnings: [...warnings, ...nested] };
}

function parse(body: Uint8Array): { readonly value: Fields } | Extract<Read<never>, { ok: false }> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return isFields(value) ? { value } : invalid('The body must be a JSON object');
  } catch {
    return { ok: false, status: 400, message: 'The body is not valid JSON' };
  }
}

function invalid(message: string): Extract<Read<never>, { ok: false }> {
  return { ok: false, status: 422, message };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function extra(fields: Fields, known: readonly string[], path = ''): Warning[] {
  return Object.keys(fields)
    .filter((name) => !known.includes(name))
    .map((name) => ({ field: `${path}${name}`, message: 'This field is not known and was ignored' }));
}
