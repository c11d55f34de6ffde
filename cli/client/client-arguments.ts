import { parseArgs } from 'node:util';
import { isOnThisMachine } from '../address.ts';
import { isRevealId } from '../reveal-id.ts';
import { UsageError } from '../usage-error.ts';

export const clientUsage = `Usage: npm run reveal -- COMMAND [options]

A client of the HTTP API, for the relay of \`npm run local\` or for a deployed one.

  start TASK_ID…   start a reveal, or attach to it; several ids are sent as one batch, of at most 1,000
    --priority P     interactive (default for one) or bulk (default for several)
    --reference R    your own name for it, handed on in events; for one id only
  get ID           show a reveal, with its result
    --include lowQualityEmails    also the e-mail addresses that failed the vendor's validation
  list             list reveals, newest first, without contact data
    --status S       running, completed, failed, timed-out, cancelled or errored
    --since T        those that were started since, such as 2026-11-23T12:00:00Z
    --limit N        at most so many, 1 to 100 (default: 25)
    --all            all of them, page after page
  watch ID         show how it goes until it has ended
  cancel ID        stop looking
  resume ID        start it over, if it ended without a result
  reread ID        read the vendor's answer again, after an update of the relay that reads more
  erase ID         erase its contact data for good; cancels it if it is running
  doctor           compare the vendor's account with what the relay is set to, see doctor --help

  --url URL        where the API is (default: REVEAL_RELAY_URL, or http://127.0.0.1:8787). Requests to
                   *.execute-api.*.amazonaws.com are signed with the usual AWS credentials
  --token T        send this bearer token in place of a signature (default: REVEAL_RELAY_TOKEN)
  --json           print what the API answers, as JSON
  --help           print this

Exit codes: 0 fine, 1 the API said no (for watch: not completed), 2 wrong usage. A reveal that has completed
and found nothing is fine.
`;

/** Where the API is, and how to get in. */
export interface Target {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string | undefined;
}

export type Command =
  | {
      readonly name: 'start';
      readonly ids: readonly string[];
      readonly priority?: string | undefined;
      readonly reference?: string | undefined;
    }
  | { readonly name: 'get'; readonly id: string; readonly include?: string | undefined }
  | { readonly name: 'list'; readonly query: Readonly<Record<string, string>>; readonly all: boolean }
  | { readonly name: 'watch' | 'cancel' | 'resume' | 'reread' | 'erase'; readonly id: string };

/** What `npm run reveal` was asked to do. */
export type ClientArguments =
  | { readonly help: true }
  | { readonly help: false; readonly command: Command; readonly target: Target; readonly json: boolean };

const general = ['url', 'token', 'json', 'help'];
const ownOptions: Record<Command['name'], readonly string[]> = {
  start: ['priority', 'reference'],
  get: ['include'],
  list: ['status', 'since', 'limit', 'all'],
  watch: [],
  cancel: [],
  resume: [],
  reread: [],
  erase: [],
};
const mostIds = 1_000;

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
  const [name = '', ...ids] = positionals;
  const commands = Object.keys(ownOptions).join(', ');
  if (name === '') throw new UsageError(`Give a command: ${commands}.`);
  if (!isCommand(name)) throw new UsageError(`There is no command ${JSON.stringify(name)}. There is: ${commands}.`);
  const foreign = Object.keys(values).find((option) => ![...general, ...ownOptions[name]].includes(option));
  if (foreign) throw new UsageError(`--${foreign} is not for ${name}: leave it out.`);
  return {
    help: false,
    command: readCommand(name, ids, values),
    target: readTarget(values, environment),
    json: values.json ?? false,
  };
}

type Values = ReturnType<typeof parse>['values'];

function readCommand(name: Command['name'], ids: readonly string[], values: Values): Command {
  const { priority, reference, include, status, since, limit, all = false } = values;
  if (name === 'list') {
    if (ids.length > 0) throw new UsageError('list takes no id: use get for one reveal.');
    const query = Object.entries({ status, since, limit }).filter((entry): entry is [string, string] => !!entry[1]);
    return { name, query: Object.fromEntries(query), all };
  }
  const [id] = ids;
  if (id === undefined) throw new UsageError(`Give the id: npm run reveal -- ${name} ID`);
  if (name === 'start') {
    if (ids.length > mostIds) throw new UsageError(`These are ${ids.length} ids: give at most ${mostIds} at a time.`);
    if (ids.length > 1 && reference !== undefined) {
      throw new UsageError('--reference names one reveal: start the others without it.');
    }
    return { name, ids, priority, reference };
  }
  if (ids.length > 1) throw new UsageError(`${name} takes one id at a time.`);
  if (!isRevealId(id)) {
    throw new UsageError(
      'This is no id: ids hold letters, digits and . _ : ~ = + - and start with a letter or a digit.',
    );
  }
  return name === 'get' ? { name, id, include } : { name, id };
}

function readTarget(values: Values, environment: Readonly<Record<string, string | undefined>>): Target {
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
