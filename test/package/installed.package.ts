import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { scriptedApi } from '../support/scripted-api.ts';
import { EmptyApp, uploadedHandlers } from './empty-app.ts';

const tarball = inject('tarball');
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

const synthesised = {
  types: expect.toSatisfy((types: Set<string>) => types.has('AWS::StepFunctions::StateMachine')),
  handlers: uploadedHandlers,
};

/** The app that the README shows. */
const readme = await readFile(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
const [, construct = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];

const subscriber = `
import { RevealRelayClient, RevealRelayProblem, type Reveal } from 'reveal-relay/client';
import { eventTypes, once, type RequestDetail, type RevealEvent, type SeenEvents } from 'reveal-relay/events';
import { recordKey, type RevealRecord, vendorAnswerIn } from 'reveal-relay/record';

export const hears: 'Contact Reveal Completed' = eventTypes.completed;
export const request: RequestDetail = { taskId: 'a', priority: 'bulk' };

export async function handler(event: { detail: RevealEvent }, seen: SeenEvents): Promise<boolean> {
  return once(event, seen, ({ detail }) => {
    const { table, revealId }: { table: string; revealId: string } = detail.record;
    console.log(table, revealId, detail.found.emails + 1);
    // @ts-expect-error Contact data is in the table, and in no event.
    console.log(detail.result);
  });
}

export function found(record: RevealRecord): string[] {
  const bytes: Uint8Array | undefined = vendorAnswerIn(record);
  const key: { revealId: string; part: 'reveal' } = recordKey(record.revealId);
  console.log(bytes?.length, key.part, record.charge?.method);
  // @ts-expect-error The relay's own bookkeeping may change.
  console.log(record.claimedBy);
  return (record.result?.emails ?? []).filter(({ status }) => status === 'valid').map(({ email }) => email);
}

export async function ask(token: () => Promise<string>): Promise<Reveal | undefined> {
  const relay = new RevealRelayClient({ url: 'https://relay.example.com', token });
  const { reveal } = await relay.start({ linkedinUrl: 'https://www.linkedin.com/in/ada', find: ['work-emails'] });
  // @ts-expect-error There is no such kind.
  const wrong = () => relay.start({ linkedinUrl: 'https://www.linkedin.com/in/ada', find: ['faxes'] });
  console.log(typeof wrong);
  return relay.waitFor(reveal.revealId, { timeoutMs: 60_000 }).catch((error: unknown) => {
    if (error instanceof RevealRelayProblem) console.log(error.status, error.type);
    return undefined;
  });
}
`;

/** Asks a relay by the client alone. */
const asking = (imported: string) => `
${imported}
(async () => {
  const relay = new RevealRelayClient({ url: process.argv[2], sleep: async () => {} });
  const { status } = await relay.waitFor('a');
  const refused = await relay.get('b').catch((error) => error);
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'any' };
  const fetch = async (_url, { headers }) => Response.json({ paused: false, signed: headers.authorization });
  const url = 'https://ab.execute-api.eu-west-1.amazonaws.com';
  const { signed } = await new RevealRelayClient({ url, credentials, fetch, now: () => 0 }).starts();
  console.log(JSON.stringify({ status, refused: refused instanceof RevealRelayProblem && refused.type, signed }));
})();
`;

/** As `cdk init` writes it today, but for the tests, and with the declarations of libraries checked. */
const todaysCompiler = {
  target: 'ES2022',
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  lib: ['es2022'],
  declaration: true,
  strict: true,
  noEmit: true,
  isolatedModules: true,
  skipLibCheck: false,
  types: ['node'],
};

/** As `cdk init` wrote it for years. */
const formerCompiler = { target: 'ES2022', module: 'commonjs', lib: ['es2022'], strict: true, types: ['node'] };

describe('the package, installed into an empty folder without running any script,', () => {
  it('is synthesised from an ES module, and its events are handled once', async () => {
    const files = {
      'app.mjs': construct,
      'one-copy.mjs': `
import { createRequire } from 'node:module';
import { RevealRelay } from 'reveal-relay';
import { once } from 'reveal-relay/events';
import schema from 'reveal-relay/events/low-credits.schema.json' with { type: 'json' };
const isOne = createRequire(import.meta.url)('reveal-relay').RevealRelay === RevealRelay;
const seen = new Set();
const add = (id) => !seen.has(id) && Boolean(seen.add(id));
const heard = [];
for (let copy = 0; copy < 2; copy += 1) {
  await once({ detail: { eventId: 'e' } }, { add, remove: (id) => seen.delete(id) }, () => heard.push('e'));
}
console.log(JSON.stringify({ isOne, heard, title: schema.title }));
`,
    };
    await using app = await EmptyApp.with({ tarball, files });
    expect(await app.synth('node app.mjs')).toEqual(synthesised);
    expect(JSON.parse(await app.node('one-copy.mjs'))).toEqual({
      isOne: true,
      heard: ['e'],
      title: 'The detail of "Low Credits"',
    });
  });

  it('is synthesised from CommonJS in plain JavaScript, as `npm init -y` leaves it', async () => {
    const files = {
      'app.js': construct.replaceAll(/^import (.*) from ('.*');$/gm, 'const $1 = require($2);'),
    };
    await using app = await EmptyApp.with({ tarball, files });
    expect(await app.synth('node app.js')).toEqual(synthesised);
  });

  it('is compiled and synthesised by TypeScript 7 and tsx, as `cdk init` has it today', async () => {
    const files = {
      'bin/app.ts': construct,
      'lib/subscriber.ts': subscriber,
      'lib/as-module.mts': subscriber,
      'tsconfig.json': JSON.stringify({ compilerOptions: todaysCompiler, exclude: ['node_modules', 'cdk.out'] }),
    };
    const tools = { typescript: 'typescript', tsx: 'tsx', '@types/node': '@types/node' };
    await using app = await EmptyApp.with({ tarball, files, tools });
    await app.node('node_modules/typescript/bin/tsc');
    expect(await app.synth('node --import tsx bin/app.ts')).toEqual(synthesised);
  });

  it('is compiled and synthesised by TypeScript 5 and ts-node, as `cdk init` had it', async () => {
    const files = {
      'bin/app.ts': construct,
      'lib/subscriber.ts': subscriber,
      'tsconfig.json': JSON.stringify({ compilerOptions: formerCompiler, exclude: ['node_modules', 'cdk.out'] }),
    };
    const tools = { typescript: 'typescript-5', 'ts-node': 'ts-node', '@types/node': '@types/node' };
    await using app = await EmptyApp.with({ tarball, files, tools });
    await app.node('node_modules/typescript/bin/tsc', ['--noEmit']);
    expect(await app.synth('node node_modules/ts-node/dist/bin.js --prefer-ts-exts bin/app.ts')).toEqual(synthesised);
  });

  it.each([
    ['an ES module', 'ask.mjs', "import { RevealRelayClient, RevealRelayProblem } from 'reveal-relay/client';"],
    ['CommonJS', 'ask.cjs', "const { RevealRelayClient, RevealRelayProblem } = require('reveal-relay/client');"],
  ])('calls a relay from %s, beside no other package', async (_how, file, imported) => {
    await using api = await scriptedApi(
      [202, { status: 'running' }, { 'retry-after': '1' }],
      [200, { status: 'completed' }],
      [404, { type: '/problems/no-such-reveal' }],
    );
    await using app = await EmptyApp.with({ tarball, files: { [file]: asking(imported) }, cdk: false });
    const printed = await app.node(file, [api.url]);
    expect(JSON.parse(printed)).toEqual({
      status: 'completed',
      refused: '/problems/no-such-reveal',
      signed: expect.stringMatching(/Credential=AKIDEXAMPLE\/19700101\/eu-west-1\/.* Signature=[0-9a-f]{64}$/),
    });
  });

  it('is one set of types, whether imported or required, for a program without the CDK', async () => {
    const compilerOptions = { ...todaysCompiler, exactOptionalPropertyTypes: true };
    const files = {
      'as-module.mts': subscriber,
      'as-script.cts': subscriber,
      'tsconfig.json': JSON.stringify({ compilerOptions, exclude: ['node_modules'] }),
    };
    const tools = { typescript: 'typescript', '@types/node': '@types/node' };
    await using app = await EmptyApp.with({ tarball, files, cdk: false, tools });
    await app.node('node_modules/typescript/bin/tsc');
  });

  it('says where in its source a handler has failed', async () => {
    const files = {
      'fail.js': `
const { dirname, join } = require('node:path');
const installed = dirname(require.resolve('reveal-relay/package.json'));
const { handler } = require(join(installed, 'dist/handlers/poll'));
handler({}, {}).catch(({ stack }) => console.log(stack));
`,
    };
    await using app = await EmptyApp.with({ tarball, files });
    const printed = await app.node('fail.js');
    const readable = await app.node('node_modules/reveal-relay/dist/cli/stack.js', ['poll'], printed);
    expect(readable).toMatch(/\(lambdas\/runtime\/environment\.ts:\d+:\d+\)/);
  });

  it('has no script that npm runs when it is installed, and no dependency but the CDK', async () => {
    await using app = await EmptyApp.with({ tarball, files: {} });
    const installed = JSON.parse(await readFile(join(app.folder, 'node_modules/reveal-relay/package.json'), 'utf8'));
    const runByNpm = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare'];
    expect(runByNpm.filter((name) => name in installed.scripts)).toEqual([]);
    expect([installed.dependencies ?? {}, Object.keys(installed.peerDependencies)]).toEqual([
      {},
      ['aws-cdk-lib', 'constructs'],
    ]);
  });
});

describe('the tarball', () => {
  const check = (bin: string, given: string[]) =>
    promisify(execFile)(process.execPath, [join(modules, bin), ...given], { env: { ...process.env, NO_COLOR: '1' } });

  it('has no fault that publint knows', async () => {
    expect((await check('publint/src/cli.js', [tarball, '--strict'])).stdout).toContain('All good!');
  });

  it('has types that are right for every way of importing it', async () => {
    const { stdout } = await check('@arethetypeswrong/cli/dist/index.js', [tarball, '--no-definitely-typed']);
    expect(stdout).toContain('No problems found');
  });
});
