import type { Credentials } from '../../lib/client/index.ts';
import type { CommandContext } from '../command-context.ts';
import { inLines } from '../in-lines.ts';
import { plain } from '../plain-text.ts';
import { type Screen, widthOf } from '../progress.ts';
import { refuseUsage, UsageError } from '../usage-error.ts';
import { type ApiAnswer, ApiClient, UnreachableError } from './api-client.ts';
import { type Command, readClientArguments } from './client-arguments.ts';
import { describeProblem, describeReveal, describeStart, describeStarts, type Json } from './client-text.ts';
import { clientUsage } from './client-usage.ts';
import { printList } from './list.ts';
import { lists } from './lists.ts';
import { eachOf, type GivenIds, idsFrom } from './many.ts';
import { watch } from './watch.ts';

export interface ClientContext extends CommandContext {
  /** Who signs, where the API is on AWS. */
  readonly credentials: () => Promise<Credentials>;
  readonly stdin: AsyncIterable<Uint8Array | string>;
}

/**
 * `npm run reveal`: a client of the HTTP API.
 *
 * @returns the exit code: 0 fine, 1 the API said no or could not be reached, 2 wrong usage, 130 interrupted
 */
export async function reveal(context: ClientContext): Promise<number> {
  const { given, environment, stdin, stdout, stderr, credentials, interrupted } = context;
  try {
    const wanted = readClientArguments(given, environment);
    if (wanted.help) {
      stdout.write(clientUsage);
      return 0;
    }
    const { command, target, json } = wanted;
    const api = new ApiClient(target, credentials, interrupted);
    return await run(command, { api, json, stdin, stdout, stderr, interrupted });
  } catch (error) {
    if (error instanceof UsageError) return refuseUsage(error, clientUsage, stderr);
    if (interrupted.aborted) return 130;
    if (!(error instanceof UnreachableError)) throw error;
    stderr.write(`${plain(error.message)}\n`);
    return 1;
  }
}

interface Running {
  readonly api: ApiClient;
  readonly json: boolean;
  readonly stdin: ClientContext['stdin'];
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly interrupted: AbortSignal;
}

async function run(command: Command, running: Running): Promise<number> {
  const { api, stdout, stderr, json } = running;
  switch (command.name) {
    case 'start':
      return start(command, running);
    case 'list':
      return list(command, running);
    case 'lists':
      return lists(command, running, (answer) => refuse(answer, running));
    case 'get': {
      const query = command.include === undefined ? '' : `?include=${encodeURIComponent(command.include)}`;
      return show(await api.call('GET', pathOf(command.id) + query), running);
    }
    case 'watch': {
      const ended = await watch(api, command.id, json ? stderr : stdout);
      return show(ended, running) || Number(ended.body.status !== 'completed');
    }
    case 'cancel':
      return each(command.ids, (id) => api.call('DELETE', pathOf(id)), running);
    case 'resume': {
      const { ids, startAgain, taskId } = command;
      const decision = { ...(startAgain && { startAgain }), ...(taskId !== undefined && { taskId }) };
      const body = Object.keys(decision).length > 0 ? decision : undefined;
      return each(ids, (id) => api.call('POST', `${pathOf(id)}/resume`, body), running, describeFirst);
    }
    case 'reread':
      return show(await api.call('POST', `${pathOf(command.id)}/reread`), running);
    case 'erase':
      return 'profile' in command
        ? show(await api.call('POST', '/erasures', { linkedinUrl: command.profile }), running)
        : each(command.ids, (id) => api.call('DELETE', `${pathOf(id)}/result`), running);
    case 'starts': {
      const { action } = command;
      const answer = await (action ? api.call('POST', `/starts/${action}`) : api.call('GET', '/starts'));
      return show(answer, running, (_status, body) => describeStarts(body));
    }
  }
}

const pathOf = (id: string) => `/reveals/${encodeURIComponent(id)}`;

async function start({ name: _, wanted, key, ...given }: Extract<Command, { name: 'start' }>, running: Running) {
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const [first, ...others] = wanted;
  if (others.length === 0) {
    return show(await running.api.call('POST', '/reveals', { ...first, ...options }, key), running, describeFirst);
  }
  const answer = await running.api.call('POST', '/reveals/batch', { reveals: wanted, ...options }, key);
  const shown = show(answer, running, (_status, { started, attached, refused, results }, width) =>
    [
      ...(results as Json[]).flatMap((result, at) =>
        inLines(describeItem(Object.values(wanted[at] ?? {})[0] ?? '', result), width),
      ),
      `started ${started}, there already ${attached}, refused ${refused}`,
    ].join('\n'),
  );
  return shown || Number(answer.body.refused !== 0);
}

/** @param width of the terminal, where it is shown on one */
type Describe = (status: number, body: Json, width?: number) => string;

const describeShown: Describe = (_status, body, width) => describeReveal(body, width).trimEnd();

function describeFirst(status: number, body: Json, width?: number): string {
  const follow =
    body.status === 'running' ? `\nFollow it: npm run reveal -- watch ${plain(String(body.revealId))}` : '';
  return inLines(describeStart(status, body), width).join('\n') + follow;
}

/** @param asked the task or the profile, as it was given */
function describeItem(asked: string, { status, reveal, problem, ...more }: Json): string {
  if (problem) return `${plain(asked)}: ${describeProblem(Number(status), problem as Json).trimEnd()}`;
  const started = describeStart(Number(status), { ...(reveal as Json), ...more });
  return asked === (reveal as Json).revealId ? started : `${plain(asked)}: ${started}`;
}

/** Does the same to one reveal, which is shown, or to several, with a line for each. @returns the exit code */
async function each(
  given: GivenIds,
  ask: (id: string) => Promise<ApiAnswer>,
  running: Running,
  describe: Describe = describeShown,
): Promise<number> {
  const { stdin, stdout, stderr, json } = running;
  const ids = given === '-' ? await idsFrom(stdin) : given;
  const [only = ''] = ids;
  if (ids.length === 1) return show(await ask(only), running, describe);
  const results: { id: string; status: number; body: Json }[] = [];
  for await (const { id, answer } of eachOf(ids, ask)) {
    results.push({ id, ...answer });
    if (json) continue;
    // The line that says how it stands is the first.
    if (isFine(answer)) stdout.write(`${describe(answer.status, answer.body).split('\n')[0]}\n`);
    else {
      const problem = `${id}: ${describeProblem(answer.status, answer.body).trimEnd()}`;
      stderr.write(`${inLines(problem, widthOf(stderr)).join('\n')}\n`);
    }
  }
  const refused = results.filter((answer) => !isFine(answer)).length;
  stdout.write(json ? `${JSON.stringify({ results })}\n` : `done ${results.length - refused}, refused ${refused}\n`);
  return Number(refused > 0);
}

async function list({ query, all }: Extract<Command, { name: 'list' }>, { api, json, stdout, stderr }: Running) {
  const reveals: Json[] = [];
  const perPage: Record<string, string> = all ? { limit: '100' } : {};
  let cursor: unknown;
  do {
    const page = { ...perPage, ...query, ...(cursor !== undefined && { cursor: String(cursor) }) };
    const answer = await api.call('GET', `/reveals?${new URLSearchParams(page)}`);
    if (!isFine(answer)) return refuse(answer, { stdout, stderr, json });
    reveals.push(...(answer.body.reveals as Json[]));
    cursor = answer.body.cursor;
  } while (all && cursor !== undefined);
  const more = cursor === undefined ? {} : { cursor };
  if (json) stdout.write(`${JSON.stringify({ reveals, ...more })}\n`);
  else {
    const isFiltered = 'status' in query || 'since' in query;
    printList(reveals, { isFiltered, hasMore: cursor !== undefined }, { stdout, stderr });
  }
  return 0;
}

/** Prints an answer. @returns the exit code */
function show(
  answer: ApiAnswer,
  { json, stdout, stderr }: Pick<Running, 'json' | 'stdout' | 'stderr'>,
  describe: Describe = describeShown,
): number {
  if (!isFine(answer)) return refuse(answer, { stdout, stderr, json });
  stdout.write(`${json ? JSON.stringify(answer.body) : describe(answer.status, answer.body, widthOf(stdout))}\n`);
  return 0;
}

const isFine = ({ status }: Pick<ApiAnswer, 'status'>) => status >= 200 && status < 300;

function refuse({ status, body }: ApiAnswer, { json, stdout, stderr }: Pick<Running, 'json' | 'stdout' | 'stderr'>) {
  if (json) stdout.write(`${JSON.stringify(body)}\n`);
  else stderr.write(`${inLines(describeProblem(status, body).trimEnd(), widthOf(stderr)).join('\n')}\n`);
  return 1;
}
