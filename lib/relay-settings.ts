import { Duration, Token } from 'aws-cdk-lib';
import { fiberAddress, fiberBaseUrl, relayDefaults, relayNameForm, type Settings } from '../lambdas/contract.ts';
import { between, notKnownYet, whole, wholeNumber } from './checked-settings.ts';
import type { RevealRelayProps } from './reveal-relay-props.ts';

/** What a relay is set to, checked and with its defaults. What its resources are called, the handlers add. */
export type RelaySettings = Settings<
  | 'pollsPerMinute'
  | 'startsPerMinute'
  | 'maxCreditsPerDay'
  | 'keyShare'
  | 'interactiveShare'
  | 'maxWaitSeconds'
  | 'retentionDays'
  | 'fiberBaseUrl'
  | 'relayName'
  | 'apiWaiting'
>;

/** How many invocations of a handler are set aside; none where it is not told. */
export type ReservedConcurrency = { readonly [Handler in 'poll' | 'request']: number | undefined };

/** DynamoDB takes 1,000 writes a second to one item, and a poll needs about seven there. */
const mostPollsPerMinute = 6_000;

/** An hour less than the workflow's own timeout: past it a reveal still gets a fresh poll. */
const longestMaxWait = Duration.hours(11);

/** @throws Error naming the prop that cannot be, and what it may be */
export function relaySettings(props: RevealRelayProps): RelaySettings {
  const maxWait = props.maxWait ?? Duration.seconds(relayDefaults.maxWaitSeconds);
  const retention = props.retention ?? Duration.days(relayDefaults.retentionDays);
  return {
    pollsPerMinute: between(
      'pollsPerMinute',
      props.pollsPerMinute ?? relayDefaults.pollsPerMinute,
      2,
      mostPollsPerMinute,
    ),
    startsPerMinute: between(
      'startsPerMinute',
      props.startsPerMinute ?? relayDefaults.startsPerMinute,
      1,
      mostPollsPerMinute,
    ),
    maxCreditsPerDay:
      props.maxCreditsPerDay === undefined
        ? undefined
        : wholeNumber('maxCreditsPerDay', props.maxCreditsPerDay, 1, 100_000_000),
    keyShare: between('keyShare', props.keyShare ?? relayDefaults.keyShare, 0.01, 1),
    interactiveShare: between('interactiveShare', props.interactiveShare ?? relayDefaults.interactiveShare, 0.01, 0.99),
    maxWaitSeconds: whole('maxWait', maxWait, Duration.seconds(1), longestMaxWait).toSeconds(),
    retentionDays: whole('retention', retention, Duration.days(1), Duration.days(3_650)).toDays(),
    fiberBaseUrl: vendorAddress(props.fiberBaseUrl ?? fiberBaseUrl),
    relayName: relayName(props.name),
    apiWaiting: props.api?.waiting === false ? 'off' : undefined,
  };
}

/** @throws Error saying what it may be */
export function reservedConcurrency({ reservedConcurrency: reserved = {} }: RevealRelayProps): ReservedConcurrency {
  const checked = (value: number | undefined) =>
    value === undefined ? undefined : wholeNumber('reservedConcurrency', value, 1, 10_000);
  return { poll: checked(reserved.poll), request: checked(reserved.request) };
}

function relayName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (Token.isUnresolved(name)) throw notKnownYet('name');
  if (!relayNameForm.pattern.test(name)) throw new Error(`name is "${name}": give ${relayNameForm.says}.`);
  return name;
}

function vendorAddress(address: string): string {
  if (Token.isUnresolved(address)) return address;
  const vendor = fiberAddress(address);
  if (!vendor) {
    throw new Error('fiberBaseUrl is no https address of a host and a path: give one like https://api.fiber.ai.');
  }
  return vendor;
}
