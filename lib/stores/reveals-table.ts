import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { listIndex, openIndex, revealsKey } from '../../lambdas/contract.ts';
import type { RelayPlatform } from '../platform/relay-platform.ts';
import { tableEncryption } from './table-encryption.ts';

/**
 * The records of all reveals, with their results. It outlives the stack: the data in it was paid for. A first deployment that fails leaves
 * it behind too, empty: with its protection against deletion, taking it back would fail as well. Unless it is given a name, it is in nobody's way.
 */
export class RevealsTable extends TableV2 {
  constructor(scope: Construct, id: string, platform: RelayPlatform, tableName?: string) {
    const removalPolicy = platform.removalPolicy ?? RemovalPolicy.RETAIN;
    super(scope, id, {
      ...(tableName !== undefined && { tableName }),
      partitionKey: { name: revealsKey.partition, type: AttributeType.STRING },
      sortKey: { name: revealsKey.sort, type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: listIndex.name,
          partitionKey: { name: listIndex.partition, type: AttributeType.STRING },
          sortKey: { name: listIndex.sort, type: AttributeType.STRING },
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: [...listIndex.shown],
        },
        {
          indexName: openIndex.name,
          partitionKey: { name: openIndex.partition, type: AttributeType.STRING },
          sortKey: { name: openIndex.sort, type: AttributeType.STRING },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
      timeToLiveAttribute: revealsKey.timeToLive,
      billing: Billing.onDemand(),
      encryption: tableEncryption(platform),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy,
    });
  }
}
