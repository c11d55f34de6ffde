import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { check } from '../../lambdas/reveal/checked.ts';
import { checkStartInput, isOneWish, wanted } from '../../lambdas/reveal/request.ts';

const problemOf = (input: unknown) => {
  const checked = checkStartInput(input);
  return checked.ok ? undefined : checked.problem;
};

describe('checkStartInput', () => {
  it('takes a task id', () => {
    expect(checkStartInput({ taskId: 'task_1' })).toEqual({
      ok: true,
      value: { revealId: 'task_1', request: { taskId: 'task_1' } },
    });
  });

  it('takes the field that Step Functions adds when another execution starts this one', () => {
    const input = { taskId: 'task_1', AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'arn:aws:states:…' };
    expect(checkStartInput(input)).toEqual({
      ok: true,
      value: { revealId: 'task_1', request: { taskId: 'task_1' } },
    });
  });

  it('takes the id of a reveal that a door of ours has claimed', () => {
    expect(checkStartInput({ revealId: 'task_1' })).toEqual({
      ok: true,
      value: { revealId: 'task_1' },
    });
  });

  it.each([
    ['nothing', {}, 'taskId is missing'],
    ['an empty id', { taskId: '' }, 'taskId must not be empty'],
    ['a number', { taskId: 7 }, 'taskId must be a string'],
    ['null', { taskId: null }, 'taskId must be a string'],
    ['10,000 characters', { taskId: 'x'.repeat(10_000) }, 'taskId must be at most 256 characters long'],
    [
      'spaces',
      { taskId: 'a b' },
      'taskId must hold only letters, digits and . _ : ~ = + - and start with a letter or a digit',
    ],
    [
      'NUL',
      { taskId: 'a\u0000b' },
      'taskId must hold only letters, digits and . _ : ~ = + - and start with a letter or a digit',
    ],
    [
      'a lone surrogate',
      { taskId: '\ud800' },
      'taskId must hold only letters, digits and . _ : ~ = + - and start with a letter or a digit',
    ],
    [
      'an e-mail address',
      { taskId: 'ada@example.com' },
      'taskId must hold only letters, digits and . _ : ~ = + - and start with a letter or a digit',
    ],
    [
      'a path',
      { taskId: '../../etc' },
      'taskId must hold only letters, digits and . _ : ~ = + - and start with a letter or a digit',
    ],
    ['an unknown priority', { taskId: 'a', priority: 'now' }, "priority must be 'interactive' or 'bulk'"],
    ['extra fields', { taskId: 'a', 'ada@example.com': 'b' }, 'it has fields that are not known here'],
    ['a list', [], 'it must be a JSON object'],
    ['a string', 'task_1', 'it must be a JSON object'],
    ['null itself', null, 'it must be a JSON object'],
  ])('refuses %s and says what to change', (_name, input, problem) => {
    expect(problemOf(input)).toBe(
      `The input is no reveal request: ${problem}. Give {"taskId": "the id of the vendor's task"}. A profile goes to POST /reveals or to the bus: here it would lie in the execution's history.`,
    );
  });

  it('never throws and never repeats what it was given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ taskId: fc.anything() })), (input) => {
        const problem = problemOf(input);
        const text = JSON.stringify(input) ?? '';
        if (problem && text.length > 30) expect(problem).not.toContain(text.slice(1, -1));
      }),
    );
    expect(problemOf({ taskId: { secret: 'ada@example.com' }, 'ada@example.com': 1 })).not.toContain('ada');
  });
});

describe('what every door takes', () => {
  const wish = z.strictObject(wanted, 'must be a JSON object').check(isOneWish);
  const linkedinUrl = 'https://www.linkedin.com/in/ada-example-1';
  const saysOf = (value: unknown) => {
    const checked = check(wish, value);
    return checked.ok ? 'ok' : checked.problem;
  };

  it.each([
    { taskId: 'task_1' },
    { linkedinUrl },
    { linkedinUrl, find: ['phone-numbers'], maxAge: 0 },
    { linkedinUrl, maxAge: 180, priority: 'bulk', reference: 'crm/7' },
  ])('is a task or a person: %o', (value) => {
    expect(saysOf(value)).toBe('ok');
  });

  it.each<[object, RegExp]>([
    [{}, /either taskId or linkedinUrl/],
    [{ taskId: 'task_1', linkedinUrl }, /either taskId or linkedinUrl/],
    [{ taskId: 'task_1', maxAge: 1 }, /with linkedinUrl alone/],
    [{ taskId: 'task_1', find: ['work-emails'] }, /with linkedinUrl alone/],
    [{ linkedinUrl, find: [] }, /^find /],
    [{ linkedinUrl, find: ['ada-example-1'] }, /^find\.0 must hold only/],
    [{ linkedinUrl, maxAge: 181 }, /at most 180 days/],
    [{ linkedinUrl, maxAge: -1 }, /from 0 on/],
    [{ linkedinUrl, maxAge: 1.5 }, /whole number/],
    [{ linkedinUrl: 'https://example.com/ada-example-1' }, /^linkedinUrl /],
  ])('is refused with what to give, and nothing of what was given: %o', (value, says) => {
    const problem = saysOf(value);
    expect(problem).toMatch(says);
    expect(problem).not.toContain('ada-example');
  });
});
