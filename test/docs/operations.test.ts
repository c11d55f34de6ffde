import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { outputNames } from '../../lambdas/contract.ts';
import { testAssembly } from '../support/assembly.ts';

let page: string;
beforeAll(async () => {
  page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
});

const all = (pattern: RegExp) =>
  new Set([...page.matchAll(pattern)].map(([, ...found]) => found.find((name) => name !== undefined) ?? ''));

it('has a section for every alarm that there is, and for no other', async () => {
  const { template } = await testAssembly();
  const alarms = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => /"(\w+)"/.exec(String(Properties?.AlarmDescription))?.[1] ?? '');
  expect(alarms.length).toBeGreaterThan(0);
  expect([...all(/^### (\w+)$/gm)].sort()).toEqual(alarms.sort());
});

it('takes its names from outputs that the stack has', async () => {
  const { template } = await testAssembly();
  const used = [...all(/\$\(output (\w+)\)/g)];
  expect(used.length).toBeGreaterThan(5);
  expect(Object.keys(template.Outputs ?? {})).toEqual(expect.arrayContaining(used));
  expect(Object.values(outputNames)).toEqual(expect.arrayContaining(used));
});

it("uses only variables that it has set, beside those that are the reader's to fill in", () => {
  const set = all(/(?:^|\s)([A-Z_]+)=\$?\(?|read -rs ([A-Z_]+)/gm);
  expect([...all(/\$\{?([A-Z_]{2,})/g)].filter((name) => !set.has(name))).toEqual(['ARN']);
});
