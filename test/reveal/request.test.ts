import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRequest } from '../../lambdas/reveal/request.ts';

const problemOf = (input: unknown) => {
  const checked = checkRequest(input);
  return checked.ok ? undefined : checked.problem;
};

describe('checkRequest', () => {
  it('takes a task id', () => {
    expect(checkRequest({ taskId: 'task_1' })).toEqual({ ok: true, request: { taskId: 'task_1' } });
  });

  it('takes the field that Step Functions adds when another execution starts this one', () => {
    const input = { taskId: 'task_1', AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'arn:aws:states:…' };
    expect(checkRequest(input)).toEqual({ ok: true, request: { taskId: 'task_1' } });
  });

  it.each([
    ['nothing', {}, 'taskId is missing'],
    ['an empty id', { taskId: '' }, 'taskId must not be empty'],
    ['a number', { taskId: 7 }, 'taskId must be a string'],
    ['null', { taskId: null }, 'taskId must be a string'],
    ['10,000 characters', { taskId: 'x'.repeat(10_000) }, 'taskId must be at most 512 characters long'],
    ['spaces', { taskId: 'a b' }, 'taskId must hold no spaces or control characters'],
    ['NUL', { taskId: 'a\u0000b' }, 'taskId must hold no spaces or control characters'],
    ['a lone surrogate', { taskId: '\ud800' }, 'taskId must hold no spaces or control characters'],
    ['extra fields', { taskId: 'a', person: 'b' }, 'there are fields it does not know'],
    ['a list', [], 'it is not a JSON object'],
    ['a string', 'task_1', 'it is not a JSON object'],
    ['null itself', null, 'it is not a JSON object'],
  ])('refuses %s and says what to change', (_name, input, problem) => {
    expect(problemOf(input)).toBe(
      `The input is not a reveal request: ${problem}. Give {"taskId": "the id of the vendor's task"}.`,
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
