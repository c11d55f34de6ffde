import { expect, it } from 'vitest';
import { findingsOf, hasContacts } from '../../../cli/csv/findings.ts';
import { peopleIn } from '../../../cli/csv/people.ts';

it('takes all spellings of a profile for one person, and says why a row names nobody', () => {
  const cells = [
    'https://www.linkedin.com/in/Ada/',
    'linkedin.com/in/ada?trk=x',
    ' ',
    'https://www.linkedin.com/company/x',
    'bob-1',
  ];
  const { wanted, subjects, isFirst } = peopleIn(cells, 'profile');
  expect(wanted).toEqual([
    { linkedinUrl: 'https://www.linkedin.com/in/ada' },
    { linkedinUrl: 'https://www.linkedin.com/in/bob-1' },
  ]);
  expect(subjects).toEqual([
    { person: 0 },
    { person: 0 },
    { refused: 'no profile' },
    { refused: expect.stringContaining('must name a person, not a company') },
    { person: 1 },
  ]);
  expect(isFirst).toEqual([true, false, false, false, true]);
});

it('takes ids of tasks as they are', () => {
  const { wanted, subjects } = peopleIn([' task-1 ', 'Task-1', 'task-1', 'no id', ''], 'task');
  expect(wanted).toEqual([{ taskId: 'task-1' }, { taskId: 'Task-1' }]);
  expect(subjects).toEqual([
    { person: 0 },
    { person: 1 },
    { person: 0 },
    { refused: expect.stringContaining('must hold only letters') },
    { refused: 'no task' },
  ]);
});

it('sorts what was found by kind, mobile numbers first, results beside it included', () => {
  const found = findingsOf(
    {
      revealId: 'a',
      status: 'completed',
      creditsCharged: 12,
      creditsRefunded: 2,
      result: {
        emails: [
          { email: 'w@example.com', type: 'work' },
          { email: 'p@example.org', type: 'personal' },
          { email: 'o@example.net', type: 'unknown' },
          { email: 'n@example.net' },
        ],
        phoneNumbers: [{ number: '+1', type: 'landline' }, { number: '+2', type: 'mobile' }, { number: '+3' }],
        lowQualityEmails: [{ email: 'old@example.com', type: 'work' }],
      },
      earlier: [
        {
          result: {
            emails: [{ email: 'w@example.com', type: 'work' }],
            phoneNumbers: [{ number: '+4', type: 'mobile' }],
          },
        },
      ],
    },
    ['phone-numbers'],
  );
  expect(found).toEqual({
    revealId: 'a',
    status: 'completed',
    reason: 'not asked for phone-numbers',
    workEmails: ['w@example.com'],
    personalEmails: ['p@example.org'],
    otherEmails: ['o@example.net', 'n@example.net'],
    phones: ['+2', '+4', '+1', '+3'],
    lowQualityEmails: ['old@example.com'],
    credits: 10,
  });
  expect(hasContacts(found)).toBe(true);
});

it('says why there is nothing', () => {
  const of = (view: object) => findingsOf({ revealId: 'a', ...view }, []);
  expect(of({ status: 'completed', nothingFound: true })).toMatchObject({
    status: 'completed',
    reason: 'nothing-found',
  });
  expect(of({ status: 'failed', reason: 'vendor-failed', failure: 'Gone.' })).toMatchObject({
    reason: 'vendor-failed: Gone.',
  });
  expect(of({ status: 'completed', erasedAt: '2026-11-27T12:00:00Z' })).toMatchObject({
    status: 'erased',
    credits: undefined,
  });
});
