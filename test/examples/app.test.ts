import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { outputNames } from '../../lambdas/contract.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('the example app is synthesised, with the outputs that the commands in docs/operations.md read', async () => {
  const folder = await temporaryFolder();
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const env = { ...process.env, CDK_OUTDIR: folder };
  await promisify(execFile)(process.execPath, ['--import', 'tsx', 'examples/app.ts'], { cwd, env });
  const { Outputs } = JSON.parse(await readFile(`${folder}/RevealRelayExample.template.json`, 'utf8'));
  expect(Object.keys(Outputs)).toEqual(expect.arrayContaining(Object.values(outputNames)));
});
