import { expect, it } from 'vitest';
import { isRevealId } from '../../cli/reveal-id.ts';

it.each(['completed-1', 'task_1', 'a'])('takes %s for the id of a reveal', (id) => expect(isRevealId(id)).toBe(true));

it.each(['', 'ada@example.com', '../x', 'a b', 'x'.repeat(10_000), 7, undefined])('does not take %j for one', (id) =>
  expect(isRevealId(id)).toBe(false),
);
