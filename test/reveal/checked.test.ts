import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { check } from '../../lambdas/reveal/checked.ts';

const request = z.strictObject(
  { id: z.string('must be a string'), names: z.optional(z.array(z.string('must be a string'), 'must be a list')) },
  'must be a JSON object',
);
const problemOf = (value: unknown) => {
  const checked = check(request, value);
  return checked.ok ? undefined : checked.problem;
};

it('hands over what is well formed', () => {
  expect(check(request, { id: 'a' })).toEqual({ ok: true, value: { id: 'a' } });
});

it.each<[string, unknown, string]>([
  ['a field that is missing', {}, 'id is missing'],
  ['a field that is there and empty', { id: undefined }, 'id is missing'],
  ['a field of another kind', { id: null }, 'id must be a string'],
  ['where in a list it is', { id: 'a', names: ['b', 7] }, 'names.1 must be a string'],
  ['what is no object', 'ada@example.com', 'it must be a JSON object'],
])('says what to change about %s', (_what, value, problem) => {
  expect(problemOf(value)).toBe(problem);
});

it('says everything at once, each thing once', () => {
  expect(problemOf({ id: 1, names: 2 })).toBe('id must be a string; names must be a list');
});

it('repeats neither a value nor the name of a field that is not ours', () => {
  expect(problemOf({ id: 'a', 'ada@example.com': 'Ada' })).toBe('it has fields that are not known here');
});

it('names the field of ours in which something of theirs is wrong, and not what they call it', () => {
  const withFacts = z.strictObject({
    all: z.optional(
      z.array(z.strictObject({ facts: z.optional(z.record(z.string(), z.number('must hold numbers'))) })),
    ),
  });
  expect(check(withFacts, { all: [{ facts: { 'ada@example.com': 'Ada', 'eve@example.com': 'Eve' } }] })).toEqual({
    ok: false,
    problem: 'all.0.facts must hold numbers',
  });
});

const starting = z.strictObject({
  taskId: z.optional(z.string()),
  linkedinUrl: z.optional(z.string()),
  find: z.optional(z.string()),
  reference: z.optional(z.string()),
});

it.each([
  ['linkedInUrl', 'linkedinUrl'],
  ['linkedin_url', 'linkedinUrl'],
  ['LinkedInURL', 'linkedinUrl'],
  ['linkdinUrl', 'linkedinUrl'],
  ['task-id', 'taskId'],
  ['taskID', 'taskId'],
  ['refernce', 'reference'],
])('says which of our fields %s may have been meant for', (given, meant) => {
  const problem = `it has fields that are not known here (did you mean ${meant}?)`;
  expect(check(starting, { [given]: 'ada' })).toEqual({ ok: false, problem });
});

it.each(['ada@example.com', 'Linda', 'Ada Lovelace', '+12085550152', 'finder', 'x'.repeat(100_000)])(
  'guesses nothing about a field that is called %.20s',
  (given) => {
    const problem = 'it has fields that are not known here';
    expect(check(starting, { [given]: 'ada' })).toEqual({ ok: false, problem });
  },
);
