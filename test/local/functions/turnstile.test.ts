import { expect, it } from 'vitest';
import { Turnstile } from '../../../local/functions/turnstile.ts';

it('lets so many in at a time, in order, and the next one when one fails', async () => {
  const turnstile = new Turnstile(2);
  const order: number[] = [];
  let inside = 0;
  let most = 0;
  const visits = [0, 1, 2, 3, 4].map((visitor) =>
    turnstile.through(async () => {
      order.push(visitor);
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside -= 1;
      if (visitor === 1) throw new Error('fell over');
      return visitor;
    }),
  );
  const settled = await Promise.allSettled(visits);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  expect({ order, most }).toEqual({ order: [0, 1, 2, 3, 4], most: 2 });
});

it('lets others in beside those that sleep', async () => {
  const turnstile = new Turnstile(2);
  const inside: number[] = [];
  const leave: (() => void)[] = [];
  const visits = [0, 1, 2, 3].map((visitor) =>
    turnstile.through(async () => {
      inside.push(visitor);
      await new Promise<void>((left) => leave.push(left));
    }),
  );
  await new Promise(setImmediate);
  expect(inside).toEqual([0, 1]);
  turnstile.sleeping = 1;
  await new Promise(setImmediate);
  expect(inside).toEqual([0, 1, 2]);
  // One has woken up, so that there is one too many: the next one waits until two have left.
  turnstile.sleeping = 0;
  leave[0]?.();
  await new Promise(setImmediate);
  expect(inside).toEqual([0, 1, 2]);
  leave[1]?.();
  await new Promise(setImmediate);
  expect(inside).toEqual([0, 1, 2, 3]);
  for (const left of leave) left();
  await Promise.all(visits);
});
