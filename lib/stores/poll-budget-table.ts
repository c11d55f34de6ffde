import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import { budgetKey } from '../../lambdas/contract.ts';
import { grantKeyThrough, tableKeyActions } from '../permissions/key-access.ts';
import type { RelayPlatform } from '../platform/relay-platform.ts';
import { tableEncryption } from './table-encryption.ts';

/**
 * The poll budget, in a table of its own so that grants stay narrow. Nothing in it is worth keeping: without it the relay starts
 * over with an empty budget and the prior it was shipped with.
 */
export class PollBudgetTable extends TableV2 {
  constructor(scope: Construct, id: string, platform: RelayPlatform) {
    super(scope, id, {
      partitionKey: { name: budgetKey.partition, type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: tableEncryption(platform),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Actions on the items of the table, and what DynamoDB does with its key for them. */
  grantItems(grantee: IGrantable & IConstruct, ...actions: string[]): void {
    this.grant(grantee, ...actions);
    grantKeyThrough('dynamodb', this.encryptionKey, grantee, ...tableKeyActions);
  }
}
