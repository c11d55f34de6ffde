import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, CfnOutput } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RevealRelayStack } from '../../lib/index.ts';
import { localClientOptions } from '../../local/services/client-options.ts';
import { listenOnLoopback, stopListening } from '../../local/services/loopback.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { resourcesOf } from '../support/synthesised.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Commands } from './jobs/commands.ts';
import { endedReveals } from './jobs/ended-reveals.ts';
import { stack } from './jobs/sales-app.ts';
import { Terminals } from './jobs/terminals.ts';

/** `UPDATE_DOCS=yes npm test -- test/docs/jobs.test.ts` writes what the commands print into the document. */
const isUpdate = process.env.UPDATE_DOCS === 'yes';
const document = new URL('../../docs/jobs.md', import.meta.url);
const page = await readFile(document, 'utf8');
const sections = page.split(/^(?=## )/m).map((text) => ({ title: /^#+ (.*)/.exec(text)?.[1] ?? '', text }));
const codeIn = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code);

const isThere = (program: string, ...given: string[]) => spawnSync(program, given).status === 0;
const curl = /^curl (\d+)\.(\d+)/.exec(spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout ?? '');
const missing = [
  ...(isThere('python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 9))') ? [] : ['python3']),
  ...(curl && Number(curl[1]) * 1_000 + Number(curl[2]) >= 7_084 ? [] : ['curl']),
  ...(isThere('bash', '-c', 'true') ? [] : ['.sh ']),
];
const canRun = (commands: string) => !missing.some((program) => commands.includes(program));

/** As many as stand for the page's 2,000: what becomes of each is the same. */
const few = 6;
/** What the stand-in charges for each. */
const credits = 12;
const asMany = (text: string) =>
  text
    .replace(new RegExp(`\\b${few}(?= reveals)|(?<=completed +)${few}$|^${few}$`, 'gm'), '2000')
    .replace(new RegExp(`(?<=cost +)${few * credits}(?= credits)`), String(2_000 * credits));

/** Without what is drawn anew for each run, or a matter of the machine: ids, times, what is found of somebody. */
const steady = (text: string) =>
  text
    .replace(/person-1-[0-9a-f]{40}/g, 'person')
    .replace(/\b[0-9a-f]{32}\b/g, 'event')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then')
    .replace(/(polls +)\d+/g, '$1some')
    .replace(/"(emails|lowQualityEmails|phoneNumbers)": ?\d+/g, '"$1": some')
    .replace(/^( {2}(?:e-mails|phone numbers) +).*$/gm, '$1some')
    .replace(/^\{\n {2}"emails": .*?^\}$/gms, 'contacts')
    .replace(/\d+ credits are left, enough for \d+ starts|ends on [\d-]+/g, 'some credits')
    .replace(/127\.0\.0\.1:\d+/g, 'there')
    .replace(/[\w.]+@example\.\w+|\+1\d{10}/g, 'contact');

// The shell and its stand-ins for npm are those of Unix.
describe.skipIf(process.platform === 'win32')('docs/jobs.md', () => {
  let commands: Commands;
  let terminals: Terminals;
  let receiver: string;
  let made: string[] = [];

  beforeAll(async () => {
    const server = createServer();
    receiver = new URL(await listenOnLoopback(server)).host;
    await stopListening(server);
    const folder = await temporaryFolder();
    const app = new App({
      outdir: join(folder, 'assembly'),
      context: { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true },
    });
    const webhook = { url: `http://${receiver}/`, include: 'result', allowAddresses: ['127.0.0.1'] } as const;
    const relay = new RevealRelayStack(app, 'RevealRelay', { relay: { webhooks: [webhook] } });
    new CfnOutput(relay, 'EndedRevealsUrl', { value: endedReveals(relay, relay.relay).queueUrl });
    app.synth();
    commands = new Commands(await readAssembly(join(folder, 'assembly')), receiver.split(':')[1] ?? '');
    terminals = await Terminals.open(folder, commands.answer);
  });
  afterAll(async () => {
    await commands?.[Symbol.asyncDispose]();
    await terminals?.[Symbol.asyncDispose]();
    if (isUpdate && made.length === sections.length) await writeFile(document, made.join(''));
  });

  /** The page's addresses are those of a relay and a receiver that have the usual ports. */
  const here = (text: string) =>
    text.replaceAll('127.0.0.1:8787', new URL(commands.url || 'http://x').host).replaceAll('127.0.0.1:9000', receiver);
  const asOnThePage = (text: string) =>
    text
      .replaceAll(new URL(commands.url || 'http://x').host, '127.0.0.1:8787')
      .replaceAll(receiver, '127.0.0.1:9000')
      .replaceAll(`${terminals.folder}/`, '');

  it.each(sections)('$title: each command does what the page says', async ({ text }) => {
    let screen: string | undefined;
    let whole = '';
    for (const part of text.split(/^(?=```)/m)) {
      const [, language = '', name = '', content = ''] = /^```(\w+)(?: (\S+))?\n(.*)$/s.exec(part) ?? [];
      let shown = part;
      if (language === 'csv') await writeFile(join(terminals.folder, name), content);
      else if (language === 'sh' && canRun(content)) {
        const ran = await terminals.run(here(content).replace('sleep 10', 'sleep 1').replace('seq 2000', `seq ${few}`));
        expect(ran.code, `${content}${ran.screen}`).toBe(0);
        screen = asMany(asOnThePage(ran.screen));
      } else if (language === 'sh') screen = undefined;
      else if (language === 'text' && name) {
        const terminal = name as keyof Commands['screens'];
        await expect.poll(() => steady(asOnThePage(commands.screens[terminal]))).toContain(steady(content));
      } else if (language === 'text' && screen !== undefined) {
        if (isUpdate) shown = `\`\`\`text\n${screen}`;
        else expect(steady(screen)).toBe(steady(content));
      }
      // A block's own end begins a part, with what the page says after it.
      whole += shown;
    }
    made = [...made, whole];
  });

  it('shows a queue on the bus that is told how reveals ended', async () => {
    const written = await readFile(join(terminals.folder, '.local/outputs.json'), 'utf8');
    const [{ AwsEndpointUrl = '', EndedRevealsUrl: QueueUrl } = {}] = Object.values<Record<string, string>>(
      JSON.parse(written),
    );
    const sqs = new SQSClient(localClientOptions(AwsEndpointUrl));
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    sqs.destroy();
    const told = Messages.map(({ Body = '{}' }) => JSON.parse(Body));
    expect(told.length).toBeGreaterThan(0);
    for (const event of told) expect(event['detail-type']).toMatch(/^Contact Reveal (Completed|Failed)$/);
  });
});

describe('the code of docs/jobs.md', () => {
  const read = (name: string) => readFile(new URL(`jobs/${name}`, import.meta.url), 'utf8');

  it('is compiled, and what it makes is synthesised: alarms that tell a topic, a cap, receivers, a queue on the bus', async () => {
    const files = await Promise.all([read('ended-reveals.ts'), read('sales-app.ts')]);
    expect(codeIn(page, 'ts')).toEqual(
      files.map((code) => code.replace("'../../../lib/index.ts'", "'reveal-relay'").replace('export const', 'const')),
    );
    const resources = resourcesOf(stack);
    const alarms = resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(10);
    for (const { Properties } of alarms) expect(JSON.stringify(Properties.AlarmActions)).toContain(':on-call');
    const all = JSON.stringify(resources);
    expect(all).toContain('https://crm.example.com/reveals');
    expect(all).toContain('EndedReveals');
  });
});
