import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { listIndex, openIndex, outputNames, revealsKey } from '../../lambdas/contract.ts';
import { testAssembly } from '../support/assembly.ts';
import { type AlarmProperties, metricsOf } from '../support/cloud-watch.ts';
import { assemblyWith } from '../support/webhook-assembly.ts';

let page: string;
beforeAll(async () => {
  page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
});

const all = (pattern: RegExp) =>
  new Set([...page.matchAll(pattern)].map(([, ...found]) => found.find((name) => name !== undefined) ?? ''));

it('has a section for every alarm that there is, and for no other', async () => {
  const { template } = await assemblyWith([{ url: 'https://crm.example.com/' }]);
  const alarms = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => /docs\/operations\.md#(\w+)$/.exec(String(Properties?.AlarmDescription))?.[1] ?? '');
  expect(alarms.length).toBeGreaterThan(0);
  expect([...all(/^### (\w+)$/gm)].map((name) => name.toLowerCase()).sort()).toEqual(alarms.sort());
});

it('finds with errors_of our own errors, and what Lambda has cut off', () => {
  const [, pattern = ''] = /--filter-pattern '\{ (.+) \}'; \}/.exec(page) ?? [];
  const clauses = pattern.split(' || ').map((clause) => /^\$\.([\w.]+) = "(\w+)"$/.exec(clause) ?? []);
  const isFound = (line: object) =>
    clauses.some(([, path = '', value]) => {
      const found = path.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown>)?.[name], line);
      return value !== undefined && found === value;
    });
  const report = (record: object) => ({ time: '2026-11-23T12:00:00.000Z', type: 'platform.report', record });
  expect(isFound({ level: 'ERROR', message: 'handler failed' })).toBe(true);
  expect(isFound(report({ requestId: 'one', status: 'timeout' }))).toBe(true);
  expect(isFound(report({ requestId: 'one', status: 'error', errorType: 'Runtime.OutOfMemory' }))).toBe(true);
  expect(isFound({ type: 'platform.initReport', record: { phase: 'init', status: 'timeout' } })).toBe(true);
  expect(isFound(report({ requestId: 'one', status: 'success' }))).toBe(false);
  expect(isFound({ level: 'INFO', message: 'polled' })).toBe(false);
  expect(isFound({ level: 'FATAL', OpenReveals: 3 })).toBe(false);
});

it('says what the alarms cost: a tenth of a dollar a month for each metric that one looks at', async () => {
  const { template } = await testAssembly();
  const looked = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .flatMap(({ Properties }) => metricsOf(Properties as unknown as AlarmProperties));
  expect(/look at (\d+) metrics: about \$([\d.]+) a month/.exec(page)?.slice(1)).toEqual([
    String(looked.length),
    (looked.length / 10).toFixed(2),
  ]);
});

it('lets a restricted deployer make everything that is in the template', async () => {
  const { template } = await testAssembly();
  const [policy = '{}'] = /(?<=```json\n)\{[\s\S]*?(?=```)/.exec(page) ?? [];
  const allowed: string[] = JSON.parse(policy).Statement[0].Action;
  const prefixes: Record<string, string> = {
    ApiGatewayV2: 'apigateway',
    StepFunctions: 'states',
  };
  const services = new Set(Object.values(template.Resources).map(({ Type }) => Type.split('::')[1] ?? ''));
  services.delete('CDK');
  for (const service of services) {
    const prefix = prefixes[service] ?? service.toLowerCase();
    expect(
      allowed.filter((action) => action.startsWith(`${prefix}:`)),
      service,
    ).not.toEqual([]);
  }
  // What API Gateway asks for in the deployer's name when an access log is set up.
  for (const action of ['CreateLogDelivery', 'PutResourcePolicy', 'DescribeResourcePolicies', 'ListLogDeliveries']) {
    expect(page).toContain(`logs:${action}`);
  }
});

it('lists what a table must have that is adopted', () => {
  const section = page.split('## Use a table and a secret again')[1]?.split('\n## ')[0] ?? '';
  const row = (start: string) => section.split('\n').find((line) => line.startsWith(`| ${start}`)) ?? '';
  const named = (start: string) => [...row(start).matchAll(/`(\w+)`/g)].map(([, name]) => name);
  expect(named('keys')).toEqual([revealsKey.partition, revealsKey.sort]);
  expect(named(`index \`${listIndex.name}`)).toEqual([
    listIndex.name,
    listIndex.partition,
    listIndex.sort,
    ...listIndex.shown,
  ]);
  expect(named(`index \`${openIndex.name}`)).toEqual([openIndex.name, openIndex.partition, openIndex.sort]);
  expect(named('time to live')).toEqual([revealsKey.timeToLive]);
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
