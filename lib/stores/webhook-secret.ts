import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { RelayPlatform } from '../platform/relay-platform.ts';

/** The secret by which a receiver knows that it is the relay that speaks: generated at the deployment, and passed on by hand. */
export class WebhookSecret extends Secret {
  constructor(scope: Construct, id: string, { encryptionKey, removalPolicy }: RelayPlatform) {
    super(scope, id, {
      description: 'Signs what reveal-relay sends to a receiver of webhooks',
      // Letters and digits, four by four, are base64 as they are: of 36 bytes, where Standard Webhooks wants 24 to 64.
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      ...(encryptionKey && { encryptionKey }),
      removalPolicy: removalPolicy ?? RemovalPolicy.DESTROY,
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'A new value has to reach the receiver too, which nobody but its owner can see to. Both values sign until the next change.',
    });
  }
}
