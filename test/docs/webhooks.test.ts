import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { webhookAttempts, webhookWaits } from '../../lambdas/contract.ts';
import { revealEvent } from '../../lambdas/reveal/events/schemas.ts';

let page: string;
beforeAll(async () => {
  page = await readFile(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
});

it('states the attempts that are made, and when', () => {
  const rows = [...page.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, number, after]) => [Number(number), after]);
  const units = [
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ] as const;
  const inWords = (seconds: number) => {
    const [unit, size] = units.find(([, of]) => seconds >= of) ?? units[2];
    return `${seconds / size} ${unit}${seconds === size ? '' : 's'}`;
  };
  expect(rows).toEqual([[1, 'at once'], ...webhookWaits.map((wait, at) => [at + 2, inWords(wait)])]);
  expect(page).toContain(`never more than ${webhookAttempts} attempts`);
});

it('shows an event as it is sent', () => {
  const [shown = ''] = /(?<=```json\n)[\s\S]*?(?=```)/.exec(page) ?? [];
  const { data } = JSON.parse(shown);
  expect(revealEvent.parse(data)).toEqual(data);
});
