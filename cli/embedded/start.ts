import { isUtf8 } from 'node:buffer';
import { fileURLToPath } from 'node:url';
import { outputNames } from '../../lambdas/contract.ts';
import { FolderLockedError } from '../../local/data/folder-lock.ts';
import { type ScenarioName, StandInFiber, seededRandom } from '../../local/fiber/index.ts';
import { EmbeddedRelay, type StoredRecord } from '../../local/relay.ts';
import { AssemblyError, synthesise } from '../../local/template/assembly.ts';
import { TemplateError } from '../../local/template/template.ts';
import { RelayClock } from '../../local/time/relay-time.ts';
import { plain } from '../plain-text.ts';
import { ProgressView, type RevealProgress, type Screen } from '../progress.ts';
import { UsageError } from '../usage-error.ts';
import { defaultSpeed, maxWaitOf } from './default-speed.ts';
import type { EmbeddedContext } from './embedded-context.ts';
import { describeReport, type RevealReport, type VendorAnswer } from './report.ts';
import { readStartArguments, type StartArguments, startUsage } from './start-arguments.ts';
import { placeholderKey, proxyVariables } from './vendor-choice.ts';

/** Where the cloud assembly of `npm start` lies. */
const assemblyFolder = fileURLToPath(new URL('../../dist/assembly', import.meta.url));

/** The same every time, so that the default run takes the same time every time. */
const standInSeed = 22;

/**
 * `npm start`: one reveal through the whole relay.
 *
 * @returns the exit code: 0 revealed, 1 not revealed (or the relay could not be started), 2 wrong usage, 130 interrupted
 */
export async function start(context: EmbeddedContext): Promise<number> {
  const { given, environment, stdout, stderr } = context;
  let wanted: StartArguments;
  try {
    wanted = readStartArguments(given, environment);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`${error.message}\n\n${startUsage}`);
    return 2;
  }
  if (wanted.help) {
    stdout.write(startUsage);
    return 0;
  }
  const screen = wanted.json ? stderr : stdout;
  const color = screen.isTTY === true && !environment.NO_COLOR;
  const played = await playReveal(wanted, screen, context).catch((error: unknown) => {
    // Ctrl-C ends the CDK app as well, which then fails.
    if (context.interrupted.aborted) return undefined;
    const known = [AssemblyError, FolderLockedError, TemplateError].find((kind) => error instanceof kind);
    if (known) return error as Error;
    throw error;
  });
  if (played instanceof Error) {
    stderr.write(`${played.message}\n`);
    return 1;
  }
  if (!played) {
    screen.write('Stopped looking. What the vendor has begun goes on there.\n');
    return 130;
  }
  const { report, ...frame } = played;
  if (wanted.json) stdout.write(`${JSON.stringify(report)}\n`);
  else stdout.write(`\n${describeReport(report, { ...frame, color })}`);
  return report.outcome === 'completed' ? 0 : 1;
}

type Wanted = Extract<StartArguments, { help: false }>;

async function playReveal(
  wanted: Wanted,
  screen: Screen,
  { assembly: given, environment, interrupted }: EmbeddedContext,
) {
  if (!given) screen.write('Synthesising what `cdk deploy` would ship …\n');
  const assembly = given ?? (await synthesise(assemblyFolder));
  if (interrupted.aborted) return undefined;

  const vendor = await openVendor(wanted, maxWaitOf(assembly.template));
  const { clock, taskId } = vendor;
  let wake = () => {};
  const progress = { state: 'starting', polls: 0 };
  const relay = await EmbeddedRelay.start({
    assembly,
    apiKey: vendor.apiKey,
    fiberBaseUrl: vendor.baseUrl,
    proxy: proxyVariables(environment),
    clock,
    httpPort: 0,
    stillAfterMs: 500,
    onHistory: (_execution, { type, state }) => {
      if (state === undefined || state.type === 'Choice' || !type.startsWith('State')) return;
      progress.state = state.name;
      wake();
    },
  });
  screen.write(`Revealing ${plain(taskId)} ${vendor.description}\n`);
  const view = new ProgressView(screen, clock.now);
  try {
    wake = coalesced(async () => view.show({ ...progress, ...progressOf(await relay.record(taskId)) }));
    const executionArn = await relay.startReveal({ taskId });
    const execution = await Promise.race([relay.ended(executionArn), aborted(interrupted)]);
    if (!execution) return undefined;
    const record = await wholeRecord(relay, taskId);
    const answer = record?.answer ? await answerOf(relay, taskId) : null;
    const { startDate, stopDate = startDate } = execution;
    const report: RevealReport = {
      taskId,
      outcome: outcomeOf(record),
      polls: Number(record?.polls ?? 0),
      seconds: (millis(record?.settledAt, stopDate) - millis(record?.createdAt, startDate)) / 1_000,
      record: record && withoutBytes(record),
      answer,
      events: relay.published,
    };
    const { [outputNames.revealsTable]: tableName, [outputNames.eventBus]: busName } = relay.outputs;
    return { report, cause: execution.cause, tableName: String(tableName), busName: String(busName) };
  } finally {
    view.stop();
    await relay.close();
    await vendor.close();
  }
}

/** The record, with its lists even where they did not fit into it: the HTTP API makes them of the answer. */
async function wholeRecord(relay: EmbeddedRelay, taskId: string): Promise<StoredRecord | null> {
  const record = await relay.record(taskId);
  if (!record?.answer || record.result) return record ?? null;
  const response = await askApi(relay, taskId, '?include=lowQualityEmails');
  const { result } = ((await response?.json()) ?? {}) as { result?: unknown };
  return { ...record, ...(result !== undefined && { result }) };
}

async function answerOf(relay: EmbeddedRelay, taskId: string): Promise<VendorAnswer | null> {
  const response = await askApi(relay, taskId, '/answer');
  if (response?.status !== 200) return null;
  const bytes = Buffer.from(await response.arrayBuffer());
  const contentType = response.headers.get('content-type') ?? '';
  return { contentType, ...(isUtf8(bytes) ? { text: bytes.toString() } : { base64: bytes.toString('base64') }) };
}

/** A machine that is busy may fail to answer at first. What could not be asked for is left out: the reveal itself has ended. */
async function askApi(relay: EmbeddedRelay, taskId: string, rest: string): Promise<Response | undefined> {
  const url = `${relay.deployment.httpUrl}/reveals/${encodeURIComponent(taskId)}${rest}`;
  for (let tries = 0; tries < 5; tries += 1) {
    const response = await fetch(url);
    if (response.status < 500) return response;
  }
  return undefined;
}

/** The bytes are shown as the answer that they are. */
function withoutBytes({ answer, ...record }: StoredRecord): StoredRecord {
  if (typeof answer !== 'object' || answer === null) return record;
  const { bytes, ...described } = answer as { bytes?: Uint8Array };
  return { ...record, answer: { ...described, ...(bytes && { compressedBytes: bytes.length }) } };
}

/** The vendor to ask, with a task in it, and the time it lives in. */
async function openVendor({ vendor, taskId, scenario, speed }: Wanted, maxWaitSeconds: number) {
  if (vendor.kind === 'address') {
    const clock = RelayClock.start(speed);
    const { baseUrl, apiKey } = vendor;
    return { baseUrl, apiKey, taskId: taskId ?? '', clock, description: `at ${baseUrl}`, close: async () => {} };
  }
  let now = Date.now;
  const fiber = await StandInFiber.listen({
    apiKey: placeholderKey,
    random: seededRandom(standInSeed),
    now: () => now(),
  });
  const task = fiber.addTask({ ...(taskId !== undefined && { taskId }), ...(scenario && { scenario }) });
  const chosen = speed ?? defaultSpeed(task.scenario, task.durationMs, maxWaitSeconds);
  const clock = RelayClock.start(chosen);
  now = clock.now;
  return {
    baseUrl: fiber.url,
    apiKey: placeholderKey,
    taskId: task.taskId,
    clock,
    description: describeStandIn(task.scenario, chosen),
    close: () => fiber.close(),
  };
}

function describeStandIn(scenario: ScenarioName, speed: number): string {
  return `at the stand-in vendor, scenario ${scenario}, ${speed === 1 ? 'in real time' : `every wait divided by ${speed}`}`;
}

function progressOf(record: Readonly<Record<string, unknown>> | undefined): Partial<RevealProgress> {
  if (!record) return {};
  const { vendorStatus, polls, nextPollAt, pausedBecause } = record;
  return {
    vendorStatus: vendorStatus as string | undefined,
    polls: Number(polls ?? 0),
    nextPollAt: typeof nextPollAt === 'string' ? Date.parse(nextPollAt) : undefined,
    pausedBecause: pausedBecause as string | undefined,
  };
}

/** A reveal that was taken on and has ended is never still running: then its last write failed, and that is an error. */
function outcomeOf(record: Readonly<Record<string, unknown>> | null): string {
  if (!record) return 'rejected';
  return record.status === 'running' ? 'errored' : String(record.status);
}

function millis(time: unknown, otherwise: number): number {
  return typeof time === 'string' ? Date.parse(time) : otherwise;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** Runs `work` again and again when it is asked for, but never twice at the same time. */
function coalesced(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  return async function run() {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await work().catch(() => {});
    }
    running = false;
  };
}
