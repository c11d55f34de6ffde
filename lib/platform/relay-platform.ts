import { type RemovalPolicy, Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ApplicationLogLevel } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { wholeNumber } from '../checked-settings.ts';
import type { RevealRelayProps } from '../reveal-relay-props.ts';
import { settingRanges } from '../setting-ranges.ts';
import { checkEncryption, letServicesUse } from './encryption.ts';
import { checkTopicIsNear } from './near.ts';
import { checkNetwork, type RelayNetwork, relayNetwork } from './network.ts';
import type { PlatformProps } from './platform-props.ts';
import { storesRemovalPolicy } from './removal-policy.ts';

/** What all handlers, log groups and queues of a relay have in common. Each is given this, and takes from it what it needs. */
export interface RelayPlatform {
  readonly encryptionKey: IKey | undefined;
  readonly logRetention: RetentionDays;
  readonly logLevel: ApplicationLogLevel | undefined;
  /** In MB. */
  readonly memorySize: number | undefined;
  readonly tracingEnabled: boolean;
  /** Of what outlives its stack where nobody says otherwise. */
  readonly removalPolicy: RemovalPolicy | undefined;
  readonly network: RelayNetwork | undefined;
}

/** @throws Error naming the prop that cannot be, and what it may be */
export function relayPlatform(relay: Construct, props: RevealRelayProps): RelayPlatform {
  const settings = {
    encryptionKey: props.encryptionKey,
    logRetention: logRetention(props),
    logLevel: props.logLevel,
    memorySize:
      props.memorySize === undefined
        ? undefined
        : wholeNumber('memorySize', props.memorySize, ...settingRanges.memoryMb),
    tracingEnabled: props.tracingEnabled ?? false,
    removalPolicy: storesRemovalPolicy(props),
  };
  if (props.alarmTopic) checkTopicIsNear(relay, props.alarmTopic);
  checkEncryption(relay, props);
  checkNetwork(props);
  // All that may be refused has been by here: what follows changes the tree.
  if (props.encryptionKey) letServicesUse(relay, props.encryptionKey);
  return { ...settings, network: relayNetwork(relay, props) };
}

/** CloudWatch Logs takes some numbers of days and no others. */
function logRetention({ logRetention: days = RetentionDays.ONE_MONTH }: PlatformProps): RetentionDays {
  if (Token.isUnresolved(days) || Object.values(RetentionDays).includes(days)) return days;
  throw new Error(`logRetention is ${days}: give a member of RetentionDays, such as RetentionDays.ONE_MONTH.`);
}
