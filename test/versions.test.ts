import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFile(`${repository}${path}`, 'utf8');
const readJson = async (path: string) => JSON.parse(await read(path));
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);

interface Locked {
  version: string;
  engines?: { node?: string };
  hasInstallScript?: true;
  bin?: Record<string, string>;
}

const manifest = await readJson('package.json');
const lock: { version: string; packages: Record<string, Locked> } = await readJson('package-lock.json');
const pages = Object.fromEntries(
  await Promise.all(
    ['README', 'CONTRIBUTING', 'CHANGELOG', 'SECURITY', 'docs/releasing', 'docs/decisions'].map(async (name) => [
      name,
      await read(`${name}.md`),
    ]),
  ),
) as Record<string, string>;
const workflowNames = await readdir(`${repository}.github/workflows`);
const workflows = await Promise.all(
  workflowNames.map(async (name) => ({ name, text: await read(`.github/workflows/${name}`) })),
);
const ci = workflows.find(({ name }) => name === 'ci.yml')?.text ?? '';

/** The oldest Node that the tools run on. */
const oldest = { major: 20, minor: 19 };
const majors = [20, 22, 24];

/** Whether a range, as packages write it, has that Node in it. */
function takesOldest(range: string): boolean {
  return range.split('||').some((alternative) => {
    if (alternative.trim() === '*') return true;
    const [, operator, major = 0, minor = 0] = /^\s*(\^|>=|~|)\s*v?(\d+)(?:\.(\d+))?/.exec(alternative) ?? [];
    const isBelow = Number(major) < oldest.major || (Number(major) === oldest.major && Number(minor) <= oldest.minor);
    return isBelow && (operator === '>=' || Number(major) === oldest.major);
  });
}

describe('Node', () => {
  it('is promised from the same release on everywhere', async () => {
    const release = `${oldest.major}.${oldest.minor}`;
    expect(manifest.engines.node).toBe(`>=${release}`);
    for (const page of ['README', 'CONTRIBUTING']) expect(pages[page]).toContain(`Node ${release}, 22, 24 or later`);
    expect(ci).toContain(`node-version: ${release},`);
    // What only a newer one has is an error to the compiler.
    expect(manifest.devDependencies['@types/node']).toMatch(new RegExp(`^${oldest.major}\\.`));
  });

  it('is tested in every release line that is promised', () => {
    expect(JSON.parse(/node: (\[.*\])/.exec(ci)?.[1] ?? '[]')).toEqual(majors);
    expect(pages.CONTRIBUTING).toContain('on Node 20, 22 and 24, on Linux, macOS and Windows');
    const named = workflows.flatMap(({ text }) => all(text, /(?:node|node-version): (\d+)/g)).map(Number);
    expect(named.filter((major) => !majors.includes(major))).toEqual([]);
  });

  it('is the one that is there: none comes with the packages', () => {
    const bringing = Object.entries(lock.packages).filter(([, { bin }]) => Object.keys(bin ?? {}).includes('node'));
    expect(bringing.map(([path]) => path)).toEqual([]);
    expect(existsSync(`${repository}node_modules/.bin/node`)).toBe(false);
  });

  it('is new enough for every package but one, which is given what it misses', () => {
    const asking = Object.entries(lock.packages).filter(([, { engines }]) => !takesOldest(engines?.node ?? '*'));
    expect(asking.map(([path]) => path)).toEqual(['node_modules/aws-local-stepfunctions']);
  });
});

describe('installing', () => {
  it('runs no script of a package: the two that have one do without', () => {
    const withScripts = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = withScripts.map(([path]) => path.replace(/^.*node_modules\//, ''));
    expect(manifest.allowScripts).toEqual(Object.fromEntries(names.map((name) => [name, false])));
  });

  it('asks no registry by name', async () => {
    expect(await read('package-lock.json')).not.toMatch(/"resolved": "http/);
  });
});

describe('the tests', () => {
  it('are run by CI as the README says', async () => {
    expect(pages.README).toContain('`npm cit`');
    expect(all(pages.CONTRIBUTING ?? '', /^(npm \w+)/gm).slice(0, 2)).toEqual(['npm ci', 'npm test']);
    expect(pages.CONTRIBUTING).toContain('`npm cit` is the first two in one');
    expect((await read('.ci/run')).trim().split('\n').at(-1)).toBe('npm cit');
    expect(ci).toContain('- run: npm cit\n');
    expect(manifest.scripts.test).toBe('vitest run');
  });

  it('are compiled by TypeScript 7, though two packages have a command of its name', async () => {
    expect(manifest.scripts.check).toMatch(/&& node node_modules\/typescript\/bin\/tsc$/);
    expect(lock.packages['node_modules/typescript']?.version).toMatch(/^7\./);
  });
});

describe('the version', () => {
  it('is the same wherever it is named', () => {
    const { name, version } = manifest;
    expect([lock.version, lock.packages['']?.version]).toEqual([version, version]);
    expect(all(pages.CHANGELOG ?? '', /^## (.*)$/gm)[0]).toBe(version);
    const tarballs = Object.values(pages).flatMap((text) => all(text, new RegExp(`${name}-(\\d[\\w.-]*)\\.tgz`, 'g')));
    expect(new Set([version, ...tarballs])).toEqual(new Set([version]));
    const minor = version.split('.').slice(0, 2).join('.');
    expect(/newest minor version: ([\d.]+) today/.exec(pages.SECURITY ?? '')?.[1]).toBe(minor);
  });

  it('has something to say for itself in the changelog, and no part of it is still to be released', () => {
    const [, newest = ''] = (pages.CHANGELOG ?? '').split(/^## /m);
    expect(newest.split('\n').filter((line) => line.startsWith('- ')).length).toBeGreaterThan(0);
    expect(pages.CHANGELOG).not.toMatch(/unreleased/i);
  });

  it('can be published, with provenance, and not by mistake', () => {
    expect(manifest.private).toBeUndefined();
    expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true });
    expect(workflows.find(({ name }) => name === 'release.yml')?.text).toMatch(/id-token: write\n[\s\S]*npm publish\n/);
  });
});

describe('the CDK', () => {
  it('is promised from the same version on everywhere, which is not newer than the one that is tested with', () => {
    const [, oldestMinor] = /^\^2\.(\d+)\.0$/.exec(manifest.peerDependencies['aws-cdk-lib']) ?? [];
    const named = Object.values(pages).flatMap((text) => all(text, /\bfrom 2\.(\d{3}) on\b/g));
    expect(named.length).toBeGreaterThan(1);
    expect(new Set(named)).toEqual(new Set([oldestMinor]));
    expect(Number(manifest.devDependencies['aws-cdk-lib'].split('.')[1])).toBeGreaterThanOrEqual(Number(oldestMinor));
  });
});

describe('every workflow', () => {
  it('runs commands that there are', () => {
    const commands = workflows.flatMap(({ text }) => all(text, /npm run ([\w:]+)/g));
    expect(commands.filter((command) => !(command in manifest.scripts))).toEqual([]);
  });

  it('may do no more than it says, and uses actions of a version that it names', () => {
    for (const { name, text } of workflows) {
      expect(text, name).toMatch(/^permissions:/m);
      expect(all(text, /uses: (\S+)/g).filter((action) => !/@(v\d+|[0-9a-f]{40})$/.test(action))).toEqual([]);
    }
  });

  it('that a page names is there', () => {
    const named = all(pages['docs/releasing'] ?? '', /workflow `([\w-]+)(?:\.yml)?`/g);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !workflowNames.includes(`${name}.yml`))).toEqual([]);
  });
});
