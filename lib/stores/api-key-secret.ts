import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { RelayPlatform } from '../platform/relay-platform.ts';

/** An empty secret for the Fiber API key: the key itself must not pass through a template, so its owner puts it in. */
export class ApiKeySecret extends Secret {
  constructor(scope: Construct, id: string, { removalPolicy, encryptionKey }: RelayPlatform, secretName?: string) {
    super(scope, id, {
      ...(secretName !== undefined && { secretName }),
      description: 'Fiber AI API key for reveal-relay',
      ...(encryptionKey && { encryptionKey }),
      // What a first deployment that fails would leave behind holds nothing.
      removalPolicy: removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // Left alone, CloudFormation would generate a random password here, which looks like a key and is refused by the vendor.
    (this.node.defaultChild as CfnSecret).addPropertyDeletionOverride('GenerateSecretString');
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'The vendor has no API to rotate its keys by. A key put in by hand is in use within five minutes.',
    });
  }
}
