import { TableEncryptionV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { RelayPlatform } from '../platform/relay-platform.ts';

/** With the relay's key, or with the one that AWS keeps for DynamoDB in the account. */
export function tableEncryption({ encryptionKey }: RelayPlatform): TableEncryptionV2 {
  return encryptionKey ? TableEncryptionV2.customerManagedKey(encryptionKey) : TableEncryptionV2.awsManagedKey();
}
