import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IDestination } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import { grantKeyThrough } from '../permissions/key-access.ts';
import type { RelayPlatform } from '../platform/relay-platform.ts';

/** A queue of the relay: encrypted with the relay's key if it has one, and reached over TLS alone. */
export class RelayQueue extends Queue {
  /** Where Lambda lays what a function has failed on. */
  readonly destination: IDestination;

  constructor(scope: Construct, id: string, { encryptionKey }: RelayPlatform, props: QueueProps) {
    super(scope, id, {
      ...(encryptionKey
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
        : { encryption: QueueEncryption.SQS_MANAGED }),
      enforceSSL: true,
      ...props,
    });
    // CDK's own would let the function do more with the queue, and with the key.
    this.destination = {
      bind: (_scope, handler) => {
        this.grantSend(handler);
        return { destination: this.queueArn };
      },
    };
  }

  /** Sending, and nothing else. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html */
  grantSend(grantee: IGrantable & IConstruct): void {
    this.grant(grantee, 'sqs:SendMessage');
    grantKeyThrough('sqs', this.encryptionMasterKey, grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
  }
}
