import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { exportsOf } from '../../build/docs/declarations.ts';
import { packageEntries } from '../../build/docs/entries.ts';
import { docsPages } from '../../build/docs/pages.ts';
import { undescribed } from '../../build/docs/undescribed.ts';
import { parseConfigFile } from '../../lib/config/config-file.ts';
import { configuredStack } from '../../lib/config/configured-stack.ts';
import { contextSettings } from '../../lib/config/context-settings.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const pages = docsPages(repository);
let head: string;
let example: string;

beforeAll(async () => {
  head = await readFile(`${repository}build/docs/settings-head.md`, 'utf8');
  example = await readFile(`${repository}relay.config.example.json`, 'utf8');
});

describe('what is made from the comments', () => {
  it.each(Object.keys(pages))('is up to date: docs/%s', async (name) => {
    const checkedIn = await readFile(`${repository}docs/${name}`, 'utf8');
    // Git on Windows may write lines as that system ends them.
    expect(checkedIn.replaceAll('\r\n', '\n'), 'Stale: run npm run docs').toBe(pages[name]);
  });

  it('has something to say of everything public', () => {
    expect(undescribed(packageEntries(repository)), 'Write a comment before each of them').toEqual([]);
  });

  it('would notice a member without a comment, and one whose type has none', async () => {
    const source = `${await temporaryFolder()}/silent.ts`;
    await writeFile(
      source,
      `/** Told of. */
      export interface Told {
        /** This too. */
        readonly of: string;
        readonly not: Told;
        readonly silent: number;
      }
      export type Untold = string;
      export class Half {
        readonly member = 1;
        #hidden = 2;
        private also = 3;
        /** Does. */
        does(): void {}
      }`,
    );
    const exported = exportsOf(source, repository);
    expect(undescribed([{ name: 'silent', exported }])).toEqual(['Told.silent', 'Untold', 'Half', 'Half.member']);
  });
});

describe('docs/settings.md', () => {
  const commands = () =>
    [...head.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, code = '']) => code.trim().split('\n'));
  const contextOf = (command: string) =>
    Object.fromEntries([...command.matchAll(/-c (\w+)=([^\s`]+)/g)].map(([, name, value]) => [name, value]));

  it('shows commands that work', async () => {
    const folder = await temporaryFolder();
    for (const command of commands()) {
      if (command === 'cp relay.config.example.json relay.config.json') {
        await copyFile(`${repository}relay.config.example.json`, `${folder}/relay.config.json`);
        continue;
      }
      expect(command).toMatch(/^npx cdk (deploy|diff|destroy)( -c \w+=\S+)*$/);
      const context = contextOf(command);
      const configFile = context.configFile && { configFile: repository + context.configFile };
      const app = new App({ context: { ...context, ...configFile } });
      const { stack } = configuredStack(app, { folder, environment: {} });
      expect(stack.stackName).toBe(context.stage ? `RevealRelay-${context.stage}` : 'RevealRelay');
    }
    expect(commands().length).toBeGreaterThan(5);
  });

  it('shows settings in sentences as they are given', () => {
    for (const [given] of head.matchAll(/`-c \w+=[^`]+`/g))
      expect(() => contextSettings(contextOf(given))).not.toThrow();
  });

  it('shows refusals word for word', () => {
    const [, shown = ''] = /```\n([\s\S]*?)```/.exec(head.split('on the command line:')[1] ?? '') ?? [];
    const refusals = [
      () => contextSettings({ retentiondays: '9' }),
      () => parseConfigFile('{ "stages": { "dev": { "keyShare": 2 } } }', 'relay.config.json'),
    ];
    const lines = shown.trim().split('\n');
    expect(lines.length).toBe(refusals.length);
    for (const [at, refused] of refusals.entries()) expect(refused).toThrow(lines[at]);
  });

  it('says where each setting is described', () => {
    const page = pages['settings.md'] ?? '';
    const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const targets = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target);
    expect(targets.filter((target) => !headings.includes(target ?? ''))).toEqual([]);
  });
});

describe('the JSON schema', () => {
  const accepts = (content: unknown) =>
    z.fromJSONSchema(JSON.parse(pages['relay.config.schema.json'] ?? '')).safeParse(content).success;
  const isAccepted = (content: unknown) => {
    try {
      parseConfigFile(JSON.stringify(content), 'relay.config.json');
      return true;
    } catch {
      return false;
    }
  };

  it('takes the example', () => {
    expect(accepts(JSON.parse(example))).toBe(true);
  });

  it.each<[boolean, unknown]>([
    [true, {}],
    [true, { stages: { dev: {}, prod: { keyShare: null } } }],
    [true, { corsOrigins: ['https://a.example.com'], table: 'Kept' }],
    [false, { keyshare: 1 }],
    [false, { keyShare: 2 }],
    [false, { retentionDays: 1.5 }],
    [false, { retentionDays: '90' }],
    [false, { account: '1' }],
    [false, { corsOrigins: [] }],
    [false, { apiKeySecret: 'sk_live_1' }],
    [false, { stages: { dev: { stages: {} } } }],
    [false, { stages: { dev: 1 } }],
    [false, { stages: { 'a b': {} } }],
  ])('and the app agree, with %s, on %j', (isFine, content) => {
    expect([accepts(content), isAccepted(content)]).toEqual([isFine, isFine]);
  });
});
