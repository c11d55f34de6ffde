import { readdir } from 'node:fs/promises';
import { Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { allFlags } from '../support/feature-flags.ts';
import { checkedApp, patiently } from '../support/synthesised.ts';
import { variants } from './variants.ts';

describe('compliance', patiently, () => {
  // All variants in one app, which is synthesised once: a finding says in which stack it is.
  it.each([
    ["in an app without the CDK's feature flags", {}],
    ['in one with all that it recommends', allFlags],
  ])('has no finding of AwsSolutions that is not acknowledged where it arises, %s', async (_where, context) => {
    const app = checkedApp({ context });
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
