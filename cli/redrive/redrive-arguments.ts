import { parseArgs } from 'node:util';
import { outputNames } from '../../lambdas/contract.ts';
import { readStackOutputs } from '../stack-outputs.ts';
import { UsageError } from '../usage-error.ts';
import type { Places } from './dead-letter-queue.ts';
import type { RedriveChoices } from './redrive.ts';

export const redriveUsage = `Usage: npm run redrive -- [options]

Goes once through a dead-letter queue of the relay. Webhooks that a receiver has not taken are sent to it again. Requests that a fault has stopped are put on the bus again and deleted from the
queue: that is safe to repeat, the same task attaches. What else lies there is reported, and left unless you say otherwise.

  --outputs FILE    what \`npx cdk deploy --outputs-file FILE\` wrote (default: RELAY_OUTPUTS). Or both of:
  --queue URL         the queue, the output DeadLettersUrl (default: DEAD_LETTERS_URL)
  --bus NAME          the bus, the output EventBusName (default: EVENT_BUS_NAME)
  --webhook NAME    the queue of a receiver of webhooks, in place of the relay's own; with --outputs
  --drop-rejected   delete requests that nobody can start as they are; their senders were told by an event
  --drop-healed     delete what the sweeper sees to: executions that ended, sweeps that did not run
  --dry-run         say what would be done, and do nothing
  --limit N         at most so many letters (default: 1000)
  --help            print this

It asks AWS in the queue's region, with the usual credentials. They need sqs:ReceiveMessage, sqs:DeleteMessage and
sqs:ChangeMessageVisibility on the queue, and events:PutEvents on the bus, or sqs:SendMessage on the queue of the receiver.

Exit codes: 0 fine, 1 a letter could not be dealt with or the queue could not be read, 2 wrong usage.
`;

/** What `npm run redrive` was asked to do. */
export type RedriveArguments =
  | { readonly help: true }
  | { readonly help: false; readonly relay: Places; readonly choices: RedriveChoices };

const mostLetters = 100_000;

/**
 * Reads the command line of `npm run redrive`, and the outputs that it names.
 *
 * @throws UsageError saying what is wrong and what to give instead
 */
export async function readRedriveArguments(
  given: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RedriveArguments> {
  const values = parse(given);
  if (values.help) return { help: true };
  const limit = /^\d{1,6}$/.test(values.limit) ? Number(values.limit) : 0;
  if (limit < 1 || limit > mostLetters) throw new UsageError(`--limit takes a number from 1 to ${mostLetters}.`);
  const { 'drop-rejected': dropRejected, 'drop-healed': dropHealed, 'dry-run': dryRun } = values;
  const relay = await findRelay(values, environment);
  return { help: false, relay, choices: { dropRejected, dropHealed, dryRun, limit } };
}

/** Queue and bus come from one place: requests of one relay on the bus of another would start there what belongs here. */
async function findRelay(
  { queue, bus, outputs, webhook }: ReturnType<typeof parse>,
  { DEAD_LETTERS_URL, EVENT_BUS_NAME, RELAY_OUTPUTS }: Readonly<Record<string, string | undefined>>,
): Promise<Places> {
  if (webhook !== undefined) {
    const file = outputs ?? RELAY_OUTPUTS;
    if (queue || bus || !file) throw new UsageError('--webhook goes with --outputs FILE alone.');
    return receiverIn(file, webhook);
  }
  if (outputs && (queue || bus)) throw new UsageError('--outputs says where queue and bus are: leave the others out.');
  if (queue || bus) return checked(queue, bus, '--queue and --bus');
  if (outputs) return relayIn(outputs);
  if (DEAD_LETTERS_URL || EVENT_BUS_NAME) {
    return checked(DEAD_LETTERS_URL, EVENT_BUS_NAME, 'DEAD_LETTERS_URL and EVENT_BUS_NAME');
  }
  if (RELAY_OUTPUTS) return relayIn(RELAY_OUTPUTS);
  throw new UsageError('Say which relay: --outputs FILE, or --queue URL and --bus NAME.');
}

/** Where the dead letters of a receiver are, and where they go. */
async function receiverIn(file: string, name: string): Promise<Places> {
  const outputs = await readStackOutputs(file, [outputNames.webhooks]);
  const told: unknown = JSON.parse(outputs[outputNames.webhooks]);
  const receivers = (Array.isArray(told) ? told : []) as { name: string; queue: string; deadLetters: string }[];
  const receiver = receivers.find((other) => other.name === name);
  if (!receiver) {
    throw new UsageError(`--webhook: there are the receivers ${receivers.map((other) => other.name).join(', ')}.`);
  }
  return { queueUrl: receiver.deadLetters, webhookQueueUrl: receiver.queue };
}

async function relayIn(file: string): Promise<Places> {
  const { deadLetters, eventBus } = outputNames;
  const outputs = await readStackOutputs(file, [deadLetters, eventBus]);
  return checked(outputs[deadLetters], outputs[eventBus], file);
}

function checked(queueUrl: string | undefined, busName: string | undefined, from: string): Places {
  if (!queueUrl || !busName) throw new UsageError(`${from} go together: give both.`);
  if (!/^https?:/.test(queueUrl) || !URL.canParse(queueUrl)) {
    throw new UsageError(`${from}: the queue is no URL. The stack's output ${outputNames.deadLetters} has it.`);
  }
  return { queueUrl, busName };
}

function parse(given: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...given],
      options: {
        outputs: text,
        queue: text,
        bus: text,
        webhook: text,
        'drop-rejected': flag,
        'drop-healed': flag,
        'dry-run': flag,
        limit: { ...text, default: '1000' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
