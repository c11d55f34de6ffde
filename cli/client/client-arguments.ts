import { parseArgs } from 'node:util';
import { isOnThisMachine } from '../address.ts';
import { isRevealId } from '../reveal-id.ts';
import { UsageError } from '../usage-error.ts';
import { readListCommand } from './list-arguments.ts';
import type { ListCommand } from './lists.ts';
import type { GivenIds } from './many.ts';

/** Where the API is, and how to get in. */
export interface Target {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string | undefined;
}

export type Command =
  | {
      readonly name: 'start';
      /** Tasks and people, in the order in which they are asked for. */
      readonly wanted: readonly ({ readonly taskId: string } | { readonly linkedinUrl: string })[];
      readonly find?: readonly string[] | undefined;
      /** In days. */
      readonly maxAge?: number | undefined;
      readonly ifMissing?: string | undefined;
      readonly key?: string | undefined;
      readonly maxCredits?: number | undefined;
      readonly priority?: string | undefined;
      readonly reference?: string | undefined;
      /** The name of a list that they go into. */
      readonly list?: string | undefined;
    }
  | ListCommand
  | {
      readonly name: 'resume';
      readonly ids: GivenIds;
      readonly startAgain?: true | undefined;
      readonly taskId?: string | undefined;
    }
  | { readonly name: 'erase' | 'cancel'; readonly ids: GivenIds }
  | { readonly name: 'erase'; readonly profile: string }
  | { readonly name: 'starts'; readonly action?: 'pause' | 'go' | undefined }
  | { readonly name: 'get'; readonly id: string; readonly include?: string | undefined }
  | { readonly name: 'list'; readonly query: Readonly<Record<string, string>>; readonly all: boolean }
  | { readonly name: 'watch' | 'reread'; readonly id: string };

/** What `npm run reveal` was asked to do. */
export type ClientArguments =
  | { readonly help: true }
  | { readonly help: false; readonly command: Command; readonly target: Target; readonly json: boolean };

const general = ['url', 'token', 'json', 'help'];
const ownOptions: Record<Command['name'], readonly string[]> = {
  start: ['profile', 'find', 'max-age', 'if-missing', 'key', 'max-credits', 'priority', 'reference', 'list'],
  get: ['include'],
  list: ['status', 'since', 'limit', 'all'],
  lists: ['include', 'start-tasks'],
  watch: [],
  cancel: [],
  resume: ['start-again', 'task-id'],
  reread: [],
  erase: ['profile'],
  starts: [],
};
const mostAtATime = 1_000;

/**
 * Reads the command line of `npm run reveal`.
 *
 * @throws UsageError saying what is wrong and what to give instead
 */
export function readClientArguments(
  given: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ClientArguments {
  const { values, positionals } = parse(given);
  if (values.help) return { help: true };
  const [name = '', ...rest] = positionals;
  const commands = [...Object.keys(ownOptions), 'doctor'].join(', ');
  if (name === '') throw new UsageError(`Give a command: ${commands}.`);
  if (!isCommand(name)) throw new UsageError(`There is no command ${JSON.stringify(name)}. There is: ${commands}.`);
  const foreign = Object.keys(values).find((option) => ![...general, ...ownOptions[name]].includes(option));
  if (foreign) throw new UsageError(`--${foreign} is not for ${name}: leave it out.`);
  return {
    help: false,
    command: readCommand(name, rest, values),
    target: readTarget(values, environment),
    json: values.json ?? false,
  };
}

type Values = ReturnType<typeof parse>['values'];

function readCommand(name: Command['name'], given: readonly string[], values: Values): Command {
  switch (name) {
    case 'list':
      return readList(given, values);
    case 'lists':
      return readListCommand(given, values);
    case 'start':
      return readStart(given, values);
    case 'starts': {
      const [action, ...more] = given;
      if (more.length > 0 || (action !== undefined && action !== 'pause' && action !== 'go')) {
        throw new UsageError('starts takes pause or go, or nothing to be told how it stands.');
      }
      return { name, action };
    }
    case 'erase': {
      const [profile, ...more] = values.profile ?? [];
      if (profile === undefined) return { name, ids: readIds(name, given) };
      if (given.length + more.length > 0) throw new UsageError('erase takes ids, or one --profile.');
      return { name, profile };
    }
    case 'resume': {
      const { 'start-again': again, 'task-id': taskId } = values;
      if (again && taskId !== undefined) throw new UsageError('Give --start-again or --task-id, not both.');
      const ids = readIds(name, given);
      if (taskId !== undefined && (ids === '-' || ids.length > 1)) {
        throw new UsageError('--task-id is the task of one reveal: resume the others without it.');
      }
      return { name, ids, taskId, ...(again && { startAgain: true }) };
    }
    case 'get':
      return { name, id: readId(name, given), include: values.include };
    case 'cancel':
      return { name, ids: readIds(name, given) };
    case 'watch':
    case 'reread':
      return { name, id: readId(name, given) };
    default:
      return name satisfies never;
  }
}

function readList(given: readonly string[], { status, since, limit, all = false }: Values): Command {
  if (given.length > 0) throw new UsageError('list takes no id: use get for one reveal.');
  const query = Object.entries({ status, since, limit }).filter((entry): entry is [string, string] => !!entry[1]);
  return { name: 'list', query: Object.fromEntries(query), all };
}

function readStart(ids: readonly string[], values: Values): Command {
  const { profile = [], key, priority, reference, list } = values;
  const wanted = [...ids.map((taskId) => ({ taskId })), ...profile.map((linkedinUrl) => ({ linkedinUrl }))];
  if (wanted.length === 0) {
    throw new UsageError('Give the id of a task, or a profile: npm run reveal -- start --profile URL');
  }
  if (wanted.length > mostAtATime) {
    throw new UsageError(`These are ${wanted.length} reveals: give at most ${mostAtATime} at a time.`);
  }
  if (wanted.length > 1 && reference !== undefined) {
    throw new UsageError('--reference names one reveal: start the others without it.');
  }
  const maxAge = wholeNumber('max-age', values['max-age']);
  const maxCredits = wholeNumber('max-credits', values['max-credits']);
  if (maxCredits !== undefined && wanted.length === 1) {
    throw new UsageError('--max-credits caps a batch: leave it out for one reveal, whose price --help shows.');
  }
  if (key === undefined && (maxAge === 0 || maxCredits !== undefined)) {
    throw new UsageError('Give a --key of your own: what is paid for is asked for once under the same key.');
  }
  const [find, ifMissing] = [values.find?.split(','), values['if-missing']];
  return { name: 'start', wanted, find, maxAge, ifMissing, key, maxCredits, priority, reference, list };
}

function readId(name: Command['name'], given: readonly string[]): string {
  const [id, ...more] = given;
  if (id === undefined) throw new UsageError(`Give the id: npm run reveal -- ${name} ID`);
  if (more.length > 0) throw new UsageError(`${name} takes one id at a time.`);
  return checkedId(id);
}

/** One id or several, each once, or `-`. */
function readIds(name: Command['name'], given: readonly string[]): GivenIds {
  if (given.length === 0) throw new UsageError(`Give ids, or - to read them from stdin: npm run reveal -- ${name} ID…`);
  if (given.length === 1 && given[0] === '-') return '-';
  return [...new Set(given.map(checkedId))];
}

function checkedId(id: string): string {
  if (isRevealId(id)) return id;
  throw new UsageError('This is no id: ids hold letters, digits and . _ : ~ = + - and start with a letter or a digit.');
}

export function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,7}$/.test(text)) throw new UsageError(`--${option} takes a whole number.`);
  return Number(text);
}

export function readTarget(
  values: Pick<Values, 'url' | 'token'>,
  environment: Readonly<Record<string, string | undefined>>,
): Target {
  const text = values.url ?? (environment.REVEAL_RELAY_URL || 'http://127.0.0.1:8787');
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (!address || !['http:', 'https:'].includes(address.protocol) || address.search || address.hash) {
    throw new UsageError(
      `${values.url === undefined ? 'REVEAL_RELAY_URL' : '--url'} is no address of an API: give one like http://127.0.0.1:8787.`,
    );
  }
  const token = values.token ?? (environment.REVEAL_RELAY_TOKEN || undefined);
  if (token !== undefined && address.protocol === 'http:' && !isOnThisMachine(address.href)) {
    throw new UsageError('The token would go over the network unencrypted: give an https address.');
  }
  return { url: address.href.replace(/\/+$/, ''), token };
}

function isCommand(name: string): name is Command['name'] {
  return Object.hasOwn(ownOptions, name);
}

function parse(given: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        priority: text,
        reference: text,
        list: text,
        'start-tasks': flag,
        profile: { type: 'string', multiple: true },
        find: text,
        'max-age': text,
        'if-missing': text,
        key: text,
        'max-credits': text,
        'start-again': flag,
        'task-id': text,
        include: text,
        status: text,
        since: text,
        limit: text,
        all: flag,
        url: text,
        token: text,
        json: flag,
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
