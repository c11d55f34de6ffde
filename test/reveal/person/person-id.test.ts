import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isPersonId, personIdOf, saltBytes } from '../../../lambdas/reveal/person/person-id.ts';
import { isRevealId } from '../../../lambdas/reveal/task-id.ts';

const salt = Buffer.alloc(saltBytes, 7);

it('is the same for the same person in the same relay, and in no other', () => {
  expect(personIdOf('in/ada', salt)).toBe(personIdOf('in/ada', Uint8Array.from(salt)));
  expect(personIdOf('in/ada', salt)).not.toBe(personIdOf('in/adam', salt));
  expect(personIdOf('in/ada', salt)).not.toBe(personIdOf('in/ada', randomBytes(saltBytes)));
});

it('is another by other rules, though the person is the same', () => {
  const ids = [1, 2].map((version) => personIdOf('in/ada', salt, version));
  expect(ids[0]).toMatch(/^person-1-/);
  expect(ids[1]).toMatch(/^person-2-/);
  expect(ids[0]?.slice(-40)).not.toBe(ids[1]?.slice(-40));
});

it('never changes: another one would make everybody a new person, who is paid for again', () => {
  expect(personIdOf('in/ada', salt)).toBe('person-1-fd8e9c7a0386196325f91bdc2e382d431ab1308f');
});

it('may be asked for as any other id, is known for what it is, and says nothing of the person', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4 }), (canonical) => {
      const id = personIdOf(canonical, salt);
      expect(isRevealId(id)).toBe(true);
      expect(isPersonId(id)).toBe(true);
      expect(id).toMatch(/^person-1-[0-9a-f]{40}$/);
    }),
  );
});

it.each(['task_1', 'person-1', 'person-1-abc', `person-x-${'0'.repeat(40)}`, `a-person-1-${'0'.repeat(40)}`])(
  'is not %s',
  (id) => {
    expect(isPersonId(id)).toBe(false);
  },
);
