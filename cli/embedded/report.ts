import type { Found } from '../../lambdas/contract.ts';
import type { BusEvent } from '../../local/services/bus.ts';
import { clockTime } from '../duration.ts';
import { contact, credits, type Field, fieldLines, readingFields } from '../fields.ts';
import { plain } from '../plain-text.ts';

/** How one reveal went, as `--json` prints it. */
export interface RevealReport {
  /** Null where a person's task was never started. */
  readonly taskId: string | null;
  /** An outcome of the contract, or `rejected` when the relay would not take the request. */
  readonly outcome: string;
  readonly polls: number;
  /** From admission to settling, in relay time. */
  readonly seconds: number;
  /** As it is stored, but for the answer's compressed bytes; null when nothing was. */
  readonly record: Readonly<Record<string, unknown>> | null;
  /** The vendor's answer as it came; null when none is kept. */
  readonly answer: VendorAnswer | null;
  readonly events: readonly BusEvent[];
}

/** Bytes as text where they are well-formed UTF-8, else in base64. */
export type VendorAnswer = { readonly contentType: string } & ({ readonly text: string } | { readonly base64: string });

export interface ReportFrame {
  /** The execution's own words on why it failed. */
  readonly cause?: string | undefined;
  readonly tableName: string;
  readonly busName: string;
  readonly color: boolean;
}

/** What a person reads at the end: how it ended, what was stored, what was published. */
export function describeReport(report: RevealReport, { cause, tableName, busName, color }: ReportFrame): string {
  const { outcome, polls, seconds, record, events } = report;
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const effort = `after ${clockTime(seconds)} and ${polls} ${polls === 1 ? 'poll' : 'polls'}`;
  const lines: string[] = [];
  if (outcome === 'completed') {
    lines.push(hasFoundNothing(record) ? paint(33, `nothing found ${effort}`) : paint(32, `revealed ${effort}`));
  } else {
    const reason = typeof record?.reason === 'string' ? ` (${record.reason})` : '';
    lines.push(paint(31, `not revealed: ${outcome}${reason} ${effort}`));
    if (cause) lines.push(`  ${plain(cause)}`);
  }
  lines.push(
    '',
    record ? `Stored in ${tableName} under ${plain(String(record.revealId))}` : `Nothing was stored in ${tableName}`,
  );
  if (record) lines.push(...fieldLines(recordFields(record)));
  lines.push('', events.length > 0 ? `Published on ${busName}` : `Nothing was published on ${busName}`);
  for (const event of events) {
    lines.push(`  ${event['detail-type']}`, ...fieldLines(eventFields(event)).map((line) => `  ${line}`));
  }
  return `${lines.join('\n')}\n`;
}

function hasFoundNothing(record: RevealReport['record']): boolean {
  const found = record?.found as Found | undefined;
  return found !== undefined && !record?.unreadable && Object.values(found).every((count) => count === 0);
}

function recordFields(record: Readonly<Record<string, unknown>>): Field[] {
  const result = (record.result ?? {}) as Record<string, unknown>;
  const found = record.found as Found | undefined;
  const charge = record.charge as { method?: unknown } | undefined;
  const list = (name: string, count: number | undefined) =>
    Array.isArray(result[name]) ? someOf(result[name].map(contact)) : count;
  const { find, startedAt, startCreditsCharged, startProblem } = record;
  return [
    ['status', record.status],
    ['profile', record.linkedinUrl],
    ['looked for', Array.isArray(find) ? find.join(', ') : undefined],
    ['task', startedAt !== undefined ? record.taskId : undefined],
    ['start', startedAt !== undefined ? credits({ creditsCharged: startCreditsCharged }) : startProblem],
    ['failure', record.failure],
    ['e-mails', list('emails', found?.emails)],
    [
      'low quality',
      found && found.lowQualityEmails > 0 ? `${found.lowQualityEmails} kept apart from these` : undefined,
    ],
    ['phone numbers', list('phoneNumbers', found?.phoneNumbers)],
    ...readingFields(record),
    ['charge', charge && [charge.method, credits(record)].filter(Boolean).join(', ')],
    [
      'kept until',
      typeof record.expiresAt === 'number' ? new Date(record.expiresAt * 1_000).toISOString().slice(0, 10) : undefined,
    ],
  ];
}

/** As many as a screen takes; all of them are in the record. */
function someOf(contacts: readonly string[], most = 10): string {
  if (contacts.length === 0) return 'none';
  const more = contacts.length > most ? ` and ${contacts.length - most} more` : '';
  return contacts.slice(0, most).join(', ') + more;
}

function eventFields({ detail }: BusEvent): Field[] {
  const { eventId, outcome, reason, found, credits: cost, record } = detail;
  return [
    ['eventId', eventId],
    ['outcome', outcome],
    ['reason', reason],
    ['found', found && JSON.stringify(found)],
    ['nothing found', detail.nothingFound],
    ['credits', cost],
    ['record', record && JSON.stringify(record)],
  ];
}
