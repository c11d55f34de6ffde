import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, it } from 'vitest';
import { listenOnLoopback, stopListening } from '../../local/services/loopback.ts';
import { type DocumentedRelay, startDocumentedRelay } from './documented-relay.ts';
import { holdsWhatCommandsPrint } from './made-by-commands.ts';

const document = new URL('../../docs/api.md', import.meta.url);
const run = promisify(execFile);

let vendorAddress = '';
/** The vendor starts this person's task, for all anybody knows, and its answer never comes. */
const vendor = createServer(async (request, response) => {
  const body = await text(request);
  if (body.includes('/ada-example')) return response.destroy();
  const { method, url, headers } = request;
  const { host: _, 'content-length': __, connection: ___, ...passed } = headers as Record<string, string>;
  const answer = await fetch(vendorAddress + url, { method, headers: passed, ...(body && { body }) });
  const type = answer.headers.get('content-type') ?? '';
  response.writeHead(answer.status, { 'content-type': type }).end(await answer.text());
});

let test: DocumentedRelay;
beforeAll(async () => {
  const inBetween = await listenOnLoopback(vendor);
  test = await startDocumentedRelay(({ service, url }) => {
    if (service !== 'fiber') return url;
    vendorAddress = url;
    return inBetween;
  });
});
afterAll(async () => {
  await test.close();
  await stopListening(vendor);
});

/** What the shell prints. A relay that is asked to wait has its time pass meanwhile. */
async function answerOf(command: string): Promise<unknown> {
  const env = { ...process.env, URL: test.relay.deployment.httpUrl ?? '' };
  const quietly = command.replace(/^curl/, 'curl --silent --show-error');
  const asked = run('sh', ['-c', quietly], { env });
  const { fastForward } = test.relay.deployment;
  const { stdout } = await (command.includes('wait=') && fastForward ? fastForward.during(asked) : asked);
  return JSON.parse(stdout);
}

/** What time brings, and what the vendor makes up. */
const drawnAnew = [
  'polls',
  'ageSeconds',
  'secondsLeft',
  'cursor',
  'vendorStatus',
  'emails',
  'lowQualityEmails',
  'phoneNumbers',
];

/** What an answer says in each run: fields, types, states and problems, but no times. How far a running reveal has come is a matter of the machine. */
function shape(value: unknown, name = ''): unknown {
  if (drawnAnew.includes(name)) return typeof value;
  if (typeof value === 'string') {
    return value.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, 'a time').replace(/-[0-9a-f]{16}$/, '-task');
  }
  if (Array.isArray(value)) return value.map((item) => shape(item));
  if (typeof value !== 'object' || value === null) return value;
  const shown =
    'progress' in value && 'status' in value && value.status === 'running' ? { ...value, progress: {} } : value;
  return Object.fromEntries(Object.entries(shown).map(([key, held]) => [key, shape(held, key)]));
}

const steady = (page: string) =>
  page.replace(/(?<=^```json\n).*?(?=^```)/gms, (answer) => `${JSON.stringify(shape(JSON.parse(answer)), null, 2)}\n`);

it('shows what the commands are answered, in their order', async () => {
  const parts =
    /^<!-- (?<unseen>[^\n]*) -->$|^```sh\n(?<command>curl [^\n]*\$URL[^\n]*)\n```\n\n```json\n(?<shown>.*?)\n```$/gms;
  const make = async ({ 0: whole, groups = {} }: RegExpExecArray) => {
    const { unseen = '', command = '', shown = '' } = groups;
    const later = /^(\d+) seconds later$/.exec(unseen);
    if (later) await test.pass(Number(later[1]));
    else if (unseen) await answerOf(unseen);
    if (unseen) return whole;
    const answer = JSON.stringify(await answerOf(command), null, shown.includes('\n') ? 2 : 0);
    return `\`\`\`sh\n${command}\n\`\`\`\n\n\`\`\`json\n${answer}\n\`\`\``;
  };
  await holdsWhatCommandsPrint(document, parts, make, steady);
});
