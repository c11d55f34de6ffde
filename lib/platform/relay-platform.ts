import { Token } from 'aws-cdk-lib';
import type { ApplicationLogLevel } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { wholeNumber } from '../checked-settings.ts';
import { settingRanges } from '../setting-ranges.ts';
import { checkNetwork, type RelayNetwork, relayNetwork } from './network.ts';
import type { PlatformProps } from './platform-props.ts';

/** What all handlers, log groups and queues of a relay have in common. Each is given this, and takes from it what it needs. */
export interface RelayPlatform {
  readonly logRetention: RetentionDays;
  readonly logLevel: ApplicationLogLevel | undefined;
  /** In MB. */
  readonly memorySize: number | undefined;
  readonly tracingEnabled: boolean;
  readonly network: RelayNetwork | undefined;
}

/** @throws Error naming the prop that cannot be, and what it may be */
export function relayPlatform(relay: Construct, props: PlatformProps): RelayPlatform {
  checkNetwork(props);
  return {
    logRetention: logRetention(props),
    logLevel: props.logLevel,
    memorySize:
      props.memorySize === undefined
        ? undefined
        : wholeNumber('memorySize', props.memorySize, ...settingRanges.memoryMb),
    tracingEnabled: props.tracingEnabled ?? false,
    network: relayNetwork(relay, props),
  };
}

/** CloudWatch Logs takes some numbers of days and no others. */
function logRetention({ logRetention: days = RetentionDays.ONE_MONTH }: PlatformProps): RetentionDays {
  if (Token.isUnresolved(days) || Object.values(RetentionDays).includes(days)) return days;
  throw new Error(`logRetention is ${days}: give a member of RetentionDays, such as RetentionDays.ONE_MONTH.`);
}
