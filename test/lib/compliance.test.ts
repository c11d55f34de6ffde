import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { checkedApp, patiently } from '../support/synthesised.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { variants } from './variants.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

describe('compliance', patiently, () => {
  it.each(Object.entries(variants))(
    'has no finding of AwsSolutions that is not acknowledged where it arises: %s',
    (_name, add) => {
      const app = checkedApp();
      add(app);
      expect(() => app.synth()).not.toThrow();
    },
  );

  it('holds for `cdk synth` of all of them in one app', async () => {
    const folder = await temporaryFolder();
    const cdk = `${repository}node_modules/aws-cdk/bin/cdk`;
    const app = `${process.execPath} --import tsx test/lib/variants.app.ts`;
    const given = ['synth', '--quiet', '--no-notices', '--build', 'true', '--app', app, '--output', folder];
    await promisify(execFile)(process.execPath, [cdk, ...given], { cwd: repository });
    const templates = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.template.json'));
    expect(templates.length).toBeGreaterThan(Object.keys(variants).length);
  });

  it('would have failed on a finding', () => {
    const app = checkedApp();
    new Queue(new Stack(app, 'Finding'), 'Queue');
    expect(() => app.synth()).toThrow();
  });
});
