import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { listIndex, openIndex, revealsKey } from '../lambdas/contract.ts';

/** The records of all reveals, with their results. It outlives the stack: the data in it was paid for. */
export class RevealsTable extends TableV2 {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
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
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Actions on the items of the table. `grant` would allow them on every index as well. */
  grantItems(grantee: IGrantable, ...actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.tableArn] });
  }

  /** Reading the list of reveals, which holds no contact data. */
  grantList(grantee: IGrantable): Grant {
    return this.#grantQuery(grantee, listIndex.name);
  }

  /** Reading which reveals are still open. */
  grantOpen(grantee: IGrantable): Grant {
    return this.#grantQuery(grantee, openIndex.name);
  }

  #grantQuery(grantee: IGrantable, index: string): Grant {
    const resourceArns = [`${this.tableArn}/index/${index}`];
    return Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns });
  }
}
