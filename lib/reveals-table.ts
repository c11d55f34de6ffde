import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { revealsKey } from '../lambdas/contract.ts';

/** The records of all reveals, with their results. It outlives the stack: the data in it was paid for. */
export class RevealsTable extends TableV2 {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      partitionKey: { name: revealsKey.partition, type: AttributeType.STRING },
      sortKey: { name: revealsKey.sort, type: AttributeType.STRING },
      timeToLiveAttribute: revealsKey.timeToLive,
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
