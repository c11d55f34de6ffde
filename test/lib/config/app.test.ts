import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { synthesise } from '../../../local/template/assembly.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

it('npx cdk synth -c stage=dev -c retentionDays=90 makes the stack of that stage', async () => {
  const folder = await temporaryFolder();
  const cdk = `${repository}node_modules/aws-cdk/bin/cdk`;
  const noFile = `${folder}/none.json`;
  await writeFile(noFile, '{}');
  const context = ['-c', 'stage=dev', '-c', 'retentionDays=90', '-c', `configFile=${noFile}`];
  // The handlers are bundled already, and other tests read them meanwhile.
  const offline = ['--build', 'node --version', '--no-notices', '--quiet', '--output', folder];
  const env = { ...process.env, AWS_EC2_METADATA_DISABLED: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true' };
  await promisify(execFile)(process.execPath, [cdk, 'synth', ...context, ...offline], { cwd: repository, env });
  const template = await readFile(`${folder}/RevealRelay-dev.template.json`, 'utf8');
  expect(template).toContain('"RETENTION_DAYS": "90"');
});

it('a setting that cannot be ends the app with a line about it, without a stack trace', async () => {
  const failure = await synthesise(await temporaryFolder(), { retentionDays: '0', pollsperminute: '9' }).catch(
    (error: Error) => error,
  );
  expect((failure as Error).message.split('\n').slice(1)).toEqual([
    'retentionDays is 0, as given with -c retentionDays: give a whole number of days from 1 to 3650.',
    'pollsperminute, as given with -c pollsperminute, is no setting: did you mean pollsPerMinute?',
  ]);
});
