import { Annotations, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { RevealRelayProps } from '../reveal-relay-props.ts';
import { otherRegion } from './near.ts';

/** @throws Error naming what does not go together, before anything is made */
export function checkEncryption(relay: Construct, { encryptionKey, table, apiKeySecret }: RevealRelayProps): void {
  if (!encryptionKey) return;
  const { region } = Stack.of(relay);
  if ('aliasName' in encryptionKey) {
    throw new Error(
      'encryptionKey is an alias, and a log group takes a key alone: give the key, for an alias that is there already by Key.fromLookup(this, "Key", { aliasName: "alias/…" }).',
    );
  }
  const elsewhere = otherRegion(relay, encryptionKey);
  if (elsewhere !== undefined) {
    throw new Error(
      `encryptionKey is in the region ${elsewhere}, and ${relay.node.path} in ${region}: nothing there can be encrypted with it. Give a key of that region, such as a replica of a multi-Region key.`,
    );
  }
  if (Token.isUnresolved(region)) {
    throw new Error(
      'encryptionKey is given in a stack whose region is not known, where tables cannot be encrypted with it: give the stack an env with a region, such as process.env.CDK_DEFAULT_REGION.',
    );
  }
  if (table && !table.encryptionKey) {
    throw new Error(
      'encryptionKey is given with a table of which no key is known, so that the handlers could not read it: import the table with its key (TableV2.fromTableAttributes), make it with one (TableEncryptionV2.customerManagedKey), or leave encryptionKey or table out.',
    );
  }
  if (apiKeySecret && !apiKeySecret.encryptionKey) {
    throw new Error(
      'encryptionKey is given with an apiKeySecret of which no key is known, so that the handlers could not read it: import the secret with its key (Secret.fromSecretAttributes), make it with one (encryptionKey), or leave encryptionKey or apiKeySecret out.',
    );
  }
}

/**
 * Lets the services use the key that do so in nobody's name. What uses it in the name of a handler, has that in the policies of the handlers;
 * the bus and the secret add their own statements.
 */
export function letServicesUse(relay: Construct, key: IKey): void {
  const statements = serviceStatements(Stack.of(relay));
  if (statements.every((statement) => key.addToResourcePolicy(statement).statementAdded)) return;
  Annotations.of(relay).addWarningV2(
    'reveal-relay:keyPolicy',
    'encryptionKey is imported, and its policy cannot be changed from here. The deployment fails unless it lets CloudWatch Logs, SQS and EventBridge use the key: see "A key of your own" in docs/operations.md.',
  );
}

/**
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
function serviceStatements(stack: Stack): PolicyStatement[] {
  const logGroups = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return [
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    }),
    // Rules, which lay what they cannot deliver into the dead-letter queue.
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  ];
}
