import { Duration, Token } from 'aws-cdk-lib';
import { fiberAddress, fiberBaseUrl, relayDefaults, relayNameForm, type Settings } from '../lambdas/contract.ts';
import { between, notKnownYet, whole, wholeNumber } from './checked-settings.ts';
import type { RevealRelayProps } from './reveal-relay-props.ts';
import { settingRanges } from './setting-ranges.ts';
import { checkedWebhooks } from './webhook-receivers.ts';

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
  | 'webhookNames'
>;

/** How many invocations of a handler are set aside; none where it is not told. */
export type ReservedConcurrency = { readonly [Handler in 'poll' | 'request']: number | undefined };

/** @throws Error naming the prop that cannot be, and what it may be */
export function relaySettings(props: RevealRelayProps): RelaySettings {
  const maxWait = props.maxWait ?? Duration.seconds(relayDefaults.maxWaitSeconds);
  const retention = props.retention ?? Duration.days(relayDefaults.retentionDays);
  const longestMaxWait = Duration.minutes(settingRanges.maxWaitMinutes[1]);
  const [leastDays, mostDays] = settingRanges.retentionDays;
  return {
    pollsPerMinute: between(
      'pollsPerMinute',
      props.pollsPerMinute ?? relayDefaults.pollsPerMinute,
      ...settingRanges.pollsPerMinute,
    ),
    startsPerMinute: between(
      'startsPerMinute',
      props.startsPerMinute ?? relayDefaults.startsPerMinute,
      ...settingRanges.startsPerMinute,
    ),
    maxCreditsPerDay:
      props.maxCreditsPerDay === undefined
        ? undefined
        : wholeNumber('maxCreditsPerDay', props.maxCreditsPerDay, ...settingRanges.maxCreditsPerDay),
    keyShare: between('keyShare', props.keyShare ?? relayDefaults.keyShare, ...settingRanges.keyShare),
    interactiveShare: between(
      'interactiveShare',
      props.interactiveShare ?? relayDefaults.interactiveShare,
      ...settingRanges.interactiveShare,
    ),
    maxWaitSeconds: whole('maxWait', maxWait, Duration.seconds(1), longestMaxWait).toSeconds(),
    retentionDays: whole('retention', retention, Duration.days(leastDays), Duration.days(mostDays)).toDays(),
    fiberBaseUrl: vendorAddress(props.fiberBaseUrl ?? fiberBaseUrl),
    relayName: relayName(props.name),
    apiWaiting: props.api?.waiting === false ? 'off' : undefined,
    webhookNames:
      checkedWebhooks(props.webhooks)
        .map(({ name }) => name)
        .join(',') || undefined,
  };
}

/** @throws Error saying what it may be */
export function reservedConcurrency({ reservedConcurrency: reserved = {} }: RevealRelayProps): ReservedConcurrency {
  const checked = (value: number | undefined) =>
    value === undefined ? undefined : wholeNumber('reservedConcurrency', value, ...settingRanges.reservedConcurrency);
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
