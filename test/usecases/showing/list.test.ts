import { expect, it } from 'vitest';
import { listReveals } from '../../../lambdas/usecases/showing/list.ts';

it('asks for 25 unless told otherwise, from a time in UTC, and for what has not expired yet', async () => {
  const asked: object[] = [];
  const list = {
    page: async (query: object) => {
      asked.push(query);
      return { reveals: [] };
    },
  };
  await listReveals({}, { list, now: () => 5_000 });
  await listReveals({ since: '2026-11-23T13:00:00+01:00', status: 'failed', limit: 3 }, { list, now: () => 5_000 });
  expect(asked).toMatchObject([
    { limit: 25, nowSeconds: 5 },
    { limit: 3, since: '2026-11-23T12:00:00.000Z', status: 'failed', nowSeconds: 5 },
  ]);
});
