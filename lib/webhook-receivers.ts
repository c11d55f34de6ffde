import { isIP } from 'node:net';
import { Token } from 'aws-cdk-lib';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  eventTypes,
  type WebhookEventType,
  type WebhookReceiver,
  webhookEventTypes,
  webhookNameForm,
} from '../lambdas/contract.ts';
import { notKnownYet } from './checked-settings.ts';
import type { RelayQueue } from './stores/relay-queue.ts';

/** Somebody whom the relay tells what it says on the bus, by HTTPS. */
export interface WebhookOptions {
  /**
   * Where it is told: an https address. It lies in the template, so a token in it is no secret. Redirects are not followed, and a name that leads to an
   * address that is not public is refused.
   */
  readonly url: string;

  /**
   * What it is called in ids, logs and commands. Another name is another receiver, with a queue and a secret of its own.
   * @default - the host of `url`
   */
  readonly name?: string;

  /**
   * What it is told of.
   * @default ['Contact Reveal Completed', 'Contact Reveal Failed']
   */
  readonly events?: readonly WebhookEventType[];

  /**
   * `pointer`: what the event says, which is ids and counts. `result`: with the e-mail addresses and phone numbers as they are when it is delivered, so
   * that nothing is sent that was erased meanwhile.
   * @default 'pointer'
   */
  readonly include?: 'pointer' | 'result';

  /**
   * The secret that signs: base64, with `whsec_` before it or without.
   * @default - a new one, whose ARN is in the stack's output `Webhooks`
   */
  readonly secret?: ISecret;

  /**
   * Addresses and ranges (`10.1.0.0/16`) that the name may lead to though they are not public: of a receiver in your own network. Never a loopback or
   * link-local one on Lambda, where the runtime's own API listens.
   * @default - none
   */
  readonly allowAddresses?: readonly string[];
}

/** A receiver with its defaults, and what was made for it. */
export interface Receiver extends Pick<WebhookReceiver, 'name' | 'url' | 'include' | 'allowAddresses'> {
  readonly events: readonly WebhookEventType[];
  readonly rule: Rule;
  readonly queue: RelayQueue;
  readonly deadLetters: RelayQueue;
  readonly secret: ISecret;
}

export type CheckedWebhook = Omit<Receiver, 'rule' | 'queue' | 'deadLetters' | 'secret'> & {
  readonly secret?: ISecret;
};

/** The settings of a function, in which all receivers lie, may have 4 KB: with three names that AWS makes for each, this is what there is room for. */
const mostReceivers = 5;
const mostCharacters = 700;

const usualEvents = [eventTypes.completed, eventTypes.failed] as const;
const allEvents: readonly string[] = webhookEventTypes;

/** @throws Error naming the receiver and the option that cannot be, and what it may be */
export function checkedWebhooks(webhooks: readonly WebhookOptions[] = []): CheckedWebhook[] {
  if (webhooks.length > mostReceivers) {
    throw new Error(
      `webhooks has ${webhooks.length} receivers: give at most ${mostReceivers}, and let others listen on the bus.`,
    );
  }
  const checked = webhooks.map(checkedWebhook);
  const characters = JSON.stringify(checked.map(({ name, url, allowAddresses }) => [name, url, allowAddresses])).length;
  if (characters > mostCharacters) {
    throw new Error(
      `webhooks has names, addresses and allowed addresses of ${characters} characters: give shorter ones, of at most ${mostCharacters} together.`,
    );
  }
  const twice = checked.find(({ name }, at) => checked.findIndex((other) => other.name === name) !== at);
  if (twice) throw new Error(`webhooks has two receivers called ${twice.name}: give each a name of its own.`);
  return checked;
}

function checkedWebhook(options: WebhookOptions): CheckedWebhook {
  const { url, events = usualEvents, include = 'pointer', secret, allowAddresses = [] } = options;
  if (Token.isUnresolved(url)) throw notKnownYet('The url of a webhook');
  const name = options.name ?? (URL.canParse(url) ? new URL(url).hostname : '');
  if (!webhookNameForm.pattern.test(name))
    throw new Error(`The name of a webhook is "${name}": give ${webhookNameForm.says}.`);
  const refuse = (what: string) => new Error(`The webhook ${name} ${what}`);
  const wrongAddress = allowAddresses.find((address) => !isAddress(address));
  if (wrongAddress !== undefined) {
    throw refuse(`allows "${wrongAddress}": give addresses such as 10.1.2.3, or ranges such as 10.1.0.0/16.`);
  }
  if (!isAcceptable(url, allowAddresses)) {
    throw refuse(
      'has a url that is no https address: give one like https://crm.example.com/reveals, without a name or password in it.',
    );
  }
  const unknown = events.find((event) => !allEvents.includes(event));
  if (unknown !== undefined || events.length === 0) {
    throw refuse(`is to be told of "${unknown ?? ''}": give some of ${allEvents.join(', ')}.`);
  }
  if (!['pointer', 'result'].includes(include)) throw refuse(`includes "${include}": give 'pointer' or 'result'.`);
  return { name, url, events: [...events], include, allowAddresses, ...(secret && { secret }) };
}

/** What is not encrypted stays on this machine, for tests: whoever wants that says so. */
function isAcceptable(url: string, allowAddresses: readonly string[]): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || parsed.username || parsed.password || parsed.hash) return false;
  const isAllowedLoopback = parsed.hostname === '127.0.0.1' && allowAddresses.includes('127.0.0.1');
  return parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isAllowedLoopback);
}

function isAddress(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
