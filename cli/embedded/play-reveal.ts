import { isUtf8 } from 'node:buffer';
import { fileURLToPath } from 'node:url';
import { outputNames } from '../../lambdas/contract.ts';
import { EmbeddedRelay, type StoredRecord } from '../../local/relay.ts';
import { synthesise } from '../../local/template/assembly.ts';
import { plain } from '../plain-text.ts';
import { ProgressView, type RevealProgress, type Screen } from '../progress.ts';
import { proxyVariables } from '../vendor-choice.ts';
import { maxWaitOf } from './default-speed.ts';
import type { EmbeddedContext } from './embedded-context.ts';
import { milestones } from './milestones.ts';
import type { ReportFrame, RevealReport, VendorAnswer } from './report.ts';
import type { StartArguments, Subject } from './start-arguments.ts';
import { openVendor } from './vendor-at-hand.ts';

/** Where the cloud assembly of `npm start` lies. */
const assemblyFolder = fileURLToPath(new URL('../../dist/assembly', import.meta.url));

/** What one reveal came to. */
export type Played =
  | { readonly kind: 'ended'; readonly report: RevealReport; readonly frame: Omit<ReportFrame, 'color'> }
  /** Somebody has stopped looking; the task is named if the relay has started one. */
  | { readonly kind: 'interrupted'; readonly startedTaskId?: string };

/** Runs a relay for one reveal, and shows its progress. */
export async function playReveal(
  wanted: Extract<StartArguments, { help: false }>,
  screen: Screen,
  { assembly: given, environment, interrupted }: EmbeddedContext,
): Promise<Played> {
  if (!given) screen.write('Synthesising what `cdk deploy` would ship …\n');
  const assembly = given ?? (await synthesise(assemblyFolder));
  if (interrupted.aborted) return { kind: 'interrupted' };

  const { subject } = wanted;
  const vendor = await openVendor(wanted, maxWaitOf(assembly.template));
  const { clock } = vendor;
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
  const named = subject.kind === 'profile' ? subject.linkedinUrl : subject.taskId;
  screen.write(`Revealing ${plain(named)} ${vendor.description}\n`);
  const view = new ProgressView(screen, clock.now);
  try {
    const begun = await begin(relay, subject);
    const { [outputNames.revealsTable]: tableName, [outputNames.eventBus]: busName } = relay.outputs;
    const names = { tableName: String(tableName), busName: String(busName) };
    if (begun.kind === 'refused') {
      const report = {
        taskId: null,
        outcome: 'rejected',
        polls: 0,
        seconds: 0,
        record: null,
        answer: null,
        events: [],
      };
      return { kind: 'ended', report, frame: { cause: begun.because, ...names } };
    }
    const { revealId, executionArn } = begun;
    const show = (record: StoredRecord | undefined) => {
      for (const news of milestones(record ?? {})) view.say(news);
    };
    wake = coalesced(async () => {
      const record = await relay.record(revealId);
      show(record);
      view.show({ ...progress, ...progressOf(record) });
    });
    wake();
    const execution = await Promise.race([relay.ended(executionArn), aborted(interrupted)]);
    const record = await wholeRecord(relay, revealId);
    const taskId = record?.taskId ?? (subject.kind === 'task' ? subject.taskId : undefined);
    if (!execution) {
      return { kind: 'interrupted', ...(record?.startedAt !== undefined && { startedTaskId: String(taskId) }) };
    }
    show(record ?? undefined);
    const { startDate, stopDate = startDate } = execution;
    const report: RevealReport = {
      taskId: taskId === undefined ? null : String(taskId),
      outcome: outcomeOf(record),
      polls: Number(record?.polls ?? 0),
      seconds: (millis(record?.settledAt, stopDate) - millis(record?.createdAt, startDate)) / 1_000,
      record: record && withoutBytes(record),
      answer: record?.answer ? await answerOf(relay, revealId) : null,
      events: relay.published,
    };
    return { kind: 'ended', report, frame: { cause: execution.cause, ...names } };
  } finally {
    view.stop();
    await relay.close();
    await vendor.close();
  }
}

type Begun =
  | { readonly kind: 'begun'; readonly revealId: string; readonly executionArn: string }
  | { readonly kind: 'refused'; readonly because: string };

/** A task by the API of Step Functions, a person by the HTTP API: in an execution's input a profile would lie open. */
async function begin(relay: EmbeddedRelay, subject: Subject): Promise<Begun> {
  if (subject.kind === 'task') {
    const { taskId } = subject;
    return { kind: 'begun', revealId: taskId, executionArn: await relay.startReveal({ taskId }) };
  }
  const { linkedinUrl, find } = subject;
  const response = await askApi(relay, '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ linkedinUrl, ...(find && { find }) }),
  });
  const body = ((await response?.json()) ?? {}) as { revealId?: unknown; detail?: unknown };
  if (!response?.ok) return { kind: 'refused', because: String(body.detail ?? 'The relay did not answer: try again.') };
  const revealId = String(body.revealId);
  return { kind: 'begun', revealId, executionArn: String((await relay.record(revealId))?.executionArn) };
}

/** The record, with its lists even where they did not fit into it: the HTTP API makes them of the answer. */
async function wholeRecord(relay: EmbeddedRelay, revealId: string): Promise<StoredRecord | null> {
  const record = await relay.record(revealId);
  if (!record?.answer || record.result) return record ?? null;
  const response = await askApi(relay, `${pathOf(revealId)}?include=lowQualityEmails`);
  const { result } = ((await response?.json()) ?? {}) as { result?: unknown };
  return { ...record, ...(result !== undefined && { result }) };
}

async function answerOf(relay: EmbeddedRelay, revealId: string): Promise<VendorAnswer | null> {
  const response = await askApi(relay, `${pathOf(revealId)}/answer`);
  if (response?.status !== 200) return null;
  const bytes = Buffer.from(await response.arrayBuffer());
  const contentType = response.headers.get('content-type') ?? '';
  return { contentType, ...(isUtf8(bytes) ? { text: bytes.toString() } : { base64: bytes.toString('base64') }) };
}

const pathOf = (revealId: string) => `/${encodeURIComponent(revealId)}`;

/**
 * A machine that is busy may fail to answer at first. Asking for the same person again is asking for the same reveal.
 *
 * @returns nothing where it does not answer at all
 */
async function askApi(relay: EmbeddedRelay, rest: string, request?: RequestInit): Promise<Response | undefined> {
  const url = `${relay.deployment.httpUrl}/reveals${rest}`;
  for (let tries = 0; tries < 5; tries += 1) {
    const response = await fetch(url, request);
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

function progressOf(record: StoredRecord | undefined): Partial<RevealProgress> {
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
function outcomeOf(record: StoredRecord | null): string {
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
