import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { unescape as decoded } from 'node:querystring';
import { fileURLToPath } from 'node:url';
import { outputNames } from '../../lambdas/contract.ts';
import { FolderLockedError } from '../../local/data/folder-lock.ts';
import { keepVendor, OtherVendorError } from '../../local/data/folder-vendor.ts';
import { TimeAheadError } from '../../local/data/kept-time.ts';
import { StandInFiber, seededRandom } from '../../local/fiber/index.ts';
import { EmbeddedRelay } from '../../local/relay.ts';
import { AssemblyError, synthesise } from '../../local/template/assembly.ts';
import { TemplateError } from '../../local/template/template.ts';
import { RelayClock } from '../../local/time/relay-time.ts';
import { jsonObject } from '../json-object.ts';
import { plain } from '../plain-text.ts';
import { isRevealId } from '../reveal-id.ts';
import { refuseUsage, UsageError } from '../usage-error.ts';
import { placeholderKey, proxyVariables } from '../vendor-choice.ts';
import { addressLines, awsOutput, outputsFile, runningOutputs, shellLines } from './addresses.ts';
import type { EmbeddedContext } from './embedded-context.ts';
import { readServeArguments, type ServeArguments, serveUsage } from './serve-arguments.ts';

/** Where the cloud assembly of `npm run local` lies: apart from that of `npm start`, which may run beside it. */
const assemblyFolder = fileURLToPath(new URL('../../dist/local-assembly', import.meta.url));

/** The same every time: a task takes as long after a restart as it would have taken without. */
const standInSeed = 22;

/**
 * `npm run local`: the whole relay, until it is interrupted.
 *
 * @returns the exit code: 0 interrupted, 1 could not be started, 2 wrong usage
 */
export async function serve(context: EmbeddedContext): Promise<number> {
  const { given, environment, stdout, stderr } = context;
  try {
    const wanted = readServeArguments(given, environment);
    if (wanted.help) stdout.write(serveUsage);
    else if (wanted.where) await sayWhere(resolve(wanted.data), context);
    else await run(wanted, context);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) return refuseUsage(error, serveUsage, stderr);
    // Ctrl-C ends the CDK app as well, which then fails.
    if (context.interrupted.aborted) return 0;
    const isKnown = [AssemblyError, FolderLockedError, OtherVendorError, TemplateError, TimeAheadError].some(
      (kind) => error instanceof kind,
    );
    if (!isKnown && !isPortTaken(error)) throw error;
    const message = isPortTaken(error) ? 'The port is taken: give another one with --port.' : (error as Error).message;
    stderr.write(`${message}\n`);
    return 1;
  }
}

/** What the relay that runs on this folder has said when it was started. */
async function sayWhere(folder: string, { stdout }: EmbeddedContext): Promise<void> {
  const outputs = await runningOutputs(folder);
  const lines = [...addressLines(outputs, folder), `listening on ${outputs[outputNames.api]}`, ...shellLines(outputs)];
  for (const line of lines) stdout.write(`${plain(line)}\n`);
}

async function run(
  { port, data, speed, vendor, webhook }: Extract<ServeArguments, { help: false }>,
  { stdout, environment, interrupted, assembly: given }: EmbeddedContext,
): Promise<void> {
  const say = (line: string) => stdout.write(`${plain(line)}\n`);
  if (!given) say('Synthesising what `cdk deploy` would ship …');
  const assembly = given ?? (await synthesise(assemblyFolder, toldBy(webhook)));
  if (interrupted.aborted) return;
  const folder = resolve(data);
  await mkdir(folder, { recursive: true });
  keepVendor(folder, vendor.kind === 'stand-in' ? 'the stand-in' : vendor.baseUrl);

  const clock = RelayClock.start(speed);
  const fiber =
    vendor.kind === 'stand-in'
      ? await StandInFiber.listen({ apiKey: placeholderKey, now: clock.now, random: seededRandom(standInSeed) })
      : undefined;
  const vendorUrl = fiber?.url ?? (vendor.kind === 'address' ? vendor.baseUrl : '');
  try {
    const relay = await EmbeddedRelay.start({
      assembly,
      clock,
      data: folder,
      httpPort: port,
      apiKey: vendor.kind === 'stand-in' ? placeholderKey : vendor.apiKey,
      fiberBaseUrl: vendorUrl,
      proxy: proxyVariables(environment),
      onHttp: ({ method, path, status }) => say(`${method} ${shown(path)} ${status}`),
      onEvent: (_bus, event) => {
        if (event.source === 'reveal-relay') say(`event ${event['detail-type']} ${describe(event.detail)}`);
      },
      onLog: (handler, line) => {
        if (line.includes('"level":"ERROR"')) say(`${handler} ${line}`);
      },
    });
    try {
      say(fiber ? `vendor: the stand-in at ${vendorUrl}` : `vendor: ${vendorUrl}, where a start costs credits`);
      for (const { name, secret } of receiversIn(relay.outputs[outputNames.webhooks])) {
        say(`webhooks to ${name} are signed by whsec_${relay.secrets.valueOf(secret)}`);
      }
      // As `cdk deploy --outputs-file` writes it, so that the same commands work here and there.
      const outputs = {
        ...relay.outputs,
        [outputNames.api]: relay.deployment.httpUrl,
        [awsOutput]: relay.deployment.endpointUrl,
        [outputNames.settings]: settingsAt(vendorUrl, relay.outputs[outputNames.settings]),
      };
      await writeFile(outputsFile(folder), JSON.stringify({ [assembly.stackName]: outputs }, null, 2));
      for (const line of addressLines(outputs, folder)) say(line);
      say(`process ${process.pid} keeps its records in ${folder}`);
      say(`listening on ${relay.deployment.httpUrl}`);
      await new Promise<void>((stopped) => {
        if (interrupted.aborted) stopped();
        interrupted.addEventListener('abort', () => stopped(), { once: true });
      });
    } finally {
      await relay.close();
    }
  } finally {
    await fiber?.close();
  }
}

/** As `-c webhooks=…` would say it. A receiver on this machine has to be allowed by its address. */
function toldBy(url: string | undefined): Record<string, string> {
  if (url === undefined) return {};
  const allowed = url.startsWith('http:') ? { allowAddresses: ['127.0.0.1'] } : {};
  return { webhooks: JSON.stringify([{ url, include: 'result', ...allowed }]) };
}

function receiversIn(output: unknown): { name: string; secret: string }[] {
  return output === undefined ? [] : JSON.parse(String(output));
}

/** What the template is set to, with the vendor that is really asked. */
function settingsAt(fiberBaseUrl: string, settings: unknown): string {
  return JSON.stringify({ ...jsonObject(String(settings)), fiberBaseUrl });
}

/** A wrong path may hold anything, such as an e-mail address given for an id. Shown is what could be a path of the API's. */
function shown(path: string): string {
  const parts = path.split('/').map((part) => decoded(part));
  return parts.every((part) => part === '' || isRevealId(part)) ? path : '/…';
}

/** An event in half a line: it holds no contact data. Copies of one event have the same id. */
function describe(detail: unknown): string {
  const { revealId, outcome, reason, found, requestEventId, problem, eventId } = detail as Record<string, unknown>;
  return [
    revealId,
    outcome,
    reason,
    found && JSON.stringify(found),
    requestEventId,
    problem,
    eventId && `id ${eventId}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
