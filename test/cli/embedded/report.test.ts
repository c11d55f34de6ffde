import { expect, it } from 'vitest';
import { describeReport, type RevealReport } from '../../../cli/embedded/report.ts';
import type { BusEvent } from '../../../local/services/bus.ts';

const event: BusEvent = {
  version: '0',
  id: 'id-1',
  'detail-type': 'Contact Reveal Completed',
  source: 'reveal-relay',
  account: '000000000000',
  time: '2026-01-02T03:04:05Z',
  region: 'us-east-1',
  resources: [],
  detail: { eventId: 'e-1', outcome: 'completed', found: { emails: 1 }, credits: 12 },
};
const revealed: RevealReport = {
  taskId: 'task-1',
  outcome: 'completed',
  polls: 6,
  seconds: 107.5,
  record: {
    revealId: 'task-1',
    status: 'completed',
    result: {
      emails: [{ email: 'ada@example.com', type: 'work', status: 'valid' }, { email: 'ada@example.org' }],
      lowQualityEmails: [{ email: 'old@example.com' }],
      phoneNumbers: [{ number: '+15550100', type: 'mobile' }],
    },
    found: { emails: 2, lowQualityEmails: 1, phoneNumbers: 1 },
    charge: { method: 'charged-now', creditsCharged: 12 },
    creditsCharged: 12,
    expiresAt: 1_798_000_000,
  },
  answer: null,
  events: [event],
};
const frame = { tableName: 'my-table', busName: 'my-bus', color: false };
const lines = (report: Partial<RevealReport>, more = {}) =>
  describeReport({ ...revealed, ...report }, { ...frame, ...more })
    .split('\n')
    .map((line) => line.trim().replace(/ {2,}/g, ': '));

it('says how it ended, what was stored and what was published', () => {
  expect(lines({})).toEqual([
    'revealed after 1:48 and 6 polls',
    '',
    'Stored in my-table under task-1',
    'status: completed',
    'e-mails: ada@example.com (work), ada@example.org',
    'low quality: 1 kept apart from these',
    'phone numbers: +15550100 (mobile)',
    'charge: charged-now, 12 credits',
    'kept until: 2026-12-23',
    '',
    'Published on my-bus',
    'Contact Reveal Completed',
    'eventId: e-1',
    'outcome: completed',
    'found: {"emails":1}',
    'credits: 12',
    '',
  ]);
});

it('says why nothing was revealed', () => {
  const record = { revealId: 'task-1', status: 'timed-out', reason: 'deadline-passed' };
  expect(lines({ outcome: 'timed-out', record, polls: 1 }, { cause: 'It took too long.' }).slice(0, 6)).toEqual([
    'not revealed: timed-out (deadline-passed) after 1:48 and 1 poll',
    'It took too long.',
    '',
    'Stored in my-table under task-1',
    'status: timed-out',
    '',
  ]);
});

it('says so when nothing was stored or published', () => {
  expect(
    lines({ outcome: 'rejected', record: null, events: [], polls: 0, seconds: 0 }, { cause: 'No such task.' }),
  ).toEqual([
    'not revealed: rejected after 0:00 and 0 polls',
    'No such task.',
    '',
    'Nothing was stored in my-table',
    '',
    'Nothing was published on my-bus',
    '',
  ]);
});

it('says that there was nothing to find, in place of having revealed it', () => {
  const found = { emails: 0, lowQualityEmails: 0, phoneNumbers: 0 };
  const record = { ...revealed.record, result: undefined, found };
  expect(lines({ record })[0]).toBe('nothing found after 1:48 and 6 polls');
  expect(lines({ record: { ...record, unreadable: 1 } })).toEqual(
    expect.arrayContaining(['revealed after 1:48 and 6 polls', 'not read: 1 entry, kept in the answer']),
  );
});

it('shows charge and refund as two figures, and the words of a failure', () => {
  const record = { ...revealed.record, creditsRefunded: 4, failure: 'The profile is private.' };
  expect(lines({ record })).toEqual(
    expect.arrayContaining(['charge: charged-now, 12 credits, 4 credits refunded', 'failure: The profile is private.']),
  );
});

it('uses colour only where it is wanted, and lets nothing stored reach the terminal raw', () => {
  expect(describeReport(revealed, { ...frame, color: true })).toContain('\u001b[32mrevealed');
  const record = { ...revealed.record, status: 'done\u001b[2J' };
  expect(describeReport({ ...revealed, record }, frame)).not.toContain('\u001b');
});
