import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { checkedApp, patiently } from '../support/synthesised.ts';
import { variants } from './variants.ts';

const flags = async () => {
  const text = await readFile(fileURLToPath(new URL('../../cdk.json', import.meta.url)), 'utf8');
  return (JSON.parse(text) as { context: Record<string, unknown> }).context;
};

describe('compliance', patiently, () => {
  // All variants in one app, which is synthesised once: a finding says in which stack it is.
  it.each([
    ["in an app without the CDK's feature flags", async () => ({})],
    ['in one with those of cdk.json', flags],
  ])('has no finding of AwsSolutions that is not acknowledged where it arises, %s', async (_where, context) => {
    const app = checkedApp({ context: await context() });
    for (const add of Object.values(variants)) add(app);
    const { directory } = app.synth();
    const templates = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.template.json'));
    expect(templates.length).toBeGreaterThan(Object.keys(variants).length);
  });

  it('would have failed on a finding', () => {
    const app = checkedApp();
    new Queue(new Stack(app, 'Finding'), 'Queue');
    expect(() => app.synth()).toThrow();
  });
});
