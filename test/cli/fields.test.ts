import { expect, it } from 'vitest';
import { fieldLines } from '../../cli/fields.ts';

const fields = [
  ['status', undefined],
  ['polls', 2],
  ['e-mails', 'work.755537e12886@example.com (work), personal.755537e12886@example.org (personal)'],
  ['cost', '12 credits, 24 credits refunded'],
] as const;

it('has a line for each field that has a value, of any length in a pipe', () => {
  expect(fieldLines(fields)).toEqual([
    '  polls            2',
    '  e-mails          work.755537e12886@example.com (work), personal.755537e12886@example.org (personal)',
    '  cost             12 credits, 24 credits refunded',
  ]);
});

it('breaks lines between words where a terminal is narrow, and puts what is too long below its name', () => {
  expect(fieldLines(fields, 60)).toEqual([
    '  polls            2',
    '  e-mails          work.755537e12886@example.com (work),',
    '                   personal.755537e12886@example.org',
    '                   (personal)',
    '  cost             12 credits, 24 credits refunded',
  ]);
  expect(fieldLines(fields, 44)).toEqual([
    '  polls            2',
    '  e-mails',
    '    work.755537e12886@example.com (work),',
    '    personal.755537e12886@example.org',
    '    (personal)',
    '  cost             12 credits, 24 credits',
    '                   refunded',
  ]);
});

it('breaks no word: an address can be copied from the narrowest terminal', () => {
  expect(fieldLines([['profile', 'https://www.linkedin.com/in/quick-ada']], 20)).toEqual([
    '  profile',
    '    https://www.linkedin.com/in/quick-ada',
  ]);
});
