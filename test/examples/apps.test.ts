import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { outputNames } from '../../lambdas/contract.ts';
import { patiently } from '../support/synthesised.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const examples = (await readdir(`${repository}examples`, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const exists = (path: string) =>
  readFile(`${repository}examples/${path}`).then(
    () => true,
    () => false,
  );
const apps = (await Promise.all(examples.map(async (name) => ((await exists(`${name}/app.ts`)) ? [name] : [])))).flat();

interface Synthesised {
  Outputs: Record<string, unknown>;
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

let folder: string;
// One process for all, as a user would run it: on the package by its name.
beforeAll(async () => {
  folder = await temporaryFolder();
  const given = ['--import', 'tsx', 'test/examples/synthesise.ts', folder, ...apps];
  await promisify(execFile)(process.execPath, given, { cwd: repository });
}, patiently.timeout);

async function stacksOf(example: string): Promise<Synthesised[]> {
  const templates = (await readdir(`${folder}/${example}`)).filter((file) => file.endsWith('.template.json'));
  return Promise.all(templates.map(async (file) => JSON.parse(await readFile(`${folder}/${example}/${file}`, 'utf8'))));
}

describe('the examples', () => {
  it('are listed, each with what it shows, and have a README of their own', async () => {
    const readme = await readFile(`${repository}examples/README.md`, 'utf8');
    const linked = [...readme.matchAll(/\[[\w-]+\]\(([\w-]+)\)/g)].map(([, name]) => name);
    expect(linked.toSorted()).toEqual(examples.toSorted());
    for (const name of apps) expect(await readFile(`${repository}examples/${name}/README.md`, 'utf8')).toMatch(/^# /);
  });

  it.each(apps)(
    '%s: is synthesised without a finding, and its outputs say what to do next',
    patiently,
    async (name) => {
      const stacks = await stacksOf(name);
      expect(stacks.length).toBeGreaterThan(0);
      for (const { Resources, Outputs } of stacks) {
        const types = Object.values(Resources).map(({ Type }) => Type);
        expect(types).toContain('AWS::StepFunctions::StateMachine');
        const endings = [outputNames.fillApiKey, outputNames.api];
        for (const ending of endings) expect(Object.keys(Outputs).some((output) => output.endsWith(ending))).toBe(true);
      }
    },
  );
});
