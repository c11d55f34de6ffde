import { expect, it } from 'vitest';
import { problem as schema } from '../../lambdas/http/api-schema.ts';
import { type ProblemName, problemAnswer, problems } from '../../lambdas/http/problem.ts';

it.each(Object.keys(problems) as ProblemName[])(
  'writes %s as RFC 9457 has it, with the status of the answer',
  (name) => {
    const { status, headers, body } = problemAnswer(name, { revealId: 'task-1' }, { location: '/reveals/task-1' });
    expect(headers).toEqual({ 'content-type': 'application/problem+json', location: '/reveals/task-1' });
    expect(schema.parse(body)).toEqual({
      type: `/problems/${name}`,
      title: problems[name].title,
      status,
      revealId: 'task-1',
    });
  },
);
