import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { RelayPlatform } from './relay-platform.ts';

/** A log of one part of the relay. It goes with the stack: what is worth keeping is in the records. */
export class RelayLogGroup extends LogGroup {
  /** @param logGroupName only for a log that must lie under a certain prefix: whatever has a name is replaced when the name changes */
  constructor(scope: Construct, id: string, { logRetention, encryptionKey }: RelayPlatform, logGroupName?: string) {
    super(scope, id, {
      ...(logGroupName !== undefined && { logGroupName }),
      ...(encryptionKey && { encryptionKey }),
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
